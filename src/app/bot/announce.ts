import { elapsedMillis } from '../../domain/instant.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import type { Forge, ForgeComment } from '../../ports/forge.ts';
import {
  announcementOf,
  marked,
  questionReply,
  refusalReply,
  releasedReply,
  saidMarker,
  takenBackReply,
  windowAt,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { phaseEnds } from '../picks/targets.ts';
import { laterOf } from './later.ts';

/** What was decided longer ago is no news any more: a bot that is started anew does not dig it out. */
const NEWS_MILLIS = 7 * 24 * 3_600_000;

interface Telling {
  readonly slug: RepoSlug;
  /** The comments on the change. */
  readonly there: readonly ForgeComment[];
}

/** Calls the author by a new comment when a person decided something about the pick, or it came to its end (ux D6); once for each. */
export async function announce(app: App, forge: Forge, pick: StandingPick, { slug, there }: Telling): Promise<boolean> {
  const text = textOf(app, pick);
  if (text === null) return false;
  const marker = saidMarker(pick);
  const me = await app.who();
  if (there.some(({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`))) return false;
  await forge.comments.write(slug, pick.record.pick.pr, marked(marker, text));
  return true;
}

/** Conflicts and late requests are told by the answer to the request itself. */
function textOf(app: App, pick: StandingPick): string | null {
  const { train } = app.loaded;
  const { record, seen } = pick;
  const { release, decided } = record;
  const { pr, onto } = record.pick;
  const now = app.clock.now();
  const to = seen.author;
  if ('at' in decided && elapsedMillis(decided.at, now) > NEWS_MILLIS) return null;
  switch (announcementOf(pick)) {
    case 'refused': {
      if (decided.is !== 'refused') return null;
      const { by, at, text: reason } = decided;
      const window = windowAt(train, release, phaseEnds(app, release, at), at);
      const rule = window === null || window.phase.classes.includes(record.class) ? null : window.phase.id;
      const next = laterOf(app, release);
      return refusalReply(train, { to, pr, release, by, at, reason, rule, next });
    }
    case 'needs-info':
      return decided.is === 'needs-info' ? questionReply({ to, pr, by: decided.by, question: decided.text }) : null;
    case 'released':
      return seen.released === null ? null : releasedReply({ to, pr, branch: onto, released: seen.released });
    case 'taken-back':
      return seen.takenBack === null
        ? null
        : takenBackReply({ to, pr, branch: onto, by: seen.takenBack, bot: train.picks.bot });
    case null:
      return null;
  }
}
