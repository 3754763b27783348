import { z } from 'zod';

const PickClassName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a class of picks: lower-case letters, digits, dash' });

/** A reason for which a change may be picked. Seed: "How to do Cherry Picking". */
const PickClass = z.strictObject({
  title: z.string().min(1).describe('Name that people read.'),
  criterion: z.string().min(1).describe('When a change belongs to it.'),
  issue: z
    .enum(['required', 'recommended', 'not-needed'])
    .default('recommended')
    .describe('Whether a link to the fixed issue must be given.'),
});
export type PickClass = z.infer<typeof PickClass>;

/** A time of a release with its own rules for picks. */
const PickPhase = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Short name.'),
  title: z.string().min(1).describe('Name that people read.'),
  releases: z.enum(['minor', 'patch']).describe('Kind of release it belongs to.'),
  classes: z.array(PickClassName).describe('Classes that are accepted; an empty list means closed.'),
  until: z.string().optional().describe('Milestone of the calendar that ends it.'),
  evidence: z
    .enum(['none', 'high-priority-issue-or-ci-failure'])
    .default('none')
    .describe('What every pick must link to besides the rule of its class.'),
  late: z
    .enum(['dispensation', 'final'])
    .default('dispensation')
    .describe('What happens after its end: a release manager may let a pick in, or nobody may.'),
});
export type PickPhase = z.infer<typeof PickPhase>;

/** Which changes may go into a release after its branch was cut. */
export const Picks = z.strictObject({
  bot: z.string().min(1).default('signalbox').describe('Name the bot is called by in comments, without @.'),
  classes: z.record(PickClassName, PickClass).default({}).describe('Classes of picks.'),
  phases: z.array(PickPhase).default([]).describe('Phases in their order.'),
  generated: z
    .array(
      z.strictObject({
        files: z.array(z.string().min(1)).min(1).describe('Paths; * for a name, ** for any folders.'),
        command: z.array(z.string().min(1)).min(1).describe('The command and its arguments, each by itself; no shell.'),
      }),
    )
    .default([])
    .describe('Generated files, with the command that makes them again instead of resolving a conflict in them.'),
});
export type Picks = z.infer<typeof Picks>;
