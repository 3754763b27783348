import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { OWN, tidyWay, type FolderPlace, onItsWay } from './store-place.ts';

/**
 * What is recorded about an object, in a file of its own, so that it needs no special file system and is copied with the folder. It holds for the file
 * of that size and time only: a file that was put there by other hands has no record, never a wrong one.
 */
const StoreRecord = z.object({
  size: z.string(),
  /** Time of the file's last change in nanoseconds. */
  changed: z.string(),
  sha256: Digest.nullable(),
  contentType: z.string(),
  cacheControl: z.string().nullable(),
});
export type StoreRecord = z.infer<typeof StoreRecord>;

/** What tells one state of a file from another. */
export interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

function recordsOf({ root }: FolderPlace): FolderPlace {
  return { root: join(root, OWN, 'records') };
}

function recordPath(place: FolderPlace, key: StoreKey): string {
  // Cut into two names: with an ending, one of 255 bytes would be too long.
  return join(recordsOf(place).root, key, '.json');
}

export async function readRecord(place: FolderPlace, key: StoreKey, file: FileState): Promise<StoreRecord | null> {
  const text = await readFile(recordPath(place, key), 'utf8').catch(() => null);
  if (text === null) return null;
  const read = StoreRecord.safeParse(jsonIn(text));
  if (!read.success) return null;
  const isOfFile = read.data.size === String(file.size) && read.data.changed === String(file.mtimeNs);
  return isOfFile ? read.data : null;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half written by a machine that lost power: the same as none.
    return null;
  }
}

export async function writeRecord(place: FolderPlace, key: StoreKey, record: StoreRecord): Promise<void> {
  const path = recordPath(place, key);
  const temporary = join(place.root, OWN, 'temporary', randomUUID());
  await mkdir(dirname(temporary), { recursive: true });
  await writeFile(temporary, JSON.stringify(record));
  await onItsWay(
    async () => void (await mkdir(dirname(path), { recursive: true })),
    () => rename(temporary, path),
  );
}

export async function dropRecord(place: FolderPlace, key: StoreKey): Promise<void> {
  await rm(recordPath(place, key), { force: true });
  await tidyWay(recordsOf(place), recordPath(place, key));
}
