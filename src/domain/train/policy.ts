import { z } from 'zod';
import { Line } from '../version.ts';

/** What speaks for an answer, on an issue or pull request. It suggests; people decide. */
export const TriageSigns = z.strictObject({
  labels: z.array(z.string().min(1)).default([]).describe('Labels; `*` stands for any text.'),
  words: z.array(z.string().min(3)).default([]).describe('Words in the title, the text or a comment.'),
  roles: z.array(z.string().min(1)).default([]).describe('Roles of the repository it stands in.'),
});
export type TriageSigns = z.infer<typeof TriageSigns>;

/** When a regression asks for a patch release. Seed: "Patch Release Criteria". */
const PatchCriterion = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Short name.'),
  question: z.string().min(1).describe('What is asked.'),
  required: z.boolean().default(true).describe('Whether it must be answered with yes.'),
  yes: TriageSigns.prefault({}).describe('What speaks for yes.'),
  no: TriageSigns.prefault({}).describe('What speaks for no.'),
});

const PatchPhase = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Short name.'),
  title: z.string().min(1).describe('Name that people read.'),
  weeks: z.number().min(0).max(26).describe('How long it normally takes; 0 for a meeting or a moment.'),
  poc: z.string().optional().describe('Who leads it.'),
});

const Weeks = z.strictObject({
  from: z.int().min(0).describe('Weeks at the least.'),
  to: z.int().min(0).describe('Weeks at the most.'),
});

/** Patch releases. Seed: "Patch Releases". */
export const PatchPolicy = z.strictObject({
  since: Line.optional().describe('First line the number of patches holds for.'),
  perMinor: z.int().min(0).default(2).describe('How many patch releases are planned after a minor.'),
  onlyLatestMinor: z.boolean().default(true).describe('Whether only the latest minor gets patches.'),
  totalWeeks: Weeks.optional().describe('How long the whole takes.'),
  weeksAfterRegression: Weeks.optional().describe('When after a regression was found it should be released.'),
  documentationAlone: z.boolean().default(false).describe('Whether broken documentation alone is a reason.'),
  criteria: z.array(PatchCriterion).default([]).describe('When a regression asks for a patch release.'),
  phases: z.array(PatchPhase).default([]).describe('Its phases in order.'),
  regression: TriageSigns.prefault({}).describe('What marks a regression from the release before.'),
  severe: TriageSigns.prefault({}).describe('What marks a crash, a silently wrong result, a problem of security.'),
  documentation: TriageSigns.prefault({}).describe('What marks a matter of documentation.'),
  goPeople: z.int().min(1).max(5).default(1).describe('How many release managers must say go.'),
  triageLabel: z.string().default('triage review').describe('Label of candidates for a patch.'),
});
export type PatchPolicy = z.infer<typeof PatchPolicy>;

/** Tutorials of a release. Seed: "Submitting Tutorials". */
export const TutorialPolicy = z
  .strictObject({
    repo: z
      .string()
      .min(1)
      .describe('Repository that they go to: one of the train, or any on its forge as owner/name.'),
    label: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Label of the pull requests with the tutorials of a release: {line}. {version} is the release.'),
    milestone: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Title of the milestone with the tutorials of a release, where they have no label: {version}.'),
    daysBeforeRelease: z
      .int()
      .min(0)
      .default(14)
      .describe('How many days before the release they must be there for review.'),
    owner: z.string().min(1).optional().describe('Workstream that sees to them; otherwise the release managers.'),
    picks: z.boolean().default(false).describe('Whether they can be cherry-picked.'),
  })
  .refine(({ label, milestone }) => label === undefined || milestone === undefined, {
    error: 'they are told by a label or by a milestone, not by both',
    path: ['milestone'],
  });
export type TutorialPolicy = z.infer<typeof TutorialPolicy>;
