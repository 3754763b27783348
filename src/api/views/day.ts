import { z } from 'zod';
import { Verdict } from '../../domain/gate.ts';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { DayPlan, DayStepId } from '../../domain/train/day-step.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { CalendarView } from './calendar.ts';

/** One step of the release day: when, by whom, how it is undone, and where it can be seen. */
const DayStepView = z.object({
  id: DayStepId,
  number: z.int().min(1),
  title: z.string(),
  kind: z.enum(['auto', 'gate', 'manual']),
  /** What a step of kind auto plans; null for the others. */
  does: DayPlan.nullable(),
  /** Whether a manual step needs a link. */
  evidence: z.boolean(),
  gates: z.array(z.string()).readonly(),
  state: z.enum([...Verdict.options, 'permanent']),
  text: z.string(),
  planned: Instant.nullable(),
  owners: z.array(z.string()).readonly(),
  undo: z.string(),
  done: z
    .object({ at: Instant.nullable(), by: z.string().nullable(), link: z.string().nullable(), note: z.string() })
    .nullable(),
  isNext: z.boolean(),
  command: z.string().nullable(),
});
export type DayStepView = z.infer<typeof DayStepView>;

/** The day of a release: its date, its deadlines, and everything that is done in order. */
export const DayView = z.object({
  release: ReleaseVersion,
  /** The day, where the calendar knows it. */
  day: CalendarDate.nullable(),
  steps: z.array(DayStepView).readonly(),
  /** The day itself; none where the calendar does not know the release. */
  dates: CalendarView.shape.dates,
  deadlines: CalendarView.shape.deadlines,
});
export type DayView = z.infer<typeof DayView>;
