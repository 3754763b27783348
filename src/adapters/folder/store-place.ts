import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ArtifactStoreFailure } from '../../ports/artifact-store.ts';

/** The folder of a store. */
export interface FolderPlace {
  readonly root: string;
}

/** Below the root: what is recorded about the objects, and what is not complete yet. No key reaches it. */
export const OWN = '.signalbox-store';

const CODES: Readonly<Record<string, ArtifactStoreFailure>> = {
  ENOENT: 'missing',
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
  EROFS: 'not-allowed',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  ENOTDIR: 'invalid',
  EISDIR: 'invalid',
  ENAMETOOLONG: 'invalid',
  EINVAL: 'invalid',
  ELOOP: 'invalid',
};

/** The system's code of a failure: ENOENT. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Runs a piece of work on the folder; what the system says no to becomes an error of the store that names the thing. */
export async function onDisk<Answer>(act: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const code = errnoOf(error);
    if (!(code in CODES) && !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new ArtifactStoreError(CODES[code] ?? 'unreachable', `cannot ${act}: ${code}`, { cause: error });
  }
}

/** The path of an object; a name of our own folder is refused. */
export function pathOf({ root }: FolderPlace, key: StoreKey): string {
  if (key === OWN || key.startsWith(`${OWN}/`)) {
    throw new ArtifactStoreError('invalid', `${key}: ${OWN} is kept for what the store records. Take another name.`);
  }
  return join(root, key);
}

/** The folders from below the root down to the one that holds the object. */
function parentsOf(root: string, path: string): readonly string[] {
  const parents: string[] = [];
  for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder)) parents.unshift(folder);
  return parents;
}

/** A link on the way could lead anywhere: only real folders are gone through. */
export async function checkWay({ root }: FolderPlace, path: string): Promise<void> {
  for (const folder of parentsOf(root, path)) {
    const found = await lstat(folder).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (found === null) return;
    if (!found.isDirectory()) {
      throw new ArtifactStoreError(
        'invalid',
        `${folder} is ${found.isSymbolicLink() ? 'a link' : 'a file'}, not a folder; nothing below it is read or written. Remove it, or take another name.`,
      );
    }
  }
}

export async function makeWay(place: FolderPlace, path: string): Promise<void> {
  await checkWay(place, path);
  await mkdir(dirname(path), { recursive: true });
}

/** More removals than these do not come between making folders and writing into them. */
const MOST_TRIES = 64;

/**
 * Puts something where it belongs, with the folders that lead there. A removal takes away folders that it left empty, also those that were just made
 * for this: then they are made again.
 */
export async function onItsWay(makeFolders: () => Promise<void>, put: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await makeFolders();
      await put();
      return;
    } catch (error) {
      // Node tells ENOTDIR, too, of a folder that went while it made the way; a file that is really there is found by looking at the way.
      if (!['ENOENT', 'ENOTDIR'].includes(errnoOf(error)) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Takes away the folders that a removal left empty, up to the root. */
export async function tidyWay({ root }: FolderPlace, path: string): Promise<void> {
  for (const folder of parentsOf(root, path).toReversed()) {
    try {
      await rmdir(folder);
    } catch (error) {
      // Not empty, or somebody else was faster: both are as they should be.
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errnoOf(error))) return;
      throw error;
    }
  }
}
