import { z } from 'zod';
import { GeneratedFiles } from '../generated-files.ts';
import { BranchName, ObjectId, RefName } from '../git-names.ts';
import { Instant } from '../instant.ts';
import { RepoKey } from '../repo.ts';
import {
  PublishMetadataStep,
  PublishPageStep,
  CopyFileStep,
  ReversionFileStep,
  RemoveFileStep,
  RecordDigestStep,
  UploadFileStep,
  YankReleaseStep,
  ReadBackStep,
} from './file-step.ts';
import {
  OpenPullRequestStep,
  CreateMilestoneStep,
  EnsureLabelStep,
  CreateIssueStep,
  SetMilestoneStep,
  WriteCommentStep,
  CloseStep,
  DraftReleaseStep,
  AttachFileStep,
  PublishReleaseStep,
  RerunJobsStep,
} from './forge-step.ts';
import { common } from './step-parts.ts';

export * from './file-step.ts';
export * from './forge-step.ts';
export { FileAt, Reversible } from './step-parts.ts';

const inRepo = { repo: RepoKey, remote: z.string().min(1) };

/** A ref of the remote whose history holds the commits of the step, so that they can be fetched again; null where nothing is sent. */
const via = { via: RefName.nullable() };

/** One ref to create (`from` null), move forward, or delete (`to` null). */
export const RefUpdate = z.strictObject({ ref: RefName, from: ObjectId.nullable(), to: ObjectId.nullable() });
export type RefUpdate = z.infer<typeof RefUpdate>;

/** Refs of one repository, pushed atomically. What is already at `to` is adopted; what is elsewhere than `from` stops the plan. */
export const PushRefsStep = z.strictObject({
  ...common,
  ...inRepo,
  ...via,
  kind: z.literal('push-refs'),
  updates: z.array(RefUpdate).min(1),
});
export type PushRefsStep = z.infer<typeof PushRefsStep>;

/** A file as a commit leaves it. `before` is the blob it was planned on, null for a new file; `after` the whole new text, null to delete it. */
export const FileChange = z.strictObject({
  path: z.string().min(1),
  mode: z.enum(['100644', '100755']),
  before: ObjectId.nullable(),
  after: z.string().nullable(),
});
export type FileChange = z.infer<typeof FileChange>;

export const Signature = z.strictObject({ name: z.string().min(1), email: z.string().min(1) });
export type Signature = z.infer<typeof Signature>;

/**
 * One commit with the given changes on `parent`, pushed to `branch`. `from` is what the branch must be at (null: must not exist).
 * Author, date and message are fixed, so that the commit's id follows from the plan.
 */
export const PushCommitStep = z.strictObject({
  ...common,
  ...inRepo,
  ...via,
  kind: z.literal('push-commit'),
  branch: BranchName,
  from: ObjectId.nullable(),
  parent: ObjectId,
  files: z.array(FileChange).min(1),
  message: z.string().min(1),
  author: Signature,
  date: Instant,
});
export type PushCommitStep = z.infer<typeof PushCommitStep>;

/**
 * Commits of another branch carried over onto `onto`, in order (`git cherry-pick -x`: author and message kept, the source named), or taken back
 * (`git revert`), pushed to a branch of their own. What comes out was computed when the plan was made, and is part of it.
 */
export const PushPickStep = z.strictObject({
  ...common,
  ...inRepo,
  kind: z.literal('push-pick'),
  /** Refs of the remote whose histories hold `onto` and the commits. */
  via: z.array(RefName).min(1),
  branch: BranchName,
  /** What the branch must be at; null: must not exist. */
  from: ObjectId.nullable(),
  does: z.enum(['pick', 'revert']),
  onto: ObjectId,
  commits: z.array(ObjectId).min(1),
  committer: Signature,
  /** `mark`: a conflict is committed with its markers, for a draft that people finish. Never in a plan that is to be merged as it is. */
  conflicts: z.enum(['stop', 'mark']),
  /** Files that conflict and are made again by their command instead; left out where nothing has to be. */
  generated: z.array(GeneratedFiles).min(1).optional(),
  result: z.strictObject({ commit: ObjectId, tree: ObjectId }),
});
export type PushPickStep = z.infer<typeof PushPickStep>;

/** An annotated tag on a commit; never moved, never forced. A tag that exists on the same commit is adopted. */
export const PushTagStep = z.strictObject({
  ...common,
  ...inRepo,
  ...via,
  kind: z.literal('push-tag'),
  tag: z.string().min(1),
  commit: ObjectId,
  message: z.string().min(1),
  tagger: Signature,
  date: Instant,
  sign: z.boolean(),
});
export type PushTagStep = z.infer<typeof PushTagStep>;

export const Step = z.discriminatedUnion('kind', [
  PushRefsStep,
  PushCommitStep,
  PushPickStep,
  PushTagStep,
  OpenPullRequestStep,
  CreateMilestoneStep,
  EnsureLabelStep,
  CreateIssueStep,
  SetMilestoneStep,
  WriteCommentStep,
  CloseStep,
  PublishMetadataStep,
  PublishPageStep,
  CopyFileStep,
  ReversionFileStep,
  RemoveFileStep,
  RecordDigestStep,
  UploadFileStep,
  YankReleaseStep,
  ReadBackStep,
  DraftReleaseStep,
  AttachFileStep,
  PublishReleaseStep,
  RerunJobsStep,
]);
export type Step = z.infer<typeof Step>;
