import type { Instant } from '../domain/instant.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { FileFacts, FileRef } from './artifact-files.ts';
import type { ChannelPlaceRef } from './index-pages.ts';

/** A version of a project on a package index. */
export interface PackageVersion {
  readonly project: string;
  readonly version: string;
}

/** A file as the index lists it now. */
export interface PublishedFile {
  readonly name: string;
  /** Null where the index does not tell it. */
  readonly size: number | null;
  readonly digest: Digest | null;
  readonly uploadedAt: Instant | null;
  /** The reason, or an empty text; null when it is not yanked. */
  readonly yanked: string | null;
  /** Whether the list that installers read has it; false where only the index's own record of the version tells of it. */
  readonly listed: boolean;
}

/** What came of an upload: it is accepted, or the index said no and has nothing of it. */
export type UploadAnswer = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/**
 * Where an upload stands, in the states of PEP 694. The legacy API has no sessions: each of its uploads goes from `open` to `published` in one request,
 * and cannot be canceled.
 */
export type UploadState = 'open' | 'processing' | 'published' | 'error' | 'canceled';

/**
 * The package indexes that the train's channels name, as whoever publishes sees them. Failures of the world are thrown (`PackageIndexError`), also
 * when it is not known whether an upload arrived: then `look` tells.
 */
export interface PackageFiles {
  /** What is missing here to upload there (an address, a token), and how to give it; null for nothing. Asks nobody. */
  missing(at: ChannelPlaceRef): Promise<string | null>;
  /**
   * The files of a version; empty when the index knows none. Read past every cache. A file that was accepted just now through this very port, and is
   * not listed yet, is asked for again a few times.
   */
  look(at: ChannelPlaceRef, of: PackageVersion): Promise<readonly PublishedFile[]>;
  /**
   * Uploads one file out of a place of a channel; its digest is sent with it and checked by the index. Never sent again when it is not known what came
   * of it: the index is looked at, and when that does not tell either, it throws.
   */
  upload(
    at: ChannelPlaceRef,
    of: PackageVersion,
    file: FileFacts & { readonly name: string; readonly from: FileRef },
  ): Promise<UploadAnswer>;
  /** Yanks a version, where the index lets a program do it; otherwise says how a person does. Accepted when it is seen as yanked. */
  yank(at: ChannelPlaceRef, of: PackageVersion, reason: string): Promise<UploadAnswer>;
}
