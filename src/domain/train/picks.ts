import { z } from 'zod';
import { GeneratedFiles } from '../generated-files.ts';

/** The short name of a class of picks: `regression`. */
export const PickClassName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a class of picks: lower-case letters, digits, dash' });

/** A login the bot is called by. */
const BotName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, { error: 'not a login: letters, digits, dash, without @' });

/** A time zone by its IANA name. */
const TimeZone = z
  .string()
  .refine(isTimeZone, { error: 'not a time zone: write its IANA name, for example UTC or America/Los_Angeles' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A reason for which a change may be picked. Seed: "How to do Cherry Picking". */
const PickClass = z.strictObject({
  title: z.string().min(1).describe('Name that people read.'),
  criterion: z.string().min(1).describe('When a change belongs to it.'),
  issue: z
    .enum(['required', 'recommended', 'not-needed'])
    .default('recommended')
    .describe('Whether a link to the fixed issue must be given.'),
  issueInPatch: z
    .enum(['required', 'recommended', 'not-needed'])
    .optional()
    .describe('The same for patch releases, where it differs.'),
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
  bot: BotName.default('signalbox').describe(
    'Name the bot is called by in comments, without @; it is the one in its texts.',
  ),
  otherNames: z.array(BotName).default([]).describe('Other names the bot answers to, without @.'),
  othersCommands: z
    .array(z.string().min(1))
    .default([])
    .describe('Commands of another bot of the same name: not ours to carry out, and not ours to call unknown.'),
  askers: z
    .enum(['author-or-write', 'write', 'anyone'])
    .default('author-or-write')
    .describe(
      'Who may ask for a pick: the author of the change and whoever may write to the repository, only the latter, or anyone.',
    ),
  beforeMerge: z
    .enum(['record', 'refuse'])
    .default('record')
    .describe(
      'What a request for a change does that is not merged yet: it is kept and carried out at the merge, or refused.',
    ),
  zone: TimeZone.default('UTC').describe(
    'Time zone of deadlines that are given as a day, and of the times in answers: Europe/Berlin.',
  ),
  closesAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'not a time of day: write 17:00, in quotes' })
    .default('17:00')
    .describe('Time of day, in that zone, at which a deadline ends that is given as a day.'),
  highPriority: z
    .array(z.string().min(1))
    .default(['high priority'])
    .describe('Labels that make an issue a reason for a patch release.'),
  remindHours: z
    .array(z.int().min(1))
    .default([72, 24, 4])
    .describe('Hours before the end of a phase at which the owners of open picks are reminded.'),
  relandGraceHours: z
    .int()
    .min(0)
    .default(24)
    .describe('Hours after a revert on the default branch in which a reland is waited for.'),
  classes: z.record(PickClassName, PickClass).default({}).describe('Classes of picks.'),
  phases: z.array(PickPhase).default([]).describe('Phases in their order.'),
  generated: z
    .array(GeneratedFiles)
    .default([])
    .describe('Generated files, with the command that makes them again instead of resolving a conflict in them.'),
});
export type Picks = z.infer<typeof Picks>;
