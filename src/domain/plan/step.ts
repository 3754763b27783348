import { z } from 'zod';
import { GeneratedFiles } from '../generated-files.ts';
import { Digest } from '../canonical-json.ts';
import { BranchName, ObjectId, RefName } from '../git-names.ts';
import { PageChange, PageDigests, PagePlace } from '../index-page.ts';
import { Instant } from '../instant.ts';
import { RepoKey, RepoSlug } from '../repo.ts';
import { StoreKey } from '../store-key.ts';
import { ChannelName } from '../train/channels.ts';

/** `yes`: taken back wholly; `partly`: taken back, but somebody may have seen it; `never`: two people and a typed phrase. */
export const Reversible = z.enum(['yes', 'partly', 'never']);
export type Reversible = z.infer<typeof Reversible>;

const common = {
  /** Idempotency: the same key twice is one effect. `<kind>:<repo>:<what>`. */
  key: z.string().min(1),
  /** Steps of one wave are carried out side by side; a wave starts when the one before is done. */
  wave: z.int().min(0),
  reversible: Reversible,
  /** What the reverse is, or why there is none; for people. */
  undo: z.string(),
};

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

/** Closes what a step of an earlier plan opened: the reverse of the three steps that create something on the forge. */
export const CloseStep = z.strictObject({
  ...common,
  ...onForge,
  kind: z.literal('close'),
  what: z.enum(['issue', 'pull-request', 'milestone']),
  number: z.int().min(1),
  title: z.string(),
  /** The milestone it is taken out of as well: what did not come is no closed item of it. */
  milestone: z.string().min(1).optional(),
});
export type CloseStep = z.infer<typeof CloseStep>;

/** A place of a channel: its number among those of the channel that are stores of objects, in the order of the train file. */
const inChannel = { repo: RepoKey, channel: ChannelName, place: z.int().min(0) };

/**
 * Metadata files of wheels of one folder, taken out of the wheels that lie there and put beside them (PEP 658). What lies there with the planned digest
 * is adopted.
 */
export const PublishMetadataStep = z.strictObject({
  ...common,
  ...inChannel,
  kind: z.literal('publish-metadata'),
  folder: z.string(),
  files: z
    .array(
      z.strictObject({
        wheel: z.string().min(1),
        digest: Digest,
        /** Null: nothing lies there. */ before: Digest.nullable(),
      }),
    )
    .min(1),
});
export type PublishMetadataStep = z.infer<typeof PublishMetadataStep>;

/**
 * One page of a channel's index, in both its forms, from the bytes it was planned on to the bytes it is to have. The change is in the step, the whole page
 * is not: whoever carries it out applies the change to the page that lies there, and writes only what has the planned digests.
 */
export const PublishPageStep = z.strictObject({
  ...common,
  ...inChannel,
  kind: z.literal('publish-page'),
  page: PagePlace,
  before: PageDigests,
  after: PageDigests,
  change: PageChange,
  /** Whether the change taken back gives the bytes of before. */
  exact: z.boolean(),
});
export type PublishPageStep = z.infer<typeof PublishPageStep>;

/** Where a file of a channel lies. */
export const FileAt = z.strictObject({ channel: ChannelName, place: z.int().min(0), key: StoreKey });
export type FileAt = z.infer<typeof FileAt>;

/** What a file is, byte for byte. */
const fileFacts = { size: z.int().min(1), digest: Digest };

/**
 * One file into another place, inside the store where it can be. What lies there with the planned digest is adopted; anything else than `before` stops
 * the plan. A source with other bytes than the planned ones is never copied.
 */
export const CopyFileStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('copy-file'),
  from: FileAt,
  to: FileAt,
  ...fileFacts,
  /** The digest of what may be written over; null: nothing may lie there. */
  before: Digest.nullable(),
});
export type CopyFileStep = z.infer<typeof CopyFileStep>;

/** A wheel of another version made from one that lies in a channel: what comes out was computed when the plan was made, and is part of it. */
export const ReversionFileStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('reversion-file'),
  from: FileAt,
  source: z.strictObject(fileFacts),
  to: FileAt,
  ...fileFacts,
  before: Digest.nullable(),
  order: z.strictObject({
    local: z.string().nullable(),
    siblings: z.array(z.string()),
    dropClassifiers: z.array(z.string()),
    dropSignatures: z.boolean(),
  }),
});
export type ReversionFileStep = z.infer<typeof ReversionFileStep>;

/** Takes a file out of a place, when it is the planned one: the reverse of a copy. */
export const RemoveFileStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('remove-file'),
  at: FileAt,
  ...fileFacts,
});
export type RemoveFileStep = z.infer<typeof RemoveFileStep>;

/** Digests recorded with objects that lack them, the bytes read for it: nothing else of the object changes. Seed: PRO-07. */
export const RecordDigestStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('record-digest'),
  at: FileAt,
  ...fileFacts,
});
export type RecordDigestStep = z.infer<typeof RecordDigestStep>;

/** A package index, and the version of a project in it. */
const inIndex = {
  to: z.strictObject({ channel: ChannelName, place: z.int().min(0) }),
  /** As its makers write it. */
  project: z.string().min(1),
  version: z.string().min(1),
};

/** One file uploaded to a package index. Its name can never be used again: the same digest there is adopted, any other stops the plan. */
export const UploadFileStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('upload-file'),
  from: FileAt,
  ...inIndex,
  file: z.string().min(1),
  ...fileFacts,
});
export type UploadFileStep = z.infer<typeof UploadFileStep>;

/** A version of a project that installers no longer choose by themselves (PEP 592): its files stay. */
export const YankReleaseStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('yank-release'),
  ...inIndex,
  reason: z.string().min(1),
});
export type YankReleaseStep = z.infer<typeof YankReleaseStep>;

/**
 * Files read as everybody reads them: each there, of its size and digest, listed by the index of its place. Changes nothing; what is not there yet stops
 * the plan until it is.
 */
export const ReadBackStep = z.strictObject({
  ...common,
  repo: RepoKey,
  kind: z.literal('read-back'),
  channel: ChannelName,
  /** Among the places of its kind, in the order of the train file. */
  place: z.int().min(0),
  of: z.enum(['object-store', 'package-index']),
  /** Of the package index: which version of which project. Null for a store. */
  release: z.strictObject({ project: z.string().min(1), version: z.string().min(1) }).nullable(),
  files: z.array(z.strictObject({ key: StoreKey, ...fileFacts })).min(1),
});
export type ReadBackStep = z.infer<typeof ReadBackStep>;

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

export const Step = z.discriminatedUnion('kind', [
  PushRefsStep,
  PushCommitStep,
  PushPickStep,
  PushTagStep,
  OpenPullRequestStep,
  CreateMilestoneStep,
  EnsureLabelStep,
  CreateIssueStep,
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
]);
export type Step = z.infer<typeof Step>;
