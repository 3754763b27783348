import { z } from 'zod';
import { CalendarDate, addDays, daysBetween, epochMillis, instantOf, type Instant } from './instant.ts';

/** Days of a week as people name them in settings, Monday first. */
export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
const EPOCH = CalendarDate.parse('1970-01-01');
const MONDAY = CalendarDate.parse('1970-01-05');

/** A time of day on somebody's clock, `07:30`. */
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'not a time of day: write it as 07:30' })
  .brand<'TimeOfDay'>();
export type TimeOfDay = z.infer<typeof TimeOfDay>;

/** A time zone of the IANA list, `Europe/Berlin`, as this machine knows it. */
export const TimeZone = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, { error: 'not a time zone: write it as Europe/Berlin' })
  .refine((zone) => isKnownZone(zone), { error: 'no such time zone: write it as Europe/Berlin, or UTC' })
  .brand<'TimeZone'>();
export type TimeZone = z.infer<typeof TimeZone>;

export const UTC = TimeZone.parse('UTC');

function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What a clock on the wall shows. */
export interface LocalTime {
  readonly date: CalendarDate;
  /** Since midnight as the clock counts them. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: TimeZone): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const digits = '2-digit';
  const parts = { year: 'numeric', month: digits, day: digits, hour: digits, minute: digits } as const;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...parts });
  formats.set(zone, made);
  return made;
}

/** The local time of a moment. */
export function localTime(zone: TimeZone, at: Instant): LocalTime {
  return localOf(zone, epochMillis(at));
}

function localOf(zone: TimeZone, millis: number): LocalTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(millis)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00';
  const date = CalendarDate.parse(`${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`);
  return { date, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

export function minuteOfDay(time: TimeOfDay): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function weekdayOf(date: CalendarDate): Weekday {
  const index = ((daysBetween(MONDAY, date) % 7) + 7) % 7;
  return Weekday.options[index] ?? 'mon';
}

/**
 * The moments at which a clock of the zone shows this, earliest first: usually one, two when it is set back across it. Where it is set forward across it, and
 * never shows it, the moment as much later as the clock jumps.
 */
export function momentsOf(zone: TimeZone, date: CalendarDate, time: TimeOfDay): readonly [Instant, ...Instant[]] {
  const minute = minuteOfDay(time);
  const wanted = millisAsUtc({ date, minute });
  // The offsets that hold around it: what changes within two days changes once.
  const offsets = [-1, 1].map((day) => offsetAt(zone, wanted + day * DAY_MINUTES * MINUTE));
  const fits = (millis: number): boolean => {
    const shown = localOf(zone, millis);
    return shown.date === date && shown.minute === minute;
  };
  const found = [...new Set(offsets.map((offset) => wanted - offset))].filter(fits).toSorted((one, two) => one - two);
  const [first, ...rest] = found;
  if (first !== undefined) return [instantOf(first), ...rest.map((millis) => instantOf(millis))];
  return [instantOf(wanted - Math.min(...offsets))];
}

/** Milliseconds by which the clock of the zone is ahead of UTC. */
function offsetAt(zone: TimeZone, millis: number): number {
  const whole = millis - (millis % MINUTE);
  return millisAsUtc(localOf(zone, whole)) - whole;
}

/** The moment at which a clock of UTC shows this. */
function millisAsUtc({ date, minute }: LocalTime): number {
  return (daysBetween(EPOCH, date) * DAY_MINUTES + minute) * MINUTE;
}

/** The first moment after this one at which the clock shows the time, on a day that counts. */
export function nextAt(zone: TimeZone, after: Instant, time: TimeOfDay, days?: readonly Weekday[]): Instant {
  const { date } = localTime(zone, after);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const day = addDays(date, ahead);
    const found = momentsOf(zone, day, time).find((moment) => epochMillis(moment) > epochMillis(after));
    if (found !== undefined && (days === undefined || days.includes(weekdayOf(day)))) return found;
  }
  throw new Error(`no day of ${days?.join(', ') ?? 'a week'} comes after ${after}`);
}

/** Hours in which somebody is not to be disturbed, on their own clock; `from` later than `to` goes over midnight. */
export const QuietHours = z.strictObject({
  from: TimeOfDay.describe('From this time of day.'),
  to: TimeOfDay.describe('Until this one; earlier than `from` is the next morning.'),
});
export type QuietHours = z.infer<typeof QuietHours>;

/** Whether a moment lies in quiet hours; hours that begin where they end are none. */
export function isQuiet(zone: TimeZone, { from, to }: QuietHours, at: Instant): boolean {
  const { minute } = localTime(zone, at);
  const [begin, end] = [minuteOfDay(from), minuteOfDay(to)];
  return begin <= end ? begin <= minute && minute < end : begin <= minute || minute < end;
}

/** This moment, or the end of the quiet hours that it lies in. */
export function outsideQuiet(zone: TimeZone, quiet: QuietHours | null, at: Instant): Instant {
  if (quiet === null || !isQuiet(zone, quiet, at)) return at;
  // Where the clock is set back over the end of quiet hours they begin anew: looked at again.
  return outsideQuiet(zone, quiet, nextAt(zone, at, quiet.to));
}
