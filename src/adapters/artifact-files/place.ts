import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest } from '../../domain/sha256.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { FileFacts, FoundFile } from '../../ports/artifact-files.ts';
import type { ArtifactStore, ReadableStore, ServedAs, StoredObject } from '../../ports/artifact-store.ts';
import type { ChannelPlaceRef } from '../../ports/index-pages.ts';
import type { PublicChannel } from '../../ports/public-channel.ts';

/** A place of a channel, as files of it are reached. */
export interface FilePlace {
  readonly store: ReadableStore;
  /** The same for writing; throws where it can only be read. */
  readonly writable: () => ArtifactStore;
  /** The same as everybody sees it; null where it has no public address. */
  readonly outside: ReadableStore | null;
  /** Where everybody reads the index of its wheels: an address with a slash at its end; null where there is no such address, or where it holds no wheels. */
  readonly index: { readonly channel: PublicChannel; readonly address: string } | null;
}

/** Gives the place that a step names. */
export type PlaceOf = (at: ChannelPlaceRef) => Promise<FilePlace>;

/** The digest of all bytes of the object, of this state of it. */
export async function digestOfBytes(store: ReadableStore, { key, etag, size }: StoredObject): Promise<Digest> {
  const digest = runningDigest();
  for await (const piece of store.source(key, etag).stream(0, size)) digest.add(piece);
  return digest.digest();
}

/** An object held against what it is to be. */
export interface Judged {
  readonly object: StoredObject;
  /** Recorded, or of its bytes where none was recorded and the size fits; null where the size alone says that it is another file. */
  readonly digest: Digest | null;
  /** Whether it has the size and the digest. */
  readonly isIt: boolean;
}

/** Looks whether an object is the file; its bytes are read only where nothing is recorded and it could be. */
export async function judge(store: ReadableStore, object: StoredObject, is: FileFacts): Promise<Judged> {
  const fits = object.size === is.size;
  const digest = object.sha256 ?? (fits ? await digestOfBytes(store, object) : null);
  return { object, digest, isIt: fits && digest === is.digest };
}

/** The file at a key, held against what it is to be; null when there is none. */
export async function judgeAt(store: ReadableStore, key: StoreKey, is: FileFacts): Promise<Judged | null> {
  const object = await store.look(key);
  return object === null ? null : judge(store, object, is);
}

export function foundIn({ size, sha256 }: Pick<StoredObject, 'size' | 'sha256'>): FoundFile {
  return { size, digest: sha256 };
}

/** How the object is served, to be said anew. */
export function servedAs({ contentType, cacheControl }: StoredObject): ServedAs {
  return { contentType: contentType ?? 'application/octet-stream', cacheControl };
}

/** What is there, for people: both what it has and what it was to have. */
export function otherThan({ object, digest }: Judged, is: FileFacts): string {
  const has = `${object.size} bytes${digest === null ? '' : `, ${digest}`}`;
  return `it has ${has}, not ${is.size} bytes, ${is.digest}`;
}
