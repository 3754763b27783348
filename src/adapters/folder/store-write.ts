import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '../../domain/canonical-json.ts';
import { runningDigest } from '../../domain/sha256.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import {
  ArtifactStoreError,
  type Content,
  type ServedAs,
  type StoredObject,
  type WriteCondition,
} from '../../ports/artifact-store.ts';
import { checkWay, errnoOf, makeWay, onDisk, onItsWay, OWN, pathOf, type FolderPlace } from './store-place.ts';
import { writeRecord } from './store-records.ts';

/** Runs work one after the other for the same key, side by side for others. */
export type InTurn = <Answer>(key: StoreKey, work: () => Promise<Answer>) => Promise<Answer>;

export function oneAtATime(): InTurn {
  const last = new Map<StoreKey, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}

/** What writing needs. */
export interface Writing {
  readonly place: FolderPlace;
  readonly look: (key: StoreKey) => Promise<StoredObject | null>;
  readonly inTurn: InTurn;
  /** Sweeps, the first time. */
  readonly swept: () => Promise<void>;
}

export interface Written {
  readonly content: Content;
  /** Null: whatever comes; its digest is recorded all the same. */
  readonly sha256: Digest | null;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

/** Files of a write that was killed are kept so long: longer than any write takes. */
const KEPT_MILLIS = 24 * 60 * 60 * 1000;

function temporaries({ root }: FolderPlace): string {
  return join(root, OWN, 'temporary');
}

/** Takes away what writes left that were killed. What is in the way of that is in nobody else's: the next write tries again. */
export async function sweep(place: FolderPlace, now: number): Promise<void> {
  const folder = temporaries(place);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => null);
    if (file !== null && now - file.mtimeMs > KEPT_MILLIS) await rm(path, { force: true });
  }
}

/** Writes beside first, and puts it in its place whole: whoever looks sees the old file or the new one. */
export async function writeInto(writing: Writing, key: StoreKey, what: Written): Promise<StoredObject> {
  const { place, inTurn, swept } = writing;
  const act = `write ${key} into ${place.root}`;
  const path = pathOf(place, key);
  const temporary = join(temporaries(place), randomUUID());
  try {
    return await onDisk(act, async () => {
      await mkdir(dirname(temporary), { recursive: true });
      await swept();
      const sha256 = await pour(what, temporary, key);
      await checkWay(place, path);
      return await inTurn(key, () => settle(writing, key, { ...what, sha256, temporary, path }));
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function* bytesOf(content: Content): AsyncGenerator<Uint8Array> {
  if ('bytes' in content) yield content.bytes;
  else yield* content.stream;
}

/** Writes the content to a new file, and holds it against its size and digest. */
async function pour({ content, sha256 }: Written, temporary: string, key: StoreKey): Promise<Digest> {
  const size = 'bytes' in content ? content.bytes.length : content.size;
  const digest = runningDigest();
  let written = 0;
  const file = await open(temporary, 'wx');
  try {
    for await (const piece of bytesOf(content)) {
      written += piece.length;
      if (written > size) throw mismatch(key, `more than the ${size} bytes promised came`);
      digest.add(piece);
      await file.writeFile(piece);
    }
    if (written < size) throw mismatch(key, `${written} bytes came, not ${size}`);
    const came = digest.digest();
    if (sha256 !== null && came !== sha256) throw mismatch(key, `what came is ${came}, not ${sha256}`);
    await file.sync();
    return came;
  } finally {
    await file.close();
  }
}

function mismatch(key: StoreKey, what: string): ArtifactStoreError {
  return new ArtifactStoreError('mismatch', `${key}: ${what}. Nothing was written.`);
}

interface Settling extends Written {
  readonly sha256: Digest;
  readonly temporary: string;
  readonly path: string;
}

async function settle(writing: Writing, key: StoreKey, what: Settling): Promise<StoredObject> {
  const { place, look } = writing;
  const { sha256, served, onlyIf, temporary, path } = what;
  await checkCondition(writing, key, onlyIf);
  const file = await stat(temporary, { bigint: true });
  const record = { size: String(file.size), changed: String(file.mtimeNs), sha256, ...served };
  // Before the file: a kill in between leaves the old file without a record, never the new one.
  await writeRecord(place, key, record);
  await onItsWay(
    () => makeWay(place, path),
    () => (onlyIf === 'absent' ? linkNew(temporary, path, key) : rename(temporary, path)),
  );
  const back = await look(key);
  if (back?.sha256 === sha256) return back;
  // Another process wrote its record in between; the file that is there decides whose holds.
  await writeRecord(place, key, record);
  const again = await look(key);
  if (again?.sha256 === sha256) return again;
  throw new ArtifactStoreError('changed', `${key} in ${place.root} was written by somebody else at the same moment`);
}

async function checkCondition({ place, look }: Writing, key: StoreKey, onlyIf: WriteCondition): Promise<void> {
  if (onlyIf === null) return;
  const there = await look(key).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (onlyIf === 'absent') {
    if (there !== null) throw exists(key);
    return;
  }
  if (there?.etag !== onlyIf.etag) {
    throw new ArtifactStoreError('changed', `${key} in ${place.root} is not what was looked at; look again`);
  }
}

function exists(key: StoreKey): ArtifactStoreError {
  return new ArtifactStoreError('exists', `${key} is there already`);
}

async function linkNew(temporary: string, path: string, key: StoreKey): Promise<void> {
  await link(temporary, path).catch((error: unknown) => {
    if (errnoOf(error) === 'EEXIST') throw exists(key);
    throw error;
  });
}
