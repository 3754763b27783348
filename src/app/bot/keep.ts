import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Forge, ForgeComment } from '../../ports/forge.ts';
import {
  pickMarker,
  sameButForTime,
  statusComment,
  windowAt,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { standingPicks } from '../picks/standing.ts';
import { phaseEnds } from '../picks/targets.ts';
import { syncTracker } from '../picks/tracker.ts';
import { listReleases } from '../releases.ts';

/** What was brought up to date, and what could not be. */
export interface Kept {
  readonly comments: number;
  readonly trackers: number;
  /** Comments about landed picks. */
  readonly landings: number;
  readonly failed: readonly string[];
}

/**
 * Brings everything people read of the picks up to date: the status comment of each, the trackers, what is told of landings. Safe at any time and twice: a
 * comment is found by its marker.
 */
export async function keepUp(app: App): Promise<Kept> {
  const { forge } = app;
  if (forge === null) return { comments: 0, trackers: 0, landings: 0, failed: [] };
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const kept = { comments: 0, trackers: 0, landings: 0, failed: new Array<string>() };
  for (const { release } of live) {
    const picks = await standingPicks(app, release);
    for (const pick of picks) kept.comments += (await keepComment(app, forge, pick)) ? 1 : 0;
    const synced = await syncTracker(app, release, picks);
    if (synced.ok) {
      kept.trackers += synced.value.trackers.filter(({ changed }) => changed).length;
      kept.landings += synced.value.trackers.reduce((sum, { landings }) => sum + landings, 0);
      // A mirror that nobody opened is no failure.
      const failed = synced.value.held.filter(({ code }) => code !== 'no-tracker');
      kept.failed.push(...failed.map(({ repo, reason }) => `${repo}: ${reason}`));
    } else kept.failed.push(...synced.problems.map(({ text }) => text));
  }
  return kept;
}

/** One status comment per change and branch, edited on each move. Answers whether anything was written. */
async function keepComment(app: App, forge: Forge, pick: StandingPick): Promise<boolean> {
  const { train } = app.loaded;
  const { release } = pick.record;
  const slug = train.repos[pick.record.pick.repo]?.slug;
  if (slug === undefined) return false;
  const now = app.clock.now();
  const window = windowAt(train, release, phaseEnds(app, release, now), now);
  const text = statusComment({ train, pick, window, nextCandidate: null, tracker: null, page: null, now });
  const me = await app.who();
  const marker = `<!-- ${pickMarker(pick.record.pick)} -->`;
  const comments = await forge.comments.list(slug, pick.record.pick.pr);
  const own = comments.find(
    ({ author, body }) => author === me && body.includes(marker) && !body.includes('signalbox:answer'),
  );
  if (own !== undefined && isUpToDate(own, text, now)) return false;
  if (own === undefined) await forge.comments.write(slug, pick.record.pick.pr, text);
  else await forge.comments.edit(slug, own.id, text);
  return true;
}

/** Only the time that went by is no news; once an hour it is shown. */
function isUpToDate(own: ForgeComment, text: string, now: Instant): boolean {
  if (own.body.trim() === text.trim()) return true;
  return sameButForTime(own.body, text) && elapsedMillis(own.editedAt, now) < 3_600_000;
}
