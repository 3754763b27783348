import { z } from 'zod';
import { BranchName } from '../git-names.ts';
import { RepoKey } from '../repo.ts';
import { lineSpan } from './span.ts';

/** Where the documentation of each release lies, and what it must have (gate docs-built). */
export const DocsEntry = z.strictObject({
  repo: RepoKey.describe('Repository of the train that holds the built documentation.'),
  branch: BranchName.default(BranchName.parse('main')).describe('Its branch.'),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe('A file that must be there: {line}/index.html. {version} is the release.'),
        contains: z
          .array(z.string().min(1))
          .default([])
          .describe('Texts that it must hold, for example {line} in a menu of versions.'),
        ...lineSpan,
      }),
    )
    .min(1)
    .describe('Files of the entry.'),
});
export type DocsEntry = z.infer<typeof DocsEntry>;

/** A workflow whose jobs only a run knows (gate workflows-cover-matrix). */
export const RecordedRun = z.strictObject({
  workflow: z.string().min(1).describe('Path of the workflow file; * within a name.'),
  branch: BranchName.optional().describe(
    'Branch whose newest run counts: nightly. By default the one whose files are read, the release branch or what it is cut from.',
  ),
  days: z.int().min(1).max(400).default(14).describe('How many days old the run may be.'),
});
export type RecordedRun = z.infer<typeof RecordedRun>;

/** The workflow that tests the files of a candidate as users get them (gate binaries-validated). */
export const Validation = z.strictObject({
  repo: RepoKey.describe('Repository of the train whose workflow it is.'),
  workflow: z.string().min(1).describe('Path of the workflow file.'),
  ref: BranchName.optional().describe(
    'Branch whose tests count. By default the release branch of its repository: what main tests may not hold for the candidate.',
  ),
  digests: z
    .enum(['told', 'time'])
    .default('time')
    .describe(
      'told: only jobs count that tell the digest of what they tested (docs/validation.md). time: a job that tells none counts as weaker evidence when it began after the file was recorded.',
    ),
});
export type Validation = z.infer<typeof Validation>;
