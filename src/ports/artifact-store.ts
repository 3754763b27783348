import type { ByteSource, Splice } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { Instant } from '../domain/instant.ts';
import type { StoreKey } from '../domain/store-key.ts';

/** An object as a listing tells of it. What the listing does not tell is null: `look` does. */
export interface ListedObject {
  readonly key: StoreKey;
  readonly size: number | null;
  /** Another one for other bytes; means nothing else. */
  readonly etag: string | null;
  /** The digest that was recorded with it: a claim, until the bytes were read. */
  readonly sha256: Digest | null;
  readonly modified: Instant | null;
}

/** One page of a listing. */
export interface ListedPage {
  /** Ascending by `compareKeys`, also from page to page. */
  readonly objects: readonly ListedObject[];
  /** Names found there that are no `StoreKey`, so that nothing can be asked about them; told, never left out in silence. */
  readonly strange: readonly string[];
}

/** An object as it is now. */
export interface StoredObject {
  readonly key: StoreKey;
  readonly size: number;
  readonly etag: string;
  /** The digest that was recorded with it: a claim, until the bytes were read. Null where none was. */
  readonly sha256: Digest | null;
  readonly modified: Instant;
  readonly contentType: string | null;
  readonly cacheControl: string | null;
}

/** How an object is served. */
export interface ServedAs {
  readonly contentType: string;
  readonly cacheControl: string | null;
}

/** What must be there before something is written: nothing, or the object with this ETag. Null where anything may be overwritten. */
export type WriteCondition = 'absent' | { readonly etag: string } | null;

/** What is put: bytes at hand, or `size` bytes that come one piece after the other. */
export type Content =
  | { readonly bytes: Uint8Array }
  | { readonly size: number; readonly stream: AsyncIterable<Uint8Array> };

export interface PutDraft {
  /** Of the content: what comes is held against it before anything is visible, and it is recorded with the object. */
  readonly sha256: Digest;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

export interface CopyDraft {
  /** What the copy must have; another size or another recorded digest is a `mismatch`. A null digest is not held against anything. */
  readonly size: number;
  readonly sha256: Digest | null;
  /** Null: served as the source is, with its recorded digest. Otherwise written anew, with `sha256` as the recorded digest. */
  readonly served: ServedAs | null;
  readonly onlyIf: WriteCondition;
  /** Whether a listing told a moment ago that nothing is there: `absent` is then asked of the store alone, and not looked at by itself before. */
  readonly isFree?: boolean;
  /**
   * Whether the source, in the state that it is pinned to, was found before to have `sha256` recorded. A store may then take a listing that shows the copy as
   * that state for the look at it.
   */
  readonly isKnown?: boolean;
  /** Told when the copy was made and is only to be looked at, which may take a while where a listing shows many. */
  readonly made?: () => void;
}

/** A copy as the store told of it afterwards: with its digest as recorded, or as recorded with the source whose very state the copy is. */
export type CopiedObject = Omit<StoredObject, 'contentType' | 'cacheControl'>;

export interface ComposeDraft {
  readonly splice: Splice;
  /** Of the result, where it is known; recorded with it. */
  readonly sha256: Digest | null;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

/** What a composition came to. */
export interface Composed {
  readonly object: StoredObject;
  /** `in-store`: what the splice takes over was copied where it lies. `through-here`: all of it was read and sent. */
  readonly made: 'in-store' | 'through-here';
  /** Bytes of content that went to the store, and that were read for it. */
  readonly sent: number;
  readonly read: number;
}

/** A store that can only be read. Failures throw `ArtifactStoreError`, those of a source `ByteSourceError`. */
export interface ReadableStore {
  /** For people: its address, without secrets. */
  readonly name: string;
  /** All objects whose key begins with `prefix` (any text, '' for all) and comes after `after`, page by page. */
  list(prefix: string, after?: StoreKey): AsyncIterable<ListedPage>;
  /** The object as it is now; null when there is none. */
  look(key: StoreKey): Promise<StoredObject | null>;
  /** Its bytes: of the state with this ETag, or else of the state that the first read finds. */
  source(key: StoreKey, etag?: string): ByteSource;
}

/**
 * A place in which artifacts live. Every write is looked at again afterwards: an answer is what the store then told of the object, with size and
 * digest as asked. Conditions are asked of the store and held by us before and after, since stores exist that ignore them: two writers at one
 * moment are kept apart by the lease of whoever carries out the plan. Failures throw `ArtifactStoreError`; those of the source that is copied or
 * composed from, `ByteSourceError`.
 */
export interface ArtifactStore extends ReadableStore {
  /** Writes an object whole; it is visible only when it is complete and has its digest. */
  put(key: StoreKey, content: Content, draft: PutDraft): Promise<StoredObject>;
  /** Whether `copy` can take from this source without the bytes passing through here. */
  reaches(from: ByteSource): boolean;
  /** Copies inside the store, or from another place of the same server; throws `not-here` for a source that it does not reach. */
  copy(from: ByteSource, to: StoreKey, draft: CopyDraft): Promise<CopiedObject>;
  /** Writes a splice of the source: inside the store where it can be, otherwise as a stream through here, with the same bytes. */
  compose(from: ByteSource, to: StoreKey, draft: ComposeDraft): Promise<Composed>;
  /** Takes the object away; false when it was not there. */
  remove(key: StoreKey, onlyIf: { readonly etag: string } | null): Promise<boolean>;
}

/**
 * Why a store failed or said no. `missing`: the object is not there. `exists`: something is there already. `changed`: it is not what was seen before.
 * `mismatch`: what came, or what was read back, is not what was to be written. `not-here`: the source is not of this store. `invalid`: the store cannot
 * have such a name or size. `not-allowed`, `full`, `busy`, `unreachable`, `unexpected-answer`: as they say.
 */
export type ArtifactStoreFailure =
  | 'missing'
  | 'exists'
  | 'changed'
  | 'mismatch'
  | 'not-here'
  | 'invalid'
  | 'not-allowed'
  | 'full'
  | 'busy'
  | 'unreachable'
  | 'unexpected-answer';

export class ArtifactStoreError extends Error {
  readonly code: ArtifactStoreFailure;

  constructor(code: ArtifactStoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArtifactStoreError';
    this.code = code;
  }
}
