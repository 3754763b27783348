import { ByteSourceError, type ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { instantOf } from '../domain/instant.ts';
import { runningDigest } from '../domain/sha256.ts';
import { isWhole, splicedBytes } from '../domain/splice.ts';
import { compareKeys, StoreKey } from '../domain/store-key.ts';
import {
  ArtifactStoreError,
  type ArtifactStore,
  type Content,
  type ListedPage,
  type ServedAs,
  type StoredObject,
  type WriteCondition,
} from '../ports/artifact-store.ts';

interface Kept {
  readonly bytes: Uint8Array;
  readonly object: StoredObject;
}

/** A server in memory: its stores copy from each other. */
export interface MemoryStores {
  store(name: string): MemoryStore;
}

export interface MemoryStore extends ArtifactStore {
  /** Puts an object there as other hands would: with a recorded digest that may be wrong, or none. */
  plant(key: string, bytes: Uint8Array | string, recorded?: Digest | null): StoredObject;
  /** Takes an object away as other hands would. */
  take(key: string): void;
  /** The keys of all objects. */
  keys(): readonly string[];
  /** The bytes of an object. */
  bytes(key: string): Uint8Array | null;
  /** The same as text. */
  text(key: string): string | null;
}

/** The digest of bytes, or of a text. */
export function sha256Of(content: Uint8Array | string): Digest {
  const digest = runningDigest();
  digest.add(Buffer.from(content));
  return digest.digest();
}

const PAGE = 1000;

function checkCondition(there: Kept | undefined, key: string, onlyIf: WriteCondition): void {
  if (onlyIf === 'absent' && there !== undefined) throw new ArtifactStoreError('exists', `${key} is there already`);
  if (onlyIf !== null && onlyIf !== 'absent' && there?.object.etag !== onlyIf.etag) {
    throw new ArtifactStoreError('changed', `${key} is not what was looked at`);
  }
}

async function gather(content: Content, key: string): Promise<Uint8Array> {
  if ('bytes' in content) return content.bytes;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content.stream) {
    pieces.push(piece);
    size += piece.length;
    if (size > content.size) break;
  }
  if (size !== content.size)
    throw new ArtifactStoreError('mismatch', `${key}: ${size} bytes came, not ${content.size}`);
  return Buffer.concat(pieces);
}

