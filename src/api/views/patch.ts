import { z } from 'zod';
import { ReleaseVersion } from '../../domain/version.ts';
import { CalendarView } from './calendar.ts';
import { PickWindowView } from './picks.ts';

/** What is known of a patch release: its rules, its window, its dates. */
export const PatchView = z.object({
  release: ReleaseVersion,
  /** False for X.Y.0, which is no patch release. */
  isPatch: z.boolean(),
  window: PickWindowView.nullable(),
  criteria: z.array(z.object({ name: z.string(), title: z.string(), criterion: z.string(), issue: z.string() })),
  /** Labels that make an issue a reason for a patch release. */
  labels: z.array(z.string()),
  /** `unread`: of which nobody knows whether they are open, with why. */
  picks: z.object({
    all: z.int(),
    open: z.int(),
    unread: z.object({ count: z.int(), reason: z.string() }).nullable(),
  }),
  dates: CalendarView.shape.dates,
  deadlines: CalendarView.shape.deadlines,
});
export type PatchView = z.infer<typeof PatchView>;
