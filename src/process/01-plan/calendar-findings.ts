import { addDays, dateOf, type CalendarDate, type Instant } from '../../domain/instant.ts';
import { weekdayOf } from '../../domain/local-time.ts';
import { dayOf, spanOf } from '../../domain/month.ts';
import type { PlannedDate } from '../../domain/train/calendar.ts';
import type { Train } from '../../domain/train/train.ts';
import { Line, nextLine } from '../../domain/version.ts';
import { type CadenceDate, cadenceDates } from './cadence.ts';
import { deadlinesOf } from './deadlines.ts';

/** Something about the dates of a line that people should look at; it refuses nothing. What contradicts itself is refused where the train file is read. */
export interface CalendarFinding {
  readonly code:
    | 'weekend'
    | 'past'
    | 'tutorials'
    | 'patch-overlaps-cut'
    | 'deadline-before-cut'
    | 'deadline-past'
    | 'day-unknown';
  readonly text: string;
}

/** Looks at the dates of a line, and at the patches of the line before it that may fall on its cut. */
export function calendarFindings(train: Train, line: Line, now: Instant): readonly CalendarFinding[] {
  const dates = train.calendar.cadence[line];
  if (dates === undefined) return [];
  const own = cadenceDates(train.calendar, line);
  return [
    ...own.flatMap((date) => dayFindings(date, dateOf(now))),
    ...tutorialFindings(train, line, dates),
    ...overlapFindings(train, line),
    ...deadlineFindings(train, line, now),
  ];
}

function nameOf({ what, line, release }: CadenceDate): string {
  return what === 'cut' ? `the cut of ${line}` : release;
}

function dayFindings(planned: CadenceDate, today: CalendarDate): readonly CalendarFinding[] {
  const { on } = planned.date;
  if (on === undefined) return [];
  const day = dayOf(on);
  const weekday = day === null ? null : weekdayOf(day);
  const isOver = spanOf(on).until <= today;
  return [
    ...(weekday === 'sat' || weekday === 'sun'
      ? [
          {
            code: 'weekend' as const,
            text: `${nameOf(planned)}: ${on} is a ${weekday === 'sat' ? 'Saturday' : 'Sunday'}`,
          },
        ]
      : []),
    ...(isOver ? [{ code: 'past' as const, text: `${nameOf(planned)}: ${on} is over` }] : []),
  ];
}

/** Tutorials are there for review so many days before the release: that must be after the cut, and a deadline of the calendar must say so. */
function tutorialFindings(
  { tutorials, calendar }: Train,
  line: Line,
  { cut, release }: { readonly cut: PlannedDate; readonly release: PlannedDate },
): readonly CalendarFinding[] {
  if (tutorials === undefined || release.on === undefined) return [];
  const days = tutorials.daysBeforeRelease;
  const said = calendar.milestones.some(({ anchor, days: offset }) => anchor === 'release' && offset === -days);
  const unsaid = said
    ? []
    : [
        {
          code: 'tutorials' as const,
          text: `tutorials are due ${days} days before ${line}.0, and no milestone of the calendar says so`,
        },
      ];
  const day = dayOf(release.on);
  if (day === null)
    return [
      ...unsaid,
      {
        code: 'day-unknown',
        text: `tutorials of ${line} are due ${days} days before its release, of which only the month is known`,
      },
    ];
  const due = addDays(day, -days);
  const isEarly = cut.on !== undefined && due < spanOf(cut.on).from;
  const early = {
    code: 'tutorials' as const,
    text: `tutorials of ${line} are due on ${due}, before its cut in ${cut.on ?? ''}`,
  };
  return [...unsaid, ...(isEarly ? [early] : [])];
}

/** A patch is made in the weeks before it comes out; the next minor must not be cut by the same people meanwhile. */
function overlapFindings(train: Train, line: Line): readonly CalendarFinding[] {
  const before = Object.keys(train.calendar.cadence)
    .map((each) => Line.parse(each))
    .find((each) => nextLine(each) === line);
  return [
    ...(before === undefined ? [] : patchesOnCut(train, before, line)),
    ...patchesOnCut(train, line, nextLine(line)),
  ];
}

function patchesOnCut({ calendar, patches }: Train, line: Line, next: Line): readonly CalendarFinding[] {
  const cut = calendar.cadence[next]?.cut.on;
  if (cut === undefined) return [];
  const { from, until } = spanOf(cut);
  const weeks = patches.totalWeeks?.to ?? patches.phases.reduce((sum, phase) => sum + phase.weeks, 0);
  return cadenceDates(calendar, line).flatMap(({ what, release, date }): readonly CalendarFinding[] => {
    if (what !== 'patch' || date.on === undefined) return [];
    const out = spanOf(date.on);
    const begun = addDays(out.from, -Math.round(weeks * 7));
    if (from >= out.until || until <= begun) return [];
    const perhaps = dayOf(cut) === null || dayOf(date.on) === null ? 'perhaps: ' : '';
    const text = `${perhaps}the cut of ${next} (${cut}) falls into the ${weeks} weeks in which ${release} (${date.on}) is made`;
    return [{ code: 'patch-overlaps-cut', text }];
  });
}

/** Deadlines that are over, or that come before what they are about begins; the end of picks among them. */
function deadlineFindings({ calendar }: Train, line: Line, now: Instant): readonly CalendarFinding[] {
  const dates = calendar.cadence[line];
  const cut = dates?.cut.on === undefined ? null : spanOf(dates.cut.on).from;
  const release = dates?.release.on === undefined ? null : spanOf(dates.release.on).from;
  return deadlinesOf(calendar, line, now).flatMap((deadline): readonly CalendarFinding[] => {
    const name = `${deadline.id}${deadline.patch === null ? '' : ` of ${deadline.patch}`} (${deadline.title})`;
    if (deadline.passed) return [{ code: 'deadline-past', text: `${name} is over` }];
    const latest = deadline.known ? dateOf(deadline.due) : deadline.latest;
    const begins = deadline.patch === null ? cut : release;
    if (begins === null || latest >= begins) return [];
    const what = deadline.patch === null ? `the cut of ${line}` : `${line}.0`;
    return [{ code: 'deadline-before-cut', text: `${name} is due on ${latest}, before ${what}` }];
  });
}
