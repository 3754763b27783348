import type { ArtifactFiles, FileAnswer, FileFacts, FileRef } from '../../ports/artifact-files.ts';
import { ArtifactStoreError, type ArtifactStore } from '../../ports/artifact-store.ts';
import { instantOf, type Instant } from '../../domain/instant.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { slots } from '../http/slots.ts';
import { sweeper } from './aside.ts';
import { copyFile, recorded, type Ends } from './copy.ts';
import { listed } from './listed.ts';
import { digestOfBytes, foundIn, judgeAt, otherThan, type PlaceOf } from './place.ts';
import { readBack } from './read-back.ts';
import { reversionFile } from './reversion.ts';

/** Files that go through here at once: each holds some parts of 16 MiB. */
const STREAMS = 4;

/** Files of channels, in the stores of their places. */
export function storedArtifactFiles(placeOf: PlaceOf, now: () => Instant = () => instantOf(Date.now())): ArtifactFiles {
  const streams = slots(STREAMS);
  const sweep = sweeper(now);
  const endsOf = async (from: FileRef, to: FileRef): Promise<Ends> => {
    const [source, target] = [await placeOf(from), await placeOf(to)];
    return {
      from: { store: source.store, key: from.key },
      to: { store: target.writable(), key: to.key },
      streams,
      sweep,
    };
  };
  return {
    look: async (at) => {
      const object = await (await placeOf(at)).store.look(at.key);
      return object === null ? null : foundIn(object);
    },
    read: async (at) => {
      const { store } = await placeOf(at);
      const object = await store.look(at.key);
      return object === null ? null : streams.run(() => digestOfBytes(store, object));
    },
    source: async (at) => (await placeOf(at)).store.source(at.key),
    list: async (at, keys) => listed((await placeOf(at)).store, keys),
    copy: async (from, to, wanted) => copyFile(await endsOf(from, to), wanted),
    reversion: async (from, to, wanted) => reversionFile(await endsOf(from, to), from.is, wanted),
    recordDigest: async (at, is) => record((await placeOf(at)).writable(), at.key, is),
    remove: async (at, is) => remove((await placeOf(at)).writable(), at.key, is),
    readBack: async (at, files) => readBack(await placeOf(at), files),
  };
}

async function record(store: ArtifactStore, key: StoreKey, is: FileFacts): Promise<FileAnswer> {
  const there = await judgeAt(store, key, is);
  if (there === null) return { done: false, reason: `${key} is not in ${store.name} any more` };
  if (there.isIt) return recorded(store, there.object, is.digest);
  return {
    done: false,
    reason: `${key} in ${store.name} is another file than planned: ${otherThan(there, is)}. Plan again`,
  };
}

async function remove(
  store: ArtifactStore,
  key: StoreKey,
  is: FileFacts,
): Promise<{ readonly removed: boolean; readonly reason: string | null }> {
  const there = await judgeAt(store, key, is);
  if (there === null) return { removed: false, reason: null };
  if (!there.isIt) {
    return {
      removed: false,
      reason: `${key} in ${store.name} is another file than the one to take away: ${otherThan(there, is)}. It stays`,
    };
  }
  try {
    return { removed: await store.remove(key, { etag: there.object.etag }), reason: null };
  } catch (error) {
    if (!(error instanceof ArtifactStoreError) || error.code !== 'changed') throw error;
    return { removed: false, reason: `${key} in ${store.name} was written again just now. It stays` };
  }
}
