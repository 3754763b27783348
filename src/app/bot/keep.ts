import type { ReleaseVersion } from '../../domain/version.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Forge, ForgeComment } from '../../ports/forge.ts';
import {
  dueReminders,
  pickMarker,
  reminderReply,
  sameButForTime,
  statusComment,
  windowAt,
  type Reminder,
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
  readonly reminders: number;
  readonly trackers: number;
  /** Comments about landed picks. */
  readonly landings: number;
  readonly failed: readonly string[];
}

/**
 * Brings everything people read of the picks up to date: the status comment of each, reminders that are due, the trackers. Safe at any time and twice: a
 * comment is found by its marker and edited, a reminder is written down before it is said.
 */
export async function keepUp(app: App): Promise<Kept> {
  const { forge } = app;
  if (forge === null) return { comments: 0, reminders: 0, trackers: 0, landings: 0, failed: [] };
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const kept = { comments: 0, reminders: 0, trackers: 0, landings: 0, failed: new Array<string>() };
  for (const { release } of live) {
    const picks = await standingPicks(app, release);
    for (const pick of picks) kept.comments += (await keepComment(app, forge, pick)) ? 1 : 0;
    kept.reminders += await remind(app, forge, { release, picks });
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

interface Reminding {
  readonly release: ReleaseVersion;
  readonly picks: readonly StandingPick[];
}

async function remind(app: App, forge: Forge, { release, picks }: Reminding): Promise<number> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const due = dueReminders(picks, { train, ends: phaseEnds(app, release, now), now });
  for (const reminder of due) await sayReminder(app, forge, reminder);
  return due.length;
}

async function sayReminder(app: App, forge: Forge, { pick, closesAt, to, record }: Reminder): Promise<void> {
  const { train } = app.loaded;
  const { repo, pr, onto } = pick.record.pick;
  const slug = train.repos[repo]?.slug;
  if (slug === undefined) return;
  const now = app.clock.now();
  const ledger = await app.ledger();
  // First written down: a reminder that is lost is better than one that comes again and again.
  await ledger.append(train.train, [{ at: now, actor: await app.who(), event: record }]);
  await forge.comments.write(
    slug,
    pr,
    reminderReply({ train, to, pr, branch: onto, state: pick.state, closesAt, now }),
  );
}
