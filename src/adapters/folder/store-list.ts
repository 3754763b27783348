import { opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareKeys, StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError } from '../../ports/artifact-store.ts';
import { checkWay, errnoOf, OWN, type FolderPlace } from './store-place.ts';

/** What a walk finds: the key of a regular file, or a name that is none. */
export type Found = { readonly key: StoreKey } | { readonly strange: string };

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isFile: boolean;
}

const MOST_LEVELS = 64;

/** Sorted as the keys below will be: a folder counts with its slash. */
async function entriesOf(path: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of await opendir(path)) {
    entries.push({ name: entry.name, isFolder: entry.isDirectory(), isFile: entry.isFile() });
  }
  const sortedAs = (entry: Entry): string => (entry.isFolder ? `${entry.name}/` : entry.name);
  return entries.toSorted((left, right) => compareKeys(sortedAs(left), sortedAs(right)));
}

/** Whether something below `folder/` can begin with the prefix and come after the key. */
function isWorthEntering(folder: string, prefix: string, after: string): boolean {
  const path = `${folder}/`;
  const mayMatch = path.startsWith(prefix) || prefix.startsWith(path);
  return mayMatch && (after.startsWith(path) || compareKeys(path, after) > 0);
}

/** Whether the folder is one that keys can name, and is reached without links. */
async function isWay(place: FolderPlace, folder: string): Promise<boolean> {
  const key = StoreKey.safeParse(folder);
  if (!key.success || folder === OWN || folder.startsWith(`${OWN}/`)) return false;
  try {
    await checkWay(place, join(place.root, folder, 'any'));
    return true;
  } catch (error) {
    if (error instanceof ArtifactStoreError && error.code === 'invalid') return false;
    throw error;
  }
}

/** All files below the folder whose key begins with `prefix` and comes after `after`, ascending. Links are not followed. */
export async function* walk(place: FolderPlace, prefix: string, after: string): AsyncGenerator<Found> {
  const { root } = place;
  const start = prefix.includes('/') ? dirname(`${prefix}x`) : '';
  if (start !== '' && !(await isWay(place, start))) return;
  yield* below(start);

  async function* below(folder: string): AsyncGenerator<Found> {
    if (folder.split('/').length > MOST_LEVELS) {
      throw new ArtifactStoreError('invalid', `${folder} is more than ${MOST_LEVELS} folders deep`);
    }
    const entries = await entriesOf(join(root, folder)).catch((error: unknown) => {
      // The prefix names nothing that is there; a root that is not there is a failure, since it could be a wrong address.
      if (folder !== '' && ['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return [];
      throw error;
    });
    for (const { name, isFolder, isFile } of entries) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (path === OWN) continue;
      if (isFolder) {
        if (isWorthEntering(path, prefix, after)) yield* below(path);
        continue;
      }
      if (!path.startsWith(prefix) || compareKeys(path, after) <= 0) continue;
      const key = StoreKey.safeParse(path);
      yield isFile && key.success ? { key: key.data } : { strange: path };
    }
  }
}
