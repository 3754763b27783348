import type { Instant } from '../instant.ts';
import { dateText, dayOf, monthText } from '../month.ts';
import { dueDay, weekdayText } from '../time-text.ts';
import type { PlannedDate } from './calendar.ts';

/** `Wed 30 Jul, in 18 d (moved once: 14 Jul 2025 to 30 Jul 2025)`; a month where the day is not known yet, `not planned` without one. */
export function plannedDayText(
  day: Pick<PlannedDate, 'on' | 'state' | 'moved'>,
  now: Instant,
  /** What was to be done by it is done: it is not late, however long ago it was. */
  isDone = false,
): string {
  if (day.on === undefined) return 'not planned';
  const exact = dayOf(day.on);
  const when =
    exact === null ? monthText(day.on) : `${weekdayText(exact, now)}, ${isDone ? 'done' : dueDay(exact, now)}`;
  const last = day.moved.at(-1);
  const times = day.moved.length === 1 ? 'moved once' : `moved ${day.moved.length} times`;
  const moved = last === undefined ? '' : ` (${times}: ${dateText(last.from)} to ${dateText(last.to)})`;
  return `${when}${day.state === 'tentative' ? ', tentative' : ''}${moved}`;
}
