import { givenToEach } from '../../domain/train/stand-in.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import {
  dueReminders,
  foldPicks,
  hoursDue,
  mayBeDue,
  reminderMarker,
  reminderReply,
  revertReminderReply,
  type PhaseEnds,
  type Reminder,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { openReverts } from '../picks/settled.ts';
import { standingPicks } from '../picks/standing.ts';
import { phaseEnds } from '../picks/targets.ts';
import { coreTracker } from '../picks/tracker.ts';
import { entriesOf } from '../record.ts';
import { listReleases } from '../releases.ts';
import { isTold, tellOnce } from './tell-once.ts';

/**
 * Tells whoever has to act on an open pick, or on a revert the line owes, that the window closes: at each of the train's hours before the end, once. After a pause
 * of the bot the nearest one that is due is told. Answers how many were.
 */
export async function remindDue(app: App): Promise<number> {
  const { forge } = app;
  if (forge === null) return 0;
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  let told = 0;
  for (const { release } of live) {
    const ends = phaseEnds(app, release, app.clock.now());
    told += await remindPicks(app, forge, { release, ends });
    told += await remindReverts(app, forge, { release, ends });
  }
  return told;
}

interface OfRelease {
  readonly release: ReleaseVersion;
  readonly ends: PhaseEnds;
}

async function remindPicks(app: App, forge: Forge, { release, ends }: OfRelease): Promise<number> {
  const about = { train: app.loaded.train, ends, now: app.clock.now() };
  const records = foldPicks(await entriesOf(app, release)).filter((record) => record.release === release);
  // The branches are read only when something can be due.
  if (!mayBeDue(records, about)) return 0;
  const due = dueReminders(await standingPicks(app, release), about);
  let told = 0;
  for (const reminder of due) told += (await tellPick(app, forge, reminder)) ? 1 : 0;
  return told;
}

/** Said first and written down afterwards: what was said is found by its marker, so that a kill in between neither loses nor repeats it. */
async function tellPick(app: App, forge: Forge, { pick, closesAt, hours, to, record }: Reminder): Promise<boolean> {
  const { train } = app.loaded;
  const { repo, pr, onto } = pick.record.pick;
  const slug = train.repos[repo]?.slug;
  if (slug === undefined) return false;
  const now = app.clock.now();
  const called = givenToEach(train, to, now).flatMap(({ who, standIn }) => (standIn?.is === 'by' ? [] : [who]));
  const text = reminderReply({ train, to: called, pr, branch: onto, state: pick.state, closesAt, now });
  const told = await tellOnce(app, forge, {
    slug,
    item: pr,
    marker: reminderMarker(pick.record.pick, hours, closesAt),
    text,
  });
  const ledger = await app.ledger();
  await ledger.append(train.train, [{ at: now, actor: await app.who(), event: record }]);
  return told;
}

/** The reverts that the line owes, told in the tracker: their authors are main's, who asked for nothing here. */
async function remindReverts(app: App, forge: Forge, { release, ends }: OfRelease): Promise<number> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const due = hoursDue(release, { train, ends, now });
  if (due === null) return 0;
  const tracker = await coreTracker(app, release);
  if (tracker === null) return 0;
  const marker = `signalbox:reminder reverts ${release} ${due.hours} ${due.closesAt}`;
  if (await isTold(app, forge, { ...tracker, marker })) return 0;
  const reverts = await openReverts(app, release);
  if (reverts.length === 0) return 0;
  const to = train.roles['release-manager'];
  const text = revertReminderReply({ train, to, release, reverts, closesAt: due.closesAt, now });
  return (await tellOnce(app, forge, { ...tracker, marker, text })) ? 1 : 0;
}
