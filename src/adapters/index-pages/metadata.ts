import type { Digest } from '../../domain/canonical-json.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { commonBeginning, StoreKey } from '../../domain/store-key.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { MetadataFile, PageAnswer } from '../../ports/index-pages.ts';
import { explainMetadataFile, fileKey, metadataKey, readMetadataFile } from '../../wheel/simple-index/index.ts';
import { lost, readObject, swap } from './objects.ts';

const AT_ONCE = 8;
const TYPE = 'text/plain; charset=utf-8';
/** Of all places together; one is some ten thousand bytes. */
const MOST_REMEMBERED = 16 * 1024 * 1024;

/** Metadata by its digest, as it was taken out of wheels: the places of a channel hold the same wheels. */
export interface MetadataMemory {
  recall(digest: Digest): Uint8Array | null;
  keep(digest: Digest, bytes: Uint8Array): void;
}

export function metadataMemory(): MetadataMemory {
  const kept = new Map<Digest, Uint8Array>();
  let size = 0;
  return {
    recall: (digest) => kept.get(digest) ?? null,
    keep: (digest, bytes) => {
      if (kept.has(digest) || size + bytes.length > MOST_REMEMBERED) return;
      kept.set(digest, bytes);
      size += bytes.length;
    },
  };
}

/** The digests of metadata files of one folder; which of them are there is told by a listing. */
export async function lookAtMetadata(
  store: ArtifactStore,
  { folder, wheels }: { readonly folder: string; readonly wheels: readonly string[] },
): Promise<ReadonlyMap<string, Digest | null>> {
  const files = wheels.map((wheel) => ({ wheel, key: metadataKey(folder, wheel) }));
  const there = await listed(
    store,
    files.map(({ key }) => key),
  );
  const found = await inLanes(files, AT_ONCE, async ({ wheel, key }) => {
    const isAbsent = there !== null && !there.has(key);
    return [wheel, isAbsent ? null : ((await readObject(store, key))?.digest ?? null)] as const;
  });
  return new Map(found);
}

/** The keys of those that are there; null where it would take more pages to list than there are files. */
async function listed(store: ArtifactStore, keys: readonly string[]): Promise<ReadonlySet<string> | null> {
  const found = new Set<string>();
  let pages = 0;
  for await (const { objects } of store.list(commonBeginning(keys.map((key) => StoreKey.parse(key))))) {
    pages += 1;
    if (pages > keys.length) return null;
    for (const { key } of objects) found.add(key);
  }
  return found;
}

interface Wanted {
  readonly before: Digest | null;
  readonly after: Digest;
  readonly known: MetadataMemory;
}

/** Takes METADATA out of a wheel and puts it beside it. Where nothing lies yet the store alone says whether something came meanwhile. */
export async function writeMetadata(
  store: ArtifactStore,
  { folder, wheel }: MetadataFile,
  { before, after, known }: Wanted,
): Promise<PageAnswer> {
  const key = metadataKey(folder, wheel);
  const bytes = known.recall(after) ?? (await takenOut(store, { folder, wheel }, { after, known }));
  if (typeof bytes === 'string') return { written: false, reason: bytes };
  if (before === null) {
    const answer = await swap(store, key, { there: null, bytes, type: TYPE });
    if (answer.written) return answer;
  }
  const there = await readObject(store, key);
  if (there?.digest === after) return { written: true };
  if (before === null || there?.digest !== before) return lost(key);
  return swap(store, key, { there, bytes, type: TYPE });
}

/** What the wheel holds; a text where that is not what was planned. */
async function takenOut(
  store: ArtifactStore,
  { folder, wheel }: MetadataFile,
  { after, known }: Pick<Wanted, 'after' | 'known'>,
): Promise<Uint8Array | string> {
  const read = await readMetadataFile(store.source(StoreKey.parse(fileKey(folder, wheel))));
  if (!read.ok) return explainMetadataFile(read.problems[0]);
  const { bytes, digest } = read.value;
  if (digest !== after) return `${wheel} has other metadata than when this was planned; plan again`;
  known.keep(digest, bytes);
  return bytes;
}
