import { z } from 'zod';

/** A moment in UTC, ISO 8601 with seconds or milliseconds and a final Z; sorts as text. Calendar dates are `CalendarDate`. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/)
  .refine((text) => !Number.isNaN(millisOf(text)), { error: 'no such moment' })
  .brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** A day without a time, `YYYY-MM-DD`, that exists in the calendar (the 30th of February is refused). */
export const CalendarDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => dateExists(text), { error: 'no such day' })
  .brand<'CalendarDate'>();
export type CalendarDate = z.infer<typeof CalendarDate>;

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

// Parsing and printing a given moment is pure computing; what is banned in this folder is asking for the present one.
function millisOf(text: string): number {
  // oxlint-disable-next-line no-restricted-globals -- parses a given text, does not read the clock
  return Date.parse(text);
}

function textOf(millis: number): string {
  // oxlint-disable-next-line no-restricted-globals -- prints a given moment, does not read the clock
  return new Date(millis).toISOString();
}

function dateExists(text: string): boolean {
  const millis = millisOf(`${text}T00:00:00Z`);
  return !Number.isNaN(millis) && textOf(millis).startsWith(text);
}

/** The moment as milliseconds since 1970. */
export function epochMillis(instant: Instant): number {
  return millisOf(instant);
}

/** The moment of the given milliseconds since 1970. */
export function instantOf(millis: number): Instant {
  return Instant.parse(textOf(millis));
}

export function addSeconds(instant: Instant, seconds: number): Instant {
  return instantOf(millisOf(instant) + seconds * SECOND);
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return CalendarDate.parse(textOf(millisOf(`${date}T00:00:00Z`) + days * DAY).slice(0, 10));
}

/** Whole days from the first date to the second; negative when the second is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((millisOf(`${to}T00:00:00Z`) - millisOf(`${from}T00:00:00Z`)) / DAY);
}

/** The day of a moment, in UTC. */
export function dateOf(instant: Instant): CalendarDate {
  return CalendarDate.parse(instant.slice(0, 10));
}

/** Milliseconds from the first moment to the second; negative when the second is earlier. */
export function elapsedMillis(from: Instant, to: Instant): number {
  return millisOf(to) - millisOf(from);
}

const LAST_SECOND = 253_402_300_799;

/** The moment a commit says it was made; null where its clock said what no calendar has. */
export function committedAt(seconds: number): Instant | null {
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= LAST_SECOND
    ? instantOf(Math.floor(seconds) * 1000)
    : null;
}
