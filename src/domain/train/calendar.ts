import { z } from 'zod';
import { CalendarDate } from '../instant.ts';
import { MonthOrDay } from '../month.ts';
import { Line } from '../version.ts';

/** A date that was moved: nothing of it is forgotten. */
export const MovedDate = z.strictObject({
  on: CalendarDate.describe('The day it was decided.'),
  from: MonthOrDay.describe('The old date.'),
  to: MonthOrDay.describe('The new date.'),
  by: z.string().min(1).describe('Login of who moved it.'),
  why: z.string().min(1).describe('The reason.'),
});
export type MovedDate = z.infer<typeof MovedDate>;

/** One date of the cadence. */
export const PlannedDate = z
  .strictObject({
    on: MonthOrDay.optional().describe('Month (2025-07) or day (2025-07-30); left out when nothing is planned.'),
    state: z
      .enum(['fixed', 'tentative', 'not-planned'])
      .default('fixed')
      .describe('tentative is shown in brackets, not-planned as Not planned.'),
    shown: z.string().min(1).optional().describe('How the table writes the date, where it differs from the usual.'),
    moved: z.array(MovedDate).default([]).describe('Every move of the date, oldest first.'),
  })
  .refine((date) => (date.on === undefined) === (date.state === 'not-planned'), {
    error: 'either `on` says when, or `state: not-planned` says that it will not be',
    path: ['on'],
  })
  .refine((date) => date.moved.length === 0 || date.moved.at(-1)?.to === date.on, {
    error: 'the last move does not lead to this date',
    path: ['moved'],
  });
export type PlannedDate = z.infer<typeof PlannedDate>;

/** The dates of one line. Seed: "Release Cadence". */
export const CadenceLine = z.strictObject({
  cut: PlannedDate.describe('The release branches are cut.'),
  release: PlannedDate.describe('The minor release.'),
  patches: z.array(PlannedDate).default([]).describe('The patch releases, first to last.'),
});
export type CadenceLine = z.infer<typeof CadenceLine>;

/** A milestone or deadline that follows from the cut, the release day, or the day of a patch release. */
export const CalendarMilestone = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9.]{0,15}$/)
    .describe('Short name: M4.1.'),
  title: z.string().min(1).describe('What is due.'),
  anchor: z
    .enum(['cut', 'release', 'patch'])
    .describe('The date it is counted from; patch: each patch release has one of its own.'),
  days: z.int().min(-400).max(400).default(0).describe('Days after the anchor; before it when negative.'),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'not a time of day: write 17:00, in quotes' })
    .default('17:00')
    .describe('Time of day, UTC.'),
  owner: z.string().optional().describe('Workstream that answers for it.'),
});
export type CalendarMilestone = z.infer<typeof CalendarMilestone>;

/** The calendar of a train; times are UTC. */
export const Calendar = z.strictObject({
  head: z.string().default('Version').describe('Head of the first column of the cadence table.'),
  note: z.string().default('').describe('What people must know about the dates.'),
  announcements: z.url().optional().describe('Where changes of the schedule are announced.'),
  cadence: z.record(Line, CadenceLine).default({}).describe('Dates by line.'),
  milestones: z.array(CalendarMilestone).default([]).describe('Deadlines counted from the dates.'),
});
export type Calendar = z.infer<typeof Calendar>;
