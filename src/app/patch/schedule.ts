import { dateOf, type CalendarDate } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { calendarChange, explainSchedule, scheduleOf, type Schedule } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { refuseWith, type AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRelease, requireRole } from '../releases.ts';
import { NO_REASON } from './logins.ts';
import { newerMinor } from './newest-minor.ts';

export interface ScheduleInput {
  readonly release: ReleaseVersion;
  readonly from: CalendarDate | null;
  readonly weeks: number | null;
}

/** Dates that were proposed, and what the calendar of the train file has to say for them; `change` is null where it does. */
export interface ProposedSchedule {
  readonly schedule: Schedule;
  readonly change: ReturnType<typeof calendarChange>;
}

/** Dates that somebody decided on. */
export interface DecidedSchedule {
  readonly day: CalendarDate;
  readonly phases: readonly { readonly id: string; readonly from: CalendarDate; readonly to: CalendarDate }[];
  readonly by: string;
  readonly reason: string;
}

/** Proposes the dates of a patch release. Only the newest minor gets one, where the train says so. */
export async function proposeSchedule(
  app: App,
  { release, from, weeks }: ScheduleInput,
  why = 'planned',
): Promise<Result<ProposedSchedule, AppProblem>> {
  const newer = await newerMinor(app, lineOf(release));
  if (newer !== null) return refuse(newer);
  const { train } = app.loaded;
  const today = dateOf(app.clock.now());
  const found = scheduleOf(train, { release, today, from, weeks });
  if (!found.ok)
    return refuseWith(found.problems, {
      explain: explainSchedule,
      kindOf: ({ code }) => (code === 'too-many-patches' ? 'refused' : 'usage'),
    });
  const schedule = found.value;
  return succeed({ schedule, change: calendarChange(train, schedule, { by: await app.who(), why, today }) });
}

/** Writes the dates of a patch release down as a release manager's decision. The calendar of the train file is for people to change. */
export async function decideSchedule(
  app: App,
  input: ScheduleInput,
  reason: string,
): Promise<Result<ProposedSchedule, AppProblem>> {
  const { release } = input;
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) {
    const what = `patch schedule ${release}`;
    await record(app, { type: 'refused', release, what, reason: allowed.problems[0].text });
    return allowed;
  }
  if (reason.trim() === '') return refuse(NO_REASON);
  const opened = await requireRelease(app, release);
  if (!opened.ok) {
    const text = `There is no release ${release} yet. Open it, then plan it: signalbox release create ${release}`;
    return refuse({ kind: 'usage', code: 'release-unknown', text });
  }
  const proposed = await proposeSchedule(app, input, reason);
  if (!proposed.ok) return proposed;
  const { day, phases } = proposed.value.schedule;
  await record(app, {
    type: 'patch-scheduled',
    release,
    phases: phases.map(({ id, from, to }) => ({ id, from, to })),
    day,
    reason,
  });
  return proposed;
}

/** The dates that count for a patch release: the last ones that were decided on; null for none. */
export async function decidedSchedule(app: App, release: ReleaseVersion): Promise<DecidedSchedule | null> {
  return lastSchedule(await entriesOf(app, release), release);
}

function lastSchedule(entries: readonly LedgerEntry[], release: ReleaseVersion): DecidedSchedule | null {
  const found = entries.findLast(({ event }) => event.type === 'patch-scheduled' && event.release === release);
  if (found === undefined || found.event.type !== 'patch-scheduled') return null;
  const { day, phases, reason } = found.event;
  return { day, phases, reason, by: found.actor };
}
