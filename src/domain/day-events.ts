import { z } from 'zod';
import { DayStepId } from './train/day-step.ts';
import { ReleaseVersion } from './version.ts';

/** What people said of the steps of a release day that no gate can see. */
export const DAY_EVENTS = [
  z.strictObject({
    type: z.literal('day-step-done'),
    release: ReleaseVersion,
    step: DayStepId,
    /** Where it can be seen; null where that was not asked for. */
    evidence: z.string().max(2000).nullable(),
    note: z.string().max(4000),
  }),
  z.strictObject({
    type: z.literal('day-step-reopened'),
    release: ReleaseVersion,
    step: DayStepId,
    /** Why, in the words of who did. */
    reason: z.string().min(1).max(4000),
  }),
] as const;
