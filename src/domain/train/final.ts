import { z } from 'zod';
import { RepoKey } from '../repo.ts';
import { PerformanceSuite } from './performance.ts';

/** Last part of the id of a gate: `sign-off:docs-ready`. */
const FinalName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a name: lower-case letters, digits, dash, at most 40' });

const RoleName = z.enum(['release-manager', 'repo-owner', 'triage-reviewer', 'approver']);

const Logins = z.array(z.string().min(1).regex(/^[^@]/, { error: 'a login, without @' })).default([]);

/** What a person signs for, and who may. */
export const SignOffRule = z
  .strictObject({
    title: z.string().min(1).describe('What is signed, as people read it: Documentation is ready.'),
    people: Logins.describe('Logins that may sign, whatever their roles.'),
    roles: z.array(RoleName).default([]).describe('Roles that may sign.'),
    excluded: Logins.describe('Logins that may not, whatever their roles.'),
    excludedRoles: z
      .array(RoleName)
      .default([])
      .describe('Roles whose holders may not: who decides what is released does not sign that it may be.'),
    signatures: z.int().min(1).max(5).default(1).describe('How many different people must sign.'),
    evidence: z
      .enum(['required', 'optional'])
      .default('optional')
      .describe('Whether a sign-off needs a link to what was seen.'),
    binds: z
      .enum(['candidate', 'release'])
      .default('candidate')
      .describe('What is signed: the files of a candidate, void when they change, or the release whatever its files.'),
    repos: z
      .array(RepoKey)
      .default([])
      .describe('Repositories whose files are signed for: others may change. All of them unless told.'),
    dueDays: z.int().min(0).max(90).optional().describe('Days before the release day by which it is due.'),
  })
  .superRefine(({ people, roles, excluded, excludedRoles, signatures }, context) => {
    const add = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (people.length === 0 && roles.length === 0) add('people', 'nobody may sign: name people or roles');
    const both = people.filter((login) => excluded.includes(login));
    if (both.length > 0) add('excluded', `${both.join(', ')} may sign and is excluded: take one of the two away`);
    const contrary = roles.filter((role) => excludedRoles.includes(role));
    if (contrary.length > 0)
      add('excludedRoles', `${contrary.join(', ')} may sign and is excluded: take one of the two away`);
    if (roles.length === 0 && people.length > 0 && people.length < signatures)
      add('signatures', `${signatures} people must sign and only ${people.length} may`);
  });
export type SignOffRule = z.infer<typeof SignOffRule>;

/** How it is told that a closed item of the milestone was validated on a candidate. */
export const MilestoneValidation = z.strictObject({
  comment: z
    .string()
    .min(1)
    .max(200)
    .default('Validated on {candidate}')
    .refine((text) => text.split('{candidate}').length === 2, {
      error: 'names no {candidate}: a validation is of one candidate',
    })
    .describe('How a line of a comment begins that says so, with {candidate}; capitals and spaces do not count.'),
  author: z.boolean().default(true).describe("Whether the item's own author may say so."),
  people: Logins.describe('Logins whose word counts.'),
  roles: z
    .array(RoleName)
    .default(['release-manager', 'triage-reviewer'])
    .describe('Roles whose word counts, by comment or recorded.'),
  pullRequests: z
    .boolean()
    .default(true)
    .describe('Whether pull requests of the milestone are validated, too, or only issues.'),
});
export type MilestoneValidation = z.infer<typeof MilestoneValidation>;

/** One thing to be validated by hand. */
export const ValidationItem = z.strictObject({
  id: FinalName.describe('Short name, which comments say.'),
  text: z.string().min(1).max(500).describe('What is to be done, in Markdown.'),
  people: Logins.describe('Logins that do it, the first being asked first.'),
  roles: z.array(RoleName).default([]).describe('Roles whose holders may do it as well.'),
});
export type ValidationItem = z.infer<typeof ValidationItem>;

/** The issue in which the validations of a release are kept. Seed: "Create validation issue for the release". */
export const ValidationIssue = z
  .strictObject({
    title: z.string().min(1).default('[v.{version}] Validations').describe('Its title.'),
    label: z.string().min(1).default('release validation').describe('Its label.'),
    comment: z
      .string()
      .min(1)
      .max(200)
      .default('Done {item} on {candidate}')
      .refine((text) => text.split('{candidate}').length === 2 && text.split('{item}').length === 2, {
        error: 'names no {item} or no {candidate}, or one of them twice',
      })
      .describe('How a line of a comment begins that says that an item was done, with {item} and {candidate}.'),
    sections: z
      .array(
        z.strictObject({
          title: z.string().min(1).describe('Its heading.'),
          items: z.array(ValidationItem).min(1).describe('What is validated.'),
        }),
      )
      .min(1)
      .describe('Its sections, in this order.'),
  })
  .superRefine(({ sections }, context) => {
    const ids = sections.flatMap(({ items }) => items.map(({ id }) => id));
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined)
      context.addIssue({ code: 'custom', path: ['sections'], message: `two items are called ${twice}` });
    const nobody = sections
      .flatMap(({ items }) => items)
      .find(({ people, roles }) => people.length + roles.length === 0);
    if (nobody !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['sections'],
        message: `${nobody.id} has nobody: name people or roles`,
      });
  });
export type ValidationIssue = z.infer<typeof ValidationIssue>;

/** What is asked between the last candidate and its promotion. Seed: "Preparing and Creating Final Release Candidate". */
export const FinalChecks = z.strictObject({
  signOffs: z
    .record(FinalName, SignOffRule)
    .default({})
    .describe('What people sign before a promotion (gates sign-off:NAME).'),
  canaries: z
    .record(FinalName, SignOffRule)
    .default({})
    .describe('Partners that try the candidate in their own products and say so (gates downstream-canaries:NAME).'),
  milestone: MilestoneValidation.optional().describe(
    "How the milestone's closed items are validated on the candidate (gate milestone-validated); no gate without it.",
  ),
  issue: ValidationIssue.optional().describe(
    'The issue in which validations by hand are kept (gate validation-issue); no gate without it.',
  ),
  performance: z
    .record(FinalName, PerformanceSuite)
    .default({})
    .describe('Suites of benchmarks that must not have become worse (gates no-perf-regression:NAME).'),
});
export type FinalChecks = z.infer<typeof FinalChecks>;
