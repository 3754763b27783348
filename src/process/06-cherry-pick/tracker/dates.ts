import { addDays, CalendarDate, daysBetween } from '../../../domain/instant.ts';

/** The order in which a text writes day, month and year. */
export type DateOrder = 'D/M/Y' | 'M/D/Y' | 'Y-M-D';

/** Why a date is not taken as typed. */
export type DateProblem =
  | { readonly code: 'no-date'; readonly text: string }
  | { readonly code: 'no-such-day'; readonly text: string }
  | { readonly code: 'ambiguous-date'; readonly text: string; readonly readings: readonly CalendarDate[] }
  | { readonly code: 'no-year'; readonly text: string };

/** A date of a tracker: a day, or the week that begins with it. */
export type TrackerDate =
  | { readonly ok: true; readonly on: CalendarDate; readonly week: boolean }
  | { readonly ok: false; readonly problem: DateProblem };

/**
 * Reads a date as people typed it. Without an order only what can be read in one way is taken: 22/6/26 can, 1/9/26 cannot. A year that is left out
 * is the given one.
 */
export function readDate(
  text: string,
  { order, year }: { readonly order: DateOrder | null; readonly year: number | null },
): TrackerDate {
  const shown = text.trim().slice(0, 60);
  const week = /^week\s+of\s+/i.test(shown);
  const found = /^(\d{1,4})[/.-](\d{1,2})(?:[/.-](\d{1,4}))?$/.exec(shown.replace(/^week\s+of\s+/i, ''));
  if (found === null) return failed({ code: 'no-date', text: shown });
  const [first = '', second = '', third] = found.slice(1);
  if (first.length === 4 || order === 'Y-M-D') {
    const day = dayOf(first, second, third ?? '');
    return day === null ? failed({ code: 'no-such-day', text: shown }) : { ok: true, on: day, week };
  }
  const of = third ?? (year === null ? undefined : String(year));
  if (of === undefined) return failed({ code: 'no-year', text: shown });
  const dayFirst = order === 'M/D/Y' ? null : dayOf(of, second, first);
  const monthFirst = order === 'D/M/Y' ? null : dayOf(of, first, second);
  const readings = [...new Set([dayFirst, monthFirst].filter((day) => day !== null))];
  const [only] = readings;
  if (only === undefined) return failed({ code: 'no-such-day', text: shown });
  return readings.length > 1 ? failed({ code: 'ambiguous-date', text: shown, readings }) : { ok: true, on: only, week };
}

function failed(problem: DateProblem): TrackerDate {
  return { ok: false, problem };
}

function dayOf(year: string, month: string, day: string): CalendarDate | null {
  const full = year.length <= 2 ? `20${year.padStart(2, '0')}` : year.padStart(4, '0');
  const date = CalendarDate.safeParse(`${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  return date.success ? date.data : null;
}

/** A rule between two dates of a release: `after` comes later than `before` (or on the same day), by so many days. */
export interface DateRule {
  readonly before: string;
  readonly after: string;
  readonly sameDay: boolean;
  readonly days: number | null;
}

/** cut < M4 < M4.1 <= M5 < M6, tutorials two weeks before release day (TRK-05). */
const TRACKER_RULES: readonly DateRule[] = [
  { before: 'cut', after: 'M4', sameDay: false, days: null },
  { before: 'M4', after: 'M4.1', sameDay: false, days: null },
  { before: 'M4.1', after: 'M5', sameDay: true, days: null },
  { before: 'M5', after: 'M6', sameDay: false, days: null },
  { before: 'M4.1', after: 'M6', sameDay: false, days: 14 },
];

/** What is odd about the dates of a release, as sentences; a date that is missing is passed over. */
export function dateWarnings(
  dates: Readonly<Record<string, CalendarDate>>,
  rules: readonly DateRule[] = TRACKER_RULES,
): readonly string[] {
  return rules.flatMap(({ before, after, sameDay, days }) => {
    const [from, to] = [dates[before], dates[after]];
    if (from === undefined || to === undefined) return [];
    const between = daysBetween(from, to);
    if (between < 0 || (between === 0 && !sameDay)) return [`${after} (${to}) does not come after ${before} (${from})`];
    if (days === null || between >= days) return [];
    return [
      `${before} (${from}) is ${between} days before ${after} (${to}), the rule is ${days}: ${addDays(to, -days)}`,
    ];
  });
}

/** What to do about a date that was not taken. */
export function explainDate(problem: DateProblem): string {
  switch (problem.code) {
    case 'no-date':
      return `${JSON.stringify(problem.text)} is no date. Write 2026-07-08.`;
    case 'no-such-day':
      return `${problem.text} is no day of the calendar. Write 2026-07-08.`;
    case 'ambiguous-date':
      return `${problem.text} can be ${problem.readings.join(' or ')}. Say in which order dates are written, or write 2026-07-08.`;
    case 'no-year':
      return `${problem.text} has no year. Write 2026-07-08.`;
  }
}
