import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Forge, ForgeComment } from '../../ports/forge.ts';
import { pickMarker, sameButForTime, type StandingPick } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { withTeams } from '../teams.ts';
import { standingPicks } from '../picks/standing.ts';
import { syncTracker } from '../picks/tracker.ts';
import { listReleases } from '../releases.ts';
import { announce } from './announce.ts';
import { statusOf } from './status-text.ts';

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
export async function keepUp(given: App): Promise<Kept> {
  const app = await withTeams(given);
  const { forge } = app;
  if (forge === null) return { comments: 0, trackers: 0, landings: 0, failed: [] };
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const kept = { comments: 0, trackers: 0, landings: 0, failed: new Array<string>() };
  for (const { release } of live) {
    const picks = await standingPicks(app, release);
    const synced = await syncTracker(app, release, picks);
    if (synced.ok) {
      kept.trackers += synced.value.trackers.filter(({ changed }) => changed).length;
      kept.landings += synced.value.trackers.reduce((sum, { landings }) => sum + landings, 0);
      // A mirror that nobody opened is no failure.
      const failed = synced.value.held.filter(({ code }) => code !== 'no-tracker');
      kept.failed.push(...failed.map(({ repo, reason }) => `${repo}: ${reason}`));
    } else kept.failed.push(...synced.problems.map(({ text }) => text));
    const trackers = synced.ok ? synced.value.trackers : [];
    for (const pick of picks) {
      const tracker = trackers.find(({ repo }) => repo === pick.record.pick.repo)?.number ?? null;
      kept.comments += await keepComments(app, forge, pick, tracker);
    }
  }
  return kept;
}

/**
 * One status comment per change and branch, edited on each move, and a new one where a person is to be called. Answers how many were written. The answer to a
 * request may be the status comment: then what it answers stays at its head.
 */
async function keepComments(app: App, forge: Forge, pick: StandingPick, tracker: number | null): Promise<number> {
  const { train } = app.loaded;
  const { pr } = pick.record.pick;
  const slug = train.repos[pick.record.pick.repo]?.slug;
  if (slug === undefined) return 0;
  const text = await statusOf(app, pick, tracker);
  const me = await app.who();
  const marker = `<!-- ${pickMarker(pick.record.pick)} -->`;
  const there = await forge.comments.list(slug, pr);
  const own = there.find(({ author, body }) => author === me && body.includes(marker));
  const told = (await announce(app, forge, pick, { slug, there })) ? 1 : 0;
  if (own === undefined) {
    await forge.comments.write(slug, pr, text);
    return told + 1;
  }
  const whole = `${own.body.slice(0, own.body.indexOf(marker))}${text}`;
  if (isUpToDate(own, whole, app.clock.now())) return told;
  await forge.comments.edit(slug, own.id, whole);
  return told + 1;
}

/** Only the time that went by is no news; once an hour it is shown. */
function isUpToDate(own: ForgeComment, text: string, now: Instant): boolean {
  if (own.body.trim() === text.trim()) return true;
  return sameButForTime(own.body, text) && elapsedMillis(own.editedAt, now) < 3_600_000;
}
