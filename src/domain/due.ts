import { addDays, dateOf, type CalendarDate, type Instant } from './instant.ts';
import { dayOf, spanOf } from './month.ts';
import { dayText, dueDay } from './time-text.ts';
import type { Calendar, PlannedDate } from './train/calendar.ts';
import { lineOf, patchNumber, type ReleaseVersion } from './version.ts';

/** Until when something must be done that is counted from a date of the calendar. */
export type Due =
  | { readonly kind: 'day'; readonly day: CalendarDate }
  /** Only the month of the date it is counted from is known: it is due between these days, both included. */
  | { readonly kind: 'span'; readonly earliest: CalendarDate; readonly latest: CalendarDate }
  /** The calendar has no such date. */
  | { readonly kind: 'unplanned' };

/** What a day is counted from, and by how many days it comes before. */
export interface DaysBefore {
  /** `release` is the day of the release itself, a patch too. */
  readonly before: 'cut' | 'release';
  readonly days: number;
}

/** The day by which it must be done: the cut's or the release's, less its days. */
export function dueBefore(calendar: Calendar, release: ReleaseVersion, { before, days }: DaysBefore): Due {
  const on = plannedDate(calendar, release, before)?.on;
  if (on === undefined) return { kind: 'unplanned' };
  const day = dayOf(on);
  if (day !== null) return { kind: 'day', day: addDays(day, -days) };
  const { from, until } = spanOf(on);
  return { kind: 'span', earliest: addDays(from, -days), latest: addDays(until, -1 - days) };
}

function plannedDate(
  calendar: Calendar,
  release: ReleaseVersion,
  before: DaysBefore['before'],
): PlannedDate | undefined {
  const dates = calendar.cadence[lineOf(release)];
  if (dates === undefined || before === 'cut') return dates?.cut;
  const patch = patchNumber(release);
  return patch === 0 ? dates.release : dates.patches[patch - 1];
}

/** The last day on which it is in time; null where the calendar has no date. */
export function lastDay(due: Due): CalendarDate | null {
  if (due.kind === 'unplanned') return null;
  return due.kind === 'day' ? due.day : due.latest;
}

/** Whether the day is over; of a month that is only known as such, when even its last day is. */
export function isPastDue(due: Due, now: Instant): boolean {
  const last = lastDay(due);
  return last !== null && dateOf(now) > last;
}

/** `due 14 Jul, in 3 d`; `due in Jul 2025`; `no date is planned`. */
export function dueText(due: Due, now: Instant): string {
  switch (due.kind) {
    case 'day':
      return `due ${dayText(due.day, now)}, ${dueDay(due.day, now)}`;
    case 'span':
      return `due between ${dayText(due.earliest, now)} and ${dayText(due.latest, now)}, the day is not planned yet`;
    case 'unplanned':
      return 'the calendar plans no date for it';
  }
}
