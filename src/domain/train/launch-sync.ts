import { z } from 'zod';
import { TimeOfDay, TimeZone, Weekday } from '../local-time.ts';

/** The series of meetings from the cut until the week of the release. Seed: "Running Launch Execution team Core XFN sync". */
export const LaunchSync = z.strictObject({
  title: z.string().min(1).max(100).default('release sync').describe('What people call the meeting.'),
  weekday: Weekday.describe('Day of the week: mon to sun.'),
  at: TimeOfDay.describe('When it begins, on a clock of the zone: 09:00, in quotes.'),
  zone: TimeZone.describe(
    'Time zone of its people: America/Los_Angeles. The meeting stays at its time when clocks are set.',
  ),
  minutes: z.int().min(5).max(480).default(30).describe('How long it takes.'),
  link: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where people meet.'),
  who: z
    .array(z.string().min(1))
    .default([])
    .describe('Workstreams and logins that take part; every workstream where none is named.'),
});
export type LaunchSync = z.infer<typeof LaunchSync>;
