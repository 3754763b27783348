import { z } from 'zod';
import { Digest } from '../canonical-json.ts';
import { PageChange, PageDigests, PagePlace } from '../index-page.ts';
import { RepoKey } from '../repo.ts';
import { StoreKey } from '../store-key.ts';
import { ChannelName } from '../train/channels.ts';
import { common, FileAt, fileFacts } from './step-parts.ts';

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
  /** That how it is served is set as well: its bytes may be as they are to be already. */
  serves: z.literal(true).optional(),
});
export type PublishPageStep = z.infer<typeof PublishPageStep>;

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
  /**
   * The ETag of the source in the state in which it was found to have this digest, where its store tells one: a listing that shows it again saves a
   * look at the source. Another one proves nothing against the source.
   */
  etag: z.string().min(1).max(200).optional(),
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
