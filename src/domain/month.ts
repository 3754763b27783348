import { z } from 'zod';
import { addDays, CalendarDate } from './instant.ts';

/** A month of which no day is known yet, `YYYY-MM`. */
const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .brand<'Month'>();
export type Month = z.infer<typeof Month>;

/** A date as a calendar knows it: the day, or only the month. */
export const MonthOrDay = z
  .string()
  .refine((text) => Month.safeParse(text).success || CalendarDate.safeParse(text).success, {
    error: 'neither a month nor a day: write 2025-07 or 2025-07-30',
  })
  .brand<'MonthOrDay'>();
export type MonthOrDay = z.infer<typeof MonthOrDay>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The day, when it is known; null for a month. */
export function dayOf(date: MonthOrDay): CalendarDate | null {
  const day = CalendarDate.safeParse(date);
  return day.success ? day.data : null;
}

/** `Jul 2025`, for a day too: the grain of cadence tables. */
export function monthText(date: MonthOrDay): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
}

/** `30 Jul 2025`, or `Jul 2025` when only the month is known. */
export function dateText(date: MonthOrDay): string {
  return dayOf(date) === null ? monthText(date) : `${Number(date.slice(8, 10))} ${monthText(date)}`;
}

/** The days a date stands for: the first, and the one after the last. */
export function spanOf(date: MonthOrDay): { readonly from: CalendarDate; readonly until: CalendarDate } {
  const day = dayOf(date);
  if (day !== null) return { from: day, until: addDays(day, 1) };
  const from = CalendarDate.parse(`${date}-01`);
  // 31 days on lies in the next month, whatever the length of this one.
  const next = addDays(from, 31);
  return { from, until: CalendarDate.parse(`${next.slice(0, 7)}-01`) };
}
