import { CalendarDate, dateOf, daysBetween, elapsedMillis, type Instant } from './instant.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const SUNDAY = CalendarDate.parse('1970-01-04');

/** A span of time as people say it, at most two units: `4 s`, `12 min`, `2 h 10 min`, `2 d 3 h`, `18 d`. */
export function spanOfTime(millis: number): string {
  const length = Math.abs(millis);
  if (length < MINUTE) return `${Math.floor(length / 1000)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return two(Math.floor(length / HOUR), 'h', Math.floor((length % HOUR) / MINUTE), 'min');
  const days = Math.floor(length / DAY);
  return days >= 7 ? `${days} d` : two(days, 'd', Math.floor((length % DAY) / HOUR), 'h');
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** The largest unit alone, for tables: `2 d`, `5 h`, `12 min`. */
export function shortSpan(millis: number): string {
  return spanOfTime(millis).split(' ').slice(0, 2).join(' ');
}

/** How long ago, `4 s ago`; a moment that lies ahead (a clock that jumped) is `now`. */
export function ago(at: Instant, now: Instant): string {
  const millis = elapsedMillis(at, now);
  return millis < 1000 ? 'now' : `${spanOfTime(millis)} ago`;
}

/** `in 2 d 3 h`, `2 d late`. */
export function due(at: Instant, now: Instant): string {
  const millis = elapsedMillis(now, at);
  return millis >= 0 ? `in ${spanOfTime(millis)}` : `${spanOfTime(millis)} late`;
}

/** The same for a day: `today`, `in 18 d`, `2 d late`. */
export function dueDay(day: CalendarDate, now: Instant): string {
  const days = daysBetween(dateOf(now), day);
  if (days === 0) return 'today';
  return days > 0 ? `in ${days} d` : `${-days} d late`;
}

/** `14:02 UTC`, with the day where it is not today: `11 Jul 14:02 UTC`. */
export function clockTime(at: Instant, now: Instant): string {
  const time = `${at.slice(11, 16)} UTC`;
  return dateOf(at) === dateOf(now) ? time : `${dayText(dateOf(at), now)} ${time}`;
}

/** `14 Jul`, with the year where it is another one. */
export function dayText(day: CalendarDate, now: Instant): string {
  const text = `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`;
  return day.slice(0, 4) === now.slice(0, 4) ? text : `${text} ${day.slice(0, 4)}`;
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
  return two(Math.floor(millis / MINUTE), 'min', Math.floor((millis % MINUTE) / 1000), 's');
}

/** A duration as a flag takes it, `90s`, `15m`, `24h`, `7d`, in milliseconds; null when it is none. */
export function durationMillis(text: string): number | null {
  const match = /^(\d{1,6})(s|m|min|h|d)$/u.exec(text);
  if (match === null) return null;
  const units: Readonly<Record<string, number>> = { s: 1000, m: MINUTE, min: MINUTE, h: HOUR, d: DAY };
  return Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}
