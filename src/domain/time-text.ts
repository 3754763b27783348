<<<<<<<< HEAD:src/domain/time-text.ts
import { CalendarDate, dateOf, daysBetween, elapsedMillis, type Instant } from './instant.ts';
========
import { dateOf, daysBetween, type CalendarDate, type Instant } from '../../domain/instant.ts';
import { dayText, twoUnits } from '../../domain/time-text.ts';

export { ago, clockTime, dayText, due, shortSpan, spanOfTime } from '../../domain/time-text.ts';
>>>>>>>> 2845df0 (What makes a text safe to show, and times in words, are of the domain: pages say the same as the command line):src/cli/output/time.ts

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const SUNDAY = CalendarDate.parse('1970-01-04');

/** The same for a day: `today`, `in 18 d`, `2 d late`. */
export function dueDay(day: CalendarDate, now: Instant): string {
  const days = daysBetween(dateOf(now), day);
  if (days === 0) return 'today';
  return days > 0 ? `in ${days} d` : `${-days} d late`;
}

/** `Wed 30 Jul`. */
export function weekdayText(day: CalendarDate, now: Instant): string {
  const days = daysBetween(SUNDAY, day) % 7;
  return `${WEEKDAYS.at(days) ?? ''} ${dayText(day, now)}`;
}

/** `1.2 s`, `61 s`, `2 min 10 s`. */
export function tookText(millis: number): string {
  if (millis < 10_000) return `${(millis / 1000).toFixed(1)} s`;
  if (millis < 2 * MINUTE) return `${Math.round(millis / 1000)} s`;
  return twoUnits(Math.floor(millis / MINUTE), 'min', Math.floor((millis % MINUTE) / 1000), 's');
}

/** A duration as a flag takes it, `90s`, `15m`, `24h`, `7d`, in milliseconds; null when it is none. */
export function durationMillis(text: string): number | null {
  const match = /^(\d{1,6})(s|m|min|h|d)$/u.exec(text);
  if (match === null) return null;
  const units: Readonly<Record<string, number>> = { s: 1000, m: MINUTE, min: MINUTE, h: HOUR, d: DAY };
  return Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}
