import { z } from 'zod';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { Line, ReleaseVersion } from '../../domain/version.ts';

const Deadline = z.object({
  line: Line,
  id: z.string(),
  title: z.string(),
  owner: z.string().nullable(),
  patch: ReleaseVersion.nullable(),
  tentative: z.boolean(),
  /** Null while only the month is known that it is counted from. */
  due: Instant.nullable(),
  earliest: CalendarDate.nullable(),
  latest: CalendarDate.nullable(),
  passed: z.boolean(),
});
export type DeadlineView = z.infer<typeof Deadline>;

const PlannedDateView = z.object({
  line: Line,
  what: z.enum(['cut', 'release', 'patch']),
  release: ReleaseVersion,
  /** A day, or a month; null when it is not planned. */
  on: MonthOrDay.nullable(),
  state: z.string(),
  /** As the documents show it. */
  shown: z.string(),
  /** Where it was before it was moved last. */
  was: MonthOrDay.nullable(),
});
export type PlannedDateView = z.infer<typeof PlannedDateView>;

/** Dates, deadlines and moves of every line of the calendar. */
export const CalendarView = z.object({
  title: z.string(),
  dates: z.array(PlannedDateView),
  deadlines: z.array(Deadline),
  slips: z.array(
    z.object({
      line: Line,
      what: z.enum(['cut', 'release', 'patch']),
      release: ReleaseVersion,
      from: z.string(),
      to: z.string(),
      days: z.number().nullable(),
      on: z.string(),
      by: z.string(),
      why: z.string(),
    }),
  ),
});
export type CalendarView = z.infer<typeof CalendarView>;
