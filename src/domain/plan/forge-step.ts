import { z } from 'zod';
import { BranchName, ObjectId } from '../git-names.ts';
import { RepoKey, RepoSlug } from '../repo.ts';
import { common, FileAt, fileFacts } from './step-parts.ts';

const onForge = { repo: RepoKey, slug: RepoSlug };

/** A pull request; found again by its hidden marker and its head branch, so that it is never opened twice. */
export const OpenPullRequestStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('open-pull-request'),
  head: BranchName,
  base: BranchName,
  title: z.string().min(1),
  body: z.string(),
  draft: z.boolean(),
  /** Title of the milestone it is put into before anything else is done with it; left out for none. */
  milestone: z.string().min(1).optional(),
});
export type OpenPullRequestStep = z.infer<typeof OpenPullRequestStep>;

export const CreateMilestoneStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('create-milestone'),
  title: z.string().min(1),
  description: z.string(),
});
export type CreateMilestoneStep = z.infer<typeof CreateMilestoneStep>;

/** Labels that must exist before an issue can carry them; colour is six hexadecimal digits. */
export const EnsureLabelStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('ensure-label'),
  name: z.string().min(1),
  color: z.string().regex(/^[0-9a-f]{6}$/),
  description: z.string(),
});
export type EnsureLabelStep = z.infer<typeof EnsureLabelStep>;

/** An issue; found again by the hidden marker in its body (`<!-- signalbox:… -->`), by an author the train trusts, never by its title. */
export const CreateIssueStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('create-issue'),
  marker: z.string().regex(/^signalbox:[^<>]{1,200}$/),
  /** Logins whose issue with this marker counts as ours, besides the one who applies: an outsider's copy of the marker does not. */
  trusted: z.array(z.string()),
  title: z.string().min(1),
  body: z.string(),
  labels: z.array(z.string()),
  milestone: z.string().nullable(),
  assignees: z.array(z.string()),
});
export type CreateIssueStep = z.infer<typeof CreateIssueStep>;

/** Puts an issue or pull request into a milestone, or takes it out. Found in another one than `from`, it stops: somebody decided otherwise. */
export const SetMilestoneStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('set-milestone'),
  item: z.int().min(1),
  /** Titles of milestones; null for none. */
  from: z.string().min(1).nullable(),
  to: z.string().min(1).nullable(),
});
export type SetMilestoneStep = z.infer<typeof SetMilestoneStep>;

/** A comment under an issue or pull request; found again by its hidden marker, by an author the train trusts, so that it is written once. */
export const WriteCommentStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('write-comment'),
  item: z.int().min(1),
  marker: z.string().regex(/^signalbox:[^<>]{1,200}$/),
  /** Logins whose comment with this marker counts as ours, besides the one who applies. */
  trusted: z.array(z.string()),
  body: z.string().min(1),
});
export type WriteCommentStep = z.infer<typeof WriteCommentStep>;

/**
 * Closes what a step of an earlier plan opened: the reverse of the steps that create something on the forge. Of a release the draft is deleted, found by
 * its tag (`title`) and the number that the forge gave it; one that was published stays.
 */
export const CloseStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('close'),
  what: z.enum(['issue', 'pull-request', 'milestone', 'release']),
  number: z.int().min(1),
  title: z.string(),
  /** The milestone it is taken out of as well: what did not come is no closed item of it. */
  milestone: z.string().min(1).optional(),
});
export type CloseStep = z.infer<typeof CloseStep>;

/**
 * The release of a tag on the forge, as a draft that only people with rights see; found again by its tag and the hidden marker in its body
 * (`<!-- signalbox:release TAG -->`). The tag need not exist yet.
 */
export const DraftReleaseStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('draft-release'),
  tag: z.string().min(1),
  commit: ObjectId,
  title: z.string().min(1),
  body: z.string(),
});
export type DraftReleaseStep = z.infer<typeof DraftReleaseStep>;

/** A file of a channel attached to the release of a tag, before that is published. */
export const AttachFileStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('attach-file'),
  tag: z.string().min(1),
  name: z.string().min(1),
  from: FileAt,
  ...fileFacts,
});
export type AttachFileStep = z.infer<typeof AttachFileStep>;

/** Makes the draft visible to everybody, with exactly the files that were planned; never while the tag is elsewhere than on `commit`, or nowhere. */
export const PublishReleaseStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('publish-release'),
  tag: z.string().min(1),
  commit: ObjectId,
  latest: z.boolean(),
  files: z.array(z.strictObject({ name: z.string().min(1), size: z.int().min(1) })),
});
export type PublishReleaseStep = z.infer<typeof PublishReleaseStep>;

/**
 * Jobs of a workflow's run that failed, started again as its next attempt, with those that need them. A run that was started again since the plan, with the
 * job, is adopted: there is nothing more to do.
 */
export const RerunJobsStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('rerun-jobs'),
  tag: z.string().min(1),
  commit: ObjectId,
  run: z.int().min(1),
  /** The attempt that failed. */
  attempt: z.int().min(1),
  /** The one job by its number; null for every failed one of the run. */
  job: z.int().min(1).nullable(),
  names: z.array(z.string().min(1)).min(1),
});
export type RerunJobsStep = z.infer<typeof RerunJobsStep>;
