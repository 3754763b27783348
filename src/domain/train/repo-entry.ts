import { z } from 'zod';
import { BranchName } from '../git-names.ts';
import { RepoRole, RepoSlug } from '../repo.ts';
import { Line } from '../version.ts';
import { Edit } from './edit.ts';
import { RecordedRun } from './evidence.ts';

/**
 * How a repository's own line follows from the train's: the same; counted along from one known pair (torch 2.0 is vision 0.15, so 2.7 is 0.22);
 * or listed. A listed line wins over the rule.
 */
const VersionRule = z.strictObject({
  follow: z
    .enum(['same', 'count', 'listed'])
    .describe(
      "same: the train's own number. count: one minor for each of the train's, from `pair`. listed: only what `lines` says.",
    ),
  pair: z
    .strictObject({
      train: Line.describe('A line of the train.'),
      repo: Line.describe("The repository's line that belongs to it."),
    })
    .optional()
    .describe("For `count`: one line of the train and the repository's line that belongs to it."),
  lines: z
    .record(Line, Line)
    .default({})
    .describe('Lines of the train whose repository line does not follow the rule.'),
});
export type VersionRule = z.infer<typeof VersionRule>;

/** A branch pattern: `{line}` stands for the repository's own line. */
export const BranchPattern = z
  .string()
  .regex(/\{line\}/, { error: 'a branch pattern must contain {line}, for example release/{line}' });

/** A pattern for job names: the whole name, `*` for any text. */
const JobPattern = z.string().min(1);

/** A named set of jobs of which every one must be green on a commit. */
const JobSet = z.strictObject({
  ref: BranchName.describe('The branch whose newest commit is judged, for example nightly or viable/strict.'),
  jobs: z
    .array(JobPattern)
    .min(1)
    .describe('Names of the jobs that must be green; * stands for any text. Each pattern must match at least one job.'),
  ignore: z.array(JobPattern).default([]).describe('Names of jobs that do not count, for example known unstable ones.'),
});
export type JobSet = z.infer<typeof JobSet>;

/** One repository of the train. */
export const RepoEntry = z.strictObject({
  role: RepoRole.describe(
    "core sets the number; infra is cut with core; domain follows once core's candidate is staged; external is only watched.",
  ),
  slug: RepoSlug.optional().describe(
    'owner/name on the forge. Without it, nothing of this repository is read from or written to a forge.',
  ),
  remote: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Address or path that git fetches from and pushes to. By default it follows from the forge and the slug.',
    ),
  version: VersionRule.default({ follow: 'same', lines: {} }).describe(
    "How the repository's line follows from the train's.",
  ),
  source: BranchName.describe('The branch a release is cut from.'),
  main: BranchName.default(BranchName.parse('main')).describe('The default branch, where the next line goes on.'),
  branch: BranchPattern.optional().describe(
    "The release branch, where it differs from the train's `branches.release`.",
  ),
  cutPoint: BranchPattern.nullable()
    .optional()
    .describe("The frozen cut point, where it differs from the train's; null if the repository has none."),
  otherBranches: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), BranchPattern)
    .default({})
    .describe('Release branches of other products that are kept in this repository: product to pattern.'),
  versionFiles: z
    .array(z.string())
    .default([])
    .describe('Files that hold nothing but the version, for example version.txt.'),
  packages: z.array(z.string()).default([]).describe('Names of the packages it builds.'),
  since: Line.optional().describe('First line of the train that has this repository.'),
  until: Line.optional().describe('Last line of the train that has this repository.'),
  owners: z.array(z.string()).default([]).describe('Logins of who answers for it, the first being asked first.'),
  nightlies: JobSet.optional().describe(
    'Jobs that must be green on the nightly commit before the cut (gate nightlies-green).',
  ),
  sourceGreen: JobSet.omit({ ref: true })
    .optional()
    .describe('Jobs that must be green on the commit to cut (gate branch-source-green).'),
  branchGreen: JobSet.omit({ ref: true })
    .optional()
    .describe(
      'Jobs that must be green on the release branch before a candidate is final, and on the final candidate afterwards (gate health-green).',
    ),
  submodules: z
    .strictObject({
      organisation: z
        .url()
        .optional()
        .describe(
          "Where the organisation's forks lie: https://github.com/pytorch. Patched submodules must be below it.",
        ),
      patched: z.array(z.string().min(1)).default([]).describe('Paths of submodules that carry patches of our own.'),
      except: z
        .record(z.string().min(1), z.string().min(1))
        .default({})
        .describe('Paths of submodules that are not looked at, each with the reason.'),
    })
    .optional()
    .describe('Submodules whose commits must be on their recorded branches (gate submodules-pinned).'),
  binaries: z
    .strictObject({
      workflows: z
        .array(z.string().min(1))
        .min(1)
        .describe(
          'Workflow files that build what is released; * within a name. Together they must match at least one.',
        ),
      recorded: z
        .array(RecordedRun)
        .default([])
        .describe(
          'Those of them whose matrices are made when they run: the jobs of their newest run count for workflows-cover-matrix, where it can stand for the file.',
        ),
    })
    .optional()
    .describe(
      'Workflows that the tag of a candidate must start (gates rc-trigger-present, builds-started, builds-green).',
    ),
  staged: z
    .strictObject({
      jobs: z.array(JobPattern).min(1).describe('Names of the jobs; * stands for any text.'),
      cells: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe(
          'Expected files that must be in the channel before others build against the candidate, by their cells: torch/wheel/linux-*. All where left out.',
        ),
    })
    .optional()
    .describe(
      "Jobs on a candidate's commit that upload its files. For a train without a channel of candidates, green means that they are there (gate core-rc-staged).",
    ),
  onBranch: z.array(Edit).default([]).describe('Release-only edits on the release branch.'),
  onMain: z
    .array(Edit)
    .default([])
    .describe('Edits on the default branch in the same stroke as the cut, for example the version of the nightlies.'),
});
export type RepoEntry = z.infer<typeof RepoEntry>;