/** Stores that forget; for tests of what works through the port. */
export function memoryStores(): MemoryStores {
  const sources = new WeakMap<ByteSource, () => Kept>();
  let writes = 0;

  function store(name: string): MemoryStore {
    const kept = new Map<StoreKey, Kept>();

    interface Write {
      readonly bytes: Uint8Array;
      readonly sha256: Digest | null;
      readonly served: ServedAs;
      readonly onlyIf: WriteCondition;
    }
    const write = (key: StoreKey, { bytes, sha256, served, onlyIf }: Write): StoredObject => {
      checkCondition(kept.get(key), key, onlyIf);
      writes += 1;
      const object: StoredObject = {
        key,
        size: bytes.length,
        etag: sha256Of(bytes).slice(-32),
        sha256,
        modified: instantOf(Date.UTC(2025, 0, 1) + writes * 1000),
        ...served,
      };
      kept.set(key, { bytes: Uint8Array.from(bytes), object });
      return object;
    };

    const sourceOf = (key: StoreKey, etag?: string): ByteSource => {
      let pinned = etag;
      const state = (): Kept => {
        const there = kept.get(key);
        if (there === undefined) throw new ByteSourceError('missing', `${name}/${key} is not there`);
        pinned ??= there.object.etag;
        if (pinned !== there.object.etag) throw new ByteSourceError('changed', `${name}/${key} was written again`);
        return there;
      };
      const read = async (offset: number, length: number): Promise<Uint8Array> => {
        const { bytes } = state();
        if (offset + length > bytes.length)
          throw new ByteSourceError('short', `${name}/${key} ends at ${bytes.length}`);
        return bytes.subarray(offset, offset + length);
      };
      const source: ByteSource = {
        name: `${name}/${key}`,
        tail: async (length) => {
          const { bytes } = state();
          return { size: bytes.length, bytes: bytes.subarray(Math.max(0, bytes.length - length)) };
        },
        read,
        stream: async function* stream(offset, length) {
          yield await read(offset, length);
        },
      };
      sources.set(source, state);
      return source;
    };

    return {
      name,
      list: async function* list(prefix, after = StoreKey.parse('\u0021')): AsyncGenerator<ListedPage> {
        const wanted = [...kept.values()]
          .map(({ object }) => object)
          .filter(({ key }) => key.startsWith(prefix) && compareKeys(key, after) > 0)
          .toSorted((left, right) => compareKeys(left.key, right.key));
        for (let at = 0; at < wanted.length; at += PAGE) yield { objects: wanted.slice(at, at + PAGE), strange: [] };
      },
      look: async (key) => kept.get(key)?.object ?? null,
      source: sourceOf,
      put: async (key, content, { sha256, served, onlyIf }) => {
        const bytes = await gather(content, key);
        if (sha256Of(bytes) !== sha256) throw new ArtifactStoreError('mismatch', `${key}: what came is not ${sha256}`);
        return write(key, { bytes, sha256, served, onlyIf });
      },
      reaches: (from) => sources.has(from),
      copy: async (from, to, { size, sha256, served, onlyIf }) => {
        const state = sources.get(from);
        if (state === undefined) throw new ArtifactStoreError('not-here', `${from.name} is not of this server`);
        const { bytes, object } = state();
        const recorded = served === null ? object.sha256 : sha256;
        if (bytes.length !== size) throw new ArtifactStoreError('mismatch', `${from.name} has ${bytes.length} bytes`);
        if (sha256 !== null && recorded !== null && recorded !== sha256) {
          throw new ArtifactStoreError('mismatch', `${from.name} is recorded as ${recorded}, not ${sha256}`);
        }
        const carried = { contentType: object.contentType ?? '', cacheControl: object.cacheControl };
        return write(to, { bytes, sha256: recorded, served: served ?? carried, onlyIf });
      },
      compose: async (from, to, { splice, sha256, served, onlyIf }) => {
        if (!isWhole(splice))
          throw new ArtifactStoreError('invalid', `the pieces of ${to} are not ${splice.size} bytes`);
        const bytes = await gather({ size: splice.size, stream: splicedBytes(from, splice) }, to);
        if (sha256 !== null && sha256 !== sha256Of(bytes))
          throw new ArtifactStoreError('mismatch', `${to}: not ${sha256}`);
        const sent = splice.pieces.reduce((sum, piece) => sum + (piece.kind === 'bytes' ? piece.bytes.length : 0), 0);
        const made = sources.has(from) ? 'in-store' : 'through-here';
        return { object: write(to, { bytes, sha256, served, onlyIf }), made, sent, read: 0 };
      },
      remove: async (key, onlyIf) => {
        if (onlyIf !== null && kept.has(key)) checkCondition(kept.get(key), key, onlyIf);
        return kept.delete(key);
      },
      plant: (key, bytes, recorded = null) =>
        write(StoreKey.parse(key), {
          bytes: Buffer.from(bytes),
          sha256: recorded,
          served: { contentType: 'application/octet-stream', cacheControl: null },
          onlyIf: null,
        }),
      take: (key) => {
        if (!kept.delete(StoreKey.parse(key))) throw new Error(`${name}/${key} is not there to be taken away`);
      },
      keys: () => [...kept.keys()],
      bytes: (key) => kept.get(StoreKey.parse(key))?.bytes ?? null,
      text: (key) => {
        const there = kept.get(StoreKey.parse(key));
        return there === undefined ? null : Buffer.from(there.bytes).toString('utf8');
      },
    };
  }
  return { store };
}
