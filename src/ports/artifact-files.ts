import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { ReversionFileStep } from '../domain/plan/step.ts';
import type { StoreKey } from '../domain/store-key.ts';
import type { ChannelPlaceRef } from './index-pages.ts';

/** Where a file lies: a key in a place of a channel. */
export interface FileRef extends ChannelPlaceRef {
  readonly key: StoreKey;
}

/** What a file is to be. */
export interface FileFacts {
  readonly size: number;
  readonly digest: Digest;
}

/** A file as it lies in a channel now. */
export interface FoundFile {
  readonly size: number;
  /** The digest recorded with it; null where none was: then only its bytes tell (`read`). */
  readonly digest: Digest | null;
}

/** A file as a listing tells of it. */
export interface ListedFile {
  /** Null where listings of its store do not tell it. */
  readonly size: number | null;
  /** Another one for other bytes; null where listings do not tell it. */
  readonly etag: string | null;
}

/** What came of a change of one file: what then was looked at, or why nothing was changed. */
export type FileAnswer =
  | { readonly done: true; readonly found: FoundFile }
  | { readonly done: false; readonly reason: string };

/** What may be written over: nothing (null), or a file with this digest. */
export interface FileChangeDraft extends FileFacts {
  readonly before: Digest | null;
}

/** What listings told of both ends of a copy a moment ago, so that it is not asked for once more. */
export interface SeenEnds {
  /** The ETag of the source, under which it was found to be the wanted file before; null where that is not known, and the source is looked at. */
  readonly source: string | null;
  /** Whether nothing lay at the destination. */
  readonly isFree: boolean;
}

export interface FileCopyDraft extends FileChangeDraft {
  readonly seen?: SeenEnds;
  /** Told when the copy was made and is only to be looked at. */
  readonly made?: () => void;
}

/**
 * Files of the train's channels, by the places that the train file names. Failures of the world are thrown (`ArtifactStoreError`, `ByteSourceError`); that
 * a source is gone or another file than planned, or that somebody else was quicker, is an answer.
 */
export interface ArtifactFiles {
  /** The file as it is now; null when there is none. */
  look(at: FileRef): Promise<FoundFile | null>;
  /** The digest of its bytes, all of them read; null when there is none. */
  read(at: FileRef): Promise<Digest | null>;
  /** Its bytes, of the state that the first read finds; that there is none is told by that read (`missing`). */
  source(at: FileRef): Promise<ByteSource>;
  /**
   * What listings of the place tell of files: null where nothing lies there. Left out are those that it would take more requests to list than to look
   * at one by one.
   */
  list(at: ChannelPlaceRef, keys: readonly StoreKey[]): Promise<ReadonlyMap<StoreKey, ListedFile | null>>;
  /** Copies, inside the store where that is possible, and looks at the copy. */
  copy(from: FileRef, to: FileRef, wanted: FileCopyDraft): Promise<FileAnswer>;
  /** Makes a wheel of another version. The result has exactly the wanted digest, or nothing is put there. */
  reversion(
    from: FileRef & { readonly is: FileFacts },
    to: FileRef,
    wanted: FileChangeDraft & { readonly order: ReversionFileStep['order'] },
  ): Promise<FileAnswer>;
  /** Records the digest with a file that lies there without it, once its bytes were read and have it. */
  recordDigest(at: FileRef, is: FileFacts): Promise<FileAnswer>;
  /** Takes the file away, if it is this one; a file that is not there is an answer too. */
  remove(at: FileRef, is: FileFacts): Promise<{ readonly removed: boolean; readonly reason: string | null }>;
  /** Why files of a place are not as everybody is to see them, read through its public address; empty when all is well. */
  readBack(at: ChannelPlaceRef, files: readonly (FileFacts & { readonly key: StoreKey })[]): Promise<readonly string[]>;
}
