import { lstat, realpath, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ByteSourceError, type ByteSource } from '../../domain/byte-source.ts';
import { instantOf } from '../../domain/instant.ts';
import { isWhole, splicedBytes } from '../../domain/splice.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type ArtifactStore,
  type CopyDraft,
  type ListedPage,
  type StoredObject,
} from '../../ports/artifact-store.ts';
import { checkWay, errnoOf, onDisk, pathOf, tidyWay, type FolderPlace } from './store-place.ts';
import { dropRecord, readRecord } from './store-records.ts';
import { walk } from './store-list.ts';
import { pinnedFileSource } from './store-source.ts';
import { oneAtATime, sweep, writeInto } from './store-write.ts';

const PAGE = 1000;

/** Which object a source made by any folder store of this process stands for. */
const sources = new WeakMap<ByteSource, { readonly place: FolderPlace; readonly key: StoreKey }>();

/** A store in a folder of this machine: an object is a file, and what is recorded about it lies in `.signalbox-store` below the root. */
export function folderStore(root: string): ArtifactStore {
  const place: FolderPlace = { root: resolve(root) };
  const inTurn = oneAtATime();
  let sweeping: Promise<void> | null = null;
  const swept = (): Promise<void> => (sweeping ??= sweep(place, Date.now()));
  const writing = { place, look: (key: StoreKey) => look(place, key), inTurn, swept };

  return {
    name: place.root,
    list: (prefix, after) => list(place, prefix, after ?? ''),
    look: (key) => onDisk(`look at ${key} in ${place.root}`, () => look(place, key)),
    source: (key, etag) => sourceOf(place, key, etag),
    put: (key, content, draft) => writeInto(writing, key, { content, ...draft }),
    reaches: (from) => sources.has(from),
    copy: async (from, to, draft) => {
      const found = sources.get(from);
      if (found === undefined) throw new ArtifactStoreError('not-here', `${from.name} is in no folder of this machine`);
      const source = await onDisk(`look at ${from.name}`, () => look(found.place, found.key));
      if (source === null) throw new ByteSourceError('missing', `${from.name} is not there`);
      return writeInto(writing, to, copied(from, source, draft));
    },
    compose: async (from, to, { splice, ...draft }) => {
      if (!isWhole(splice))
        throw new ArtifactStoreError('invalid', `the pieces of ${to} are not the ${splice.size} bytes promised`);
      const content = { size: splice.size, stream: splicedBytes(from, splice) };
      const object = await writeInto(writing, to, { content, ...draft });
      const read = splice.pieces.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.length : 0), 0);
      return { object, made: 'through-here', sent: splice.size, read };
    },
    remove: (key, onlyIf) =>
      inTurn(key, () =>
        onDisk(`remove ${key} from ${place.root}`, async () => {
          const found = await look(place, key);
          if (found === null) return false;
          if (onlyIf !== null && found.etag !== onlyIf.etag) {
            throw new ArtifactStoreError('changed', `${key} in ${place.root} was written again; it stays`);
          }
          const path = pathOf(place, key);
          await rm(path);
          await dropRecord(place, key);
          await tidyWay(place, path);
          return true;
        }),
      ),
  };
}

/** What a copy writes: the bytes of the source, held against what is expected; its record where no other is asked for. */
function copied(from: ByteSource, source: StoredObject, draft: CopyDraft): Parameters<typeof writeInto>[2] {
  if (source.size !== draft.size) {
    throw new ArtifactStoreError('mismatch', `${from.name} has ${source.size} bytes, not ${draft.size}`);
  }
  const { served, sha256, onlyIf } = draft;
  const kept = { contentType: source.contentType ?? 'application/octet-stream', cacheControl: source.cacheControl };
  return {
    content: { size: draft.size, stream: from.stream(0, draft.size) },
    sha256: sha256 ?? source.sha256,
    served: served ?? kept,
    onlyIf,
  };
}

async function look(place: FolderPlace, key: StoreKey): Promise<StoredObject | null> {
  const path = pathOf(place, key);
  await checkWay(place, path);
  const file = await lstat(path, { bigint: true }).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) {
    // A root that is not there is a failure: it could be a wrong address, and "nothing is there" would be believed.
    await realpath(place.root);
    return null;
  }
  if (file.isDirectory()) return null;
  if (!file.isFile()) throw new ArtifactStoreError('invalid', `${path} is no regular file and is not read`);
  const record = await readRecord(place, key, file);
  const sha256 = record?.sha256 ?? null;
  return {
    key,
    size: Number(file.size),
    // The clock of a file system is coarse: two writes of one moment differ in their digest.
    etag: sha256 === null ? `${file.size}-${file.mtimeNs}-${file.ino}` : sha256.slice('sha256:'.length),
    sha256,
    modified: instantOf(Number(file.mtimeNs / 1_000_000n)),
    contentType: record?.contentType ?? null,
    cacheControl: record?.cacheControl ?? null,
  };
}

function sourceOf(place: FolderPlace, key: StoreKey, etag: string | undefined): ByteSource {
  const path = pathOf(place, key);
  const source = pinnedFileSource({
    path,
    name: path,
    isWanted: async () => etag === undefined || (await look(place, key))?.etag === etag,
    checkWay: () => checkWay(place, path),
  });
  sources.set(source, { place, key });
  return source;
}

async function* list(place: FolderPlace, prefix: string, after: string): AsyncGenerator<ListedPage> {
  let keys: StoreKey[] = [];
  let strange: string[] = [];
  const found = walk(place, prefix, after);
  for (;;) {
    const next = await onDisk(`list ${place.root}`, () => found.next());
    if (next.done === true) break;
    if ('key' in next.value) keys.push(next.value.key);
    else strange.push(next.value.strange);
    if (keys.length + strange.length === PAGE) {
      yield await pageOf(place, keys, strange);
      [keys, strange] = [[], []];
    }
  }
  if (keys.length + strange.length > 0) yield await pageOf(place, keys, strange);
}

async function pageOf(place: FolderPlace, keys: readonly StoreKey[], strange: readonly string[]): Promise<ListedPage> {
  const looked = await onDisk(`list ${place.root}`, () => Promise.all(keys.map((key) => look(place, key))));
  // One that went away since is not there, and that is all there is to say.
  const objects = looked.filter((object) => object !== null);
  return {
    objects: objects.map(({ key, size, etag, sha256, modified }) => ({ key, size, etag, sha256, modified })),
    strange,
  };
}
