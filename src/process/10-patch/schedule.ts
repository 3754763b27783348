import { addDays, daysBetween, type CalendarDate } from '../../domain/instant.ts';
import { weekdayOf } from '../../domain/local-time.ts';
import { dayOf, spanOf } from '../../domain/month.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, nextLine, patchNumber, type ReleaseVersion } from '../../domain/version.ts';

/** One phase of a patch release. A moment, as go or no-go, ends on the day it begins. */
export interface ScheduledPhase {
  readonly id: string;
  readonly title: string;
  readonly poc: string | null;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** Something about the dates that people should look at; it refuses nothing. */
export interface ScheduleFinding {
  readonly code:
    | 'total-weeks'
    | 'next-cut-overlaps'
    | 'next-cut-unknown'
    | 'picks-end-differs'
    | 'weekend'
    | 'before-the-release'
    | 'start-assumed';
  readonly text: string;
}

export interface Schedule {
  readonly release: ReleaseVersion;
  readonly start: CalendarDate;
  /** The day it comes out. */
  readonly day: CalendarDate;
  readonly weeks: number;
  readonly phases: readonly ScheduledPhase[];
  readonly findings: readonly ScheduleFinding[];
}

export type ScheduleProblem =
  | { readonly code: 'no-phases' }
  | { readonly code: 'too-many-patches'; readonly release: ReleaseVersion; readonly most: number }
  | { readonly code: 'weeks-do-not-fit'; readonly weeks: number; readonly least: number; readonly most: number }
  | { readonly code: 'day-is-past'; readonly day: CalendarDate; readonly today: CalendarDate };

/** What is wrong, and what to do next. */
export function explainSchedule(problem: ScheduleProblem): string {
  switch (problem.code) {
    case 'no-phases':
      return 'The train file names no phases of a patch release that take any time. Name them: signalbox config explain patches.phases';
    case 'too-many-patches':
      return `At most ${problem.most} patch releases are planned after a minor, and ${problem.release} would be one more. If there is to be one, raise patches.perMinor in the train file.`;
    case 'weeks-do-not-fit':
      return `The phases of the train cannot take ${problem.weeks} weeks: they take ${problem.most} one after another, and at the least ${problem.least} where each begins in the middle of the one before.`;
    case 'day-is-past':
      return `It would come out on ${problem.day}, and today is ${problem.today}. Give another start with --from.`;
  }
}

export interface ScheduleRequest {
  readonly release: ReleaseVersion;
  readonly today: CalendarDate;
  /** When triage begins; null: right after the release before, where the calendar knows its day. */
  readonly from: CalendarDate | null;
  /** In how many weeks; null: as the train says. */
  readonly weeks: number | null;
}

/**
 * The dates of a patch release. One after another the seed's phases take six weeks, and it says four to five in all: what is too much is taken by letting a
 * phase begin before the one before has ended, the earliest first, so that what is built at the end has its full time (docs/decisions/0260).
 */
export function scheduleOf(train: Train, request: ScheduleRequest): Result<Schedule, ScheduleProblem> {
  const { release, today, from } = request;
  const { patches } = train;
  const lasting = patches.phases.filter(({ weeks }) => weeks > 0);
  if (lasting.length === 0) return refuse({ code: 'no-phases' });
  if (patchNumber(release) > patches.perMinor) {
    return refuse({ code: 'too-many-patches', release, most: patches.perMinor });
  }
  const lengths = lasting.map(({ weeks }) => Math.round(weeks * 7));
  const sum = lengths.reduce((total, days) => total + days, 0);
  const wanted = request.weeks === null ? Math.min(sum, (patches.totalWeeks?.to ?? sum / 7) * 7) : request.weeks * 7;
  const overlaps = overlapsFor(lengths, sum - wanted);
  if (overlaps === null) {
    const least = sum - capacities(lengths).reduce((total, days) => total + days, 0);
    return refuse({ code: 'weeks-do-not-fit', weeks: wanted / 7, least: Math.ceil(least / 7), most: sum / 7 });
  }
  const start = from ?? startOf(train, release) ?? today;
  const phases = laidOut(patches.phases, { start, lengths, overlaps });
  const day = addDays(start, wanted);
  if (day < today) return refuse({ code: 'day-is-past', day, today });
  const schedule = { release, start, day, weeks: wanted / 7, phases };
  const assumed: readonly ScheduleFinding[] =
    from === null && startOf(train, release) === null
      ? [
          {
            code: 'start-assumed',
            text: 'the calendar has no day of the release before: it begins today; give --from otherwise',
          },
        ]
      : [];
  return succeed({ ...schedule, findings: [...assumed, ...findingsOf(train, schedule)] });
}

/** The day after the release before, where the calendar has a day and not only a month. */
function startOf(train: Train, release: ReleaseVersion): CalendarDate | null {
  const day = dayBefore(train, release);
  return day === null ? null : addDays(day, 1);
}

function dayBefore({ calendar }: Train, release: ReleaseVersion): CalendarDate | null {
  const dates = calendar.cadence[lineOf(release)];
  const number = patchNumber(release);
  const before = number === 1 ? dates?.release : dates?.patches[number - 2];
  return before?.on === undefined ? null : dayOf(before.on);
}

/** How far each phase may begin before the one before it ends: half of the shorter of the two. */
function capacities(lengths: readonly number[]): readonly number[] {
  return lengths.slice(1).map((days, index) => Math.floor(Math.min(days, lengths[index] ?? 0) / 2));
}

/** By how many days each phase overlaps with the next, the earliest first; null where that cannot be. */
function overlapsFor(lengths: readonly number[], excess: number): readonly number[] | null {
  if (excess < 0) return null;
  let left = excess;
  const overlaps = capacities(lengths).map((most) => {
    const taken = Math.min(most, left);
    left -= taken;
    return taken;
  });
  return left > 0 ? null : overlaps;
}

function laidOut(
  phases: Train['patches']['phases'],
  {
    start,
    lengths,
    overlaps,
  }: {
    readonly start: CalendarDate;
    readonly lengths: readonly number[];
    readonly overlaps: readonly number[];
  },
): readonly ScheduledPhase[] {
  const starts = lengths.map((_days, index) =>
    lengths.slice(0, index).reduce((at, days, before) => at + days - (overlaps[before] ?? 0), 0),
  );
  const end = (starts.at(-1) ?? 0) + (lengths.at(-1) ?? 0);
  let index = 0;
  return phases.map(({ id, title, poc, weeks }) => {
    // A moment comes right before the phase that follows it; what follows nothing is the day of the release.
    const from = starts[index] ?? end;
    const to = weeks > 0 ? from + (lengths[index] ?? 0) : from;
    if (weeks > 0) index += 1;
    return { id, title, poc: poc ?? null, from: addDays(start, from), to: addDays(start, to) };
  });
}

type Dates = Omit<Schedule, 'findings'>;

function findingsOf(train: Train, schedule: Dates): readonly ScheduleFinding[] {
  const { start, day, weeks, release } = schedule;
  const total = train.patches.totalWeeks;
  const before = dayBefore(train, release);
  const weekday = weekdayOf(day);
  return [
    ...(total !== undefined && (weeks < total.from || weeks > total.to)
      ? [
          {
            code: 'total-weeks' as const,
            text: `it takes ${weeks} weeks, and the train says ${total.from} to ${total.to}`,
          },
        ]
      : []),
    ...(before !== null && start <= before
      ? [
          {
            code: 'before-the-release' as const,
            text: `triage begins on ${start}, and the release before comes out on ${before}`,
          },
        ]
      : []),
    ...cutFindings(train, schedule),
    ...picksFindings(train, schedule),
    ...(weekday === 'sat' || weekday === 'sun'
      ? [{ code: 'weekend' as const, text: `${day} is a ${weekday === 'sat' ? 'Saturday' : 'Sunday'}` }]
      : []),
  ];
}

/** The next minor must not be cut by the same people while they make the patch. */
function cutFindings({ calendar }: Train, { release, start, day }: Dates): readonly ScheduleFinding[] {
  const next = nextLine(lineOf(release));
  const cut = calendar.cadence[next]?.cut.on;
  if (cut === undefined) {
    return [{ code: 'next-cut-unknown', text: `the calendar has no date for the cut of ${next}` }];
  }
  const { from, until } = spanOf(cut);
  if (until <= start || from > day) return [];
  const isDay = dayOf(cut) !== null;
  const text = `${isDay ? '' : 'perhaps: '}the cut of ${next} is planned for ${cut}, while the patch is made`;
  return [{ code: 'next-cut-overlaps', text }];
}

/** Picks close by the calendar's own milestone, counted from the day of the patch. */
function picksFindings({ calendar, picks }: Train, { day, phases }: Dates): readonly ScheduleFinding[] {
  const until = picks.phases.find(({ releases, until: id }) => releases === 'patch' && id !== undefined)?.until;
  const milestone = calendar.milestones.find(({ id, anchor }) => id === until && anchor === 'patch');
  const lasting = phases.filter(({ from, to }) => daysBetween(from, to) > 0);
  const ends = lasting.at(-2)?.to;
  if (milestone === undefined || ends === undefined) return [];
  const closes = addDays(day, milestone.days);
  if (closes === ends) return [];
  const text = `the calendar closes picks on ${closes} (${milestone.id}), and these phases on ${ends}`;
  return [{ code: 'picks-end-differs', text }];
}

/** What has to be written into the calendar of the train file for these dates; null where it says so already. */
export function calendarChange(
  { calendar }: Pick<Train, 'calendar'>,
  { release, day }: Pick<Schedule, 'release' | 'day'>,
  { by, why, today }: { readonly by: string; readonly why: string; readonly today: CalendarDate },
): { readonly path: string; readonly before: string; readonly after: string } | null {
  const line = lineOf(release);
  const index = patchNumber(release) - 1;
  const planned = calendar.cadence[line]?.patches[index];
  const known = planned?.on === undefined ? null : dayOf(planned.on);
  if (known === day && planned?.state === 'fixed') return null;
  const path = `calendar.cadence."${line}".patches[${index}]`;
  const before =
    planned === undefined
      ? 'nothing'
      : planned.on === undefined
        ? '{ state: not-planned }'
        : `{ on: ${planned.on}${planned.state === 'tentative' ? ', state: tentative' : ''} }`;
  const old = planned?.on;
  const isMove = old !== undefined && known !== day;
  const moves = [
    ...(planned?.moved ?? []).map(
      (move) =>
        `{ on: ${move.on}, from: ${move.from}, to: ${move.to}, by: ${move.by}, why: ${JSON.stringify(move.why)} }`,
    ),
    ...(isMove ? [`{ on: ${today}, from: ${old}, to: ${day}, by: ${by}, why: ${JSON.stringify(why)} }`] : []),
  ];
  const after = `{ on: ${day}${moves.length === 0 ? '' : `, moved: [${moves.join(', ')}]`} }`;
  return { path, before, after };
}
