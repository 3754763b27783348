import type { AskDue } from '../../../domain/ask.ts';
import { addDays, dateOf, type Instant } from '../../../domain/instant.ts';
import { dayOf, spanOf } from '../../../domain/month.ts';
import { dayText, dueDay } from '../../../domain/time-text.ts';
import type { Ask } from '../../../domain/train/asks.ts';
import type { Calendar, PlannedDate } from '../../../domain/train/calendar.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../../../domain/version.ts';

/** The day by which an ask must be done: the cut's or the release's, less its days. */
export function askDue(calendar: Calendar, release: ReleaseVersion, { before, days }: Ask['due']): AskDue {
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
  before: Ask['due']['before'],
): PlannedDate | undefined {
  const dates = calendar.cadence[lineOf(release)];
  if (dates === undefined || before === 'cut') return dates?.cut;
  const patch = patchNumber(release);
  return patch === 0 ? dates.release : dates.patches[patch - 1];
}

/** Whether the day is over; of a month that is only known as such, when even its last day is. */
export function isOver(due: AskDue, now: Instant): boolean {
  if (due.kind === 'unplanned') return false;
  return dateOf(now) > (due.kind === 'day' ? due.day : due.latest);
}

/** `due 14 Jul, in 3 d`; `due in Jul 2025`; `no date is planned`. */
export function dueText(due: AskDue, now: Instant): string {
  switch (due.kind) {
    case 'day':
      return `due ${dayText(due.day, now)}, ${dueDay(due.day, now)}`;
    case 'span':
      return `due between ${dayText(due.earliest, now)} and ${dayText(due.latest, now)}, the day is not planned yet`;
    case 'unplanned':
      return 'the calendar plans no date for it';
  }
}
