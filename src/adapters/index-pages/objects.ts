import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ArtifactStore, type StoredObject } from '../../ports/artifact-store.ts';
import type { PageAnswer } from '../../ports/index-pages.ts';

/** Read at once from the end of a page: all of the largest that is ever written. */
const PAGE_TAIL = 33 * 1024 * 1024;

/** Whoever keeps a page asks first whether it is still the same. */
const CACHE_CONTROL = 'no-cache';

/** An object with its bytes, of one state. */
export interface ReadObject {
  readonly object: StoredObject;
  readonly bytes: Uint8Array;
  /** Of the bytes, whatever is recorded. */
  readonly digest: Digest;
}

/** Reads an object whole; null when there is none. */
export async function readObject(store: ArtifactStore, key: string): Promise<ReadObject | null> {
  const object = await store.look(StoreKey.parse(key));
  if (object === null) return null;
  const { bytes } = await store.source(object.key, object.etag).tail(PAGE_TAIL);
  return { object, bytes, digest: digestOf(bytes) };
}

function digestOf(bytes: Uint8Array): Digest {
  const digest = runningDigest();
  digest.add(bytes);
  return digest.digest();
}

/** Somebody else was quicker. */
export function lost(key: string): PageAnswer {
  return {
    written: false,
    reason: `${key} was written by somebody else since this was planned; plan again, and the difference is shown`,
  };
}

interface Swap {
  readonly there: ReadObject | null;
  /** Null: it is to go. */
  readonly bytes: Uint8Array | null;
  readonly type: string;
}

/** Writes over what was read, and nothing else; the store looks at it afterwards, by its ETag or its bytes. */
export async function swap(store: ArtifactStore, key: string, { there, bytes, type }: Swap): Promise<PageAnswer> {
  const name = StoreKey.parse(key);
  try {
    if (bytes === null) {
      if (there !== null) await store.remove(name, { etag: there.object.etag });
      return { written: true };
    }
    const onlyIf = there === null ? 'absent' : { etag: there.object.etag };
    const served = { contentType: type, cacheControl: CACHE_CONTROL };
    await store.put(name, { bytes }, { sha256: digestOf(bytes), served, onlyIf });
  } catch (error) {
    if (error instanceof ArtifactStoreError && ['exists', 'changed', 'missing'].includes(error.code)) return lost(key);
    throw error;
  }
  return { written: true };
}
