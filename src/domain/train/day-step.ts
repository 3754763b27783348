import { z } from 'zod';
import { lineSpan } from './span.ts';

/** Name of a step of the release day. */
export const DayStepId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a name of a step: lower-case letters, digits, dash' });
export type DayStepId = z.infer<typeof DayStepId>;

/** Plans that a step of the day can make. */
export const DayPlan = z.enum(['promote stage', 'promote stable', 'promote pypi', 'get-started']);
export type DayPlan = z.infer<typeof DayPlan>;

const common = {
  id: DayStepId.describe('Its name: stable.'),
  title: z.string().min(1).describe('What is done, for people: the wheels go to stable.'),
  days: z.int().min(-400).max(400).default(0).describe('Days after the release day; before it when negative.'),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'not a time of day: write 17:00, in quotes' })
    .optional()
    .describe('Time of day, UTC; left out where none was agreed.'),
  owner: z.string().min(1).optional().describe('Workstream that answers for it; otherwise the release managers.'),
  undo: z.string().default('').describe('How it is taken back, or why it cannot be; for people.'),
  ...lineSpan,
};

const Gates = z
  .array(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]*(:[a-z][a-z0-9._-]*)?$/, { error: 'not a gate: released, or nightlies-green:vision' }),
  )
  .min(1);

/** A step of the day: done by a plan of ours, by a gate that opens, or by a person who says so. */
export const DayStep = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('auto'),
    does: DayPlan.describe('The plan that does it.'),
    gates: Gates.describe('Gates that are open once it is done: it is observed, not remembered.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('gate'),
    gates: Gates.describe('Gates that have to be open; a name without its part means all of its parts.'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('manual'),
    evidence: z
      .boolean()
      .default(false)
      .describe('Whether whoever says that it is done has to say where it can be seen.'),
  }),
]);
export type DayStep = z.infer<typeof DayStep>;
