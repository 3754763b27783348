import { commonBeginning, compareKeys, type StoreKey } from '../../domain/store-key.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { ListedFile } from '../../ports/artifact-files.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';

const LISTINGS_AT_ONCE = 8;

/** Files of one beginning that are worth a listing of their own. */
const WORTH_A_LISTING = 4;

/**
 * What listings tell of these files: one for each folder and what its files begin with, the project and the version (`torch-2.8.0-`), where that is more
 * than a few; what is left of a folder by what begins as all of that does.
 */
export async function listed(
  store: ReadableStore,
  keys: readonly StoreKey[],
): Promise<ReadonlyMap<StoreKey, ListedFile | null>> {
  const beginnings = [...Map.groupBy(keys, beginningOf).values()];
  const few = beginnings.filter((group) => group.length < WORTH_A_LISTING).flat();
  const groups = [
    ...beginnings.filter((group) => group.length >= WORTH_A_LISTING),
    ...Map.groupBy(few, folderOf).values(),
  ];
  const found = await inLanes(groups, LISTINGS_AT_ONCE, (group) => listGroup(store, group));
  return new Map(found.flatMap((one) => [...one]));
}

function folderOf(key: StoreKey): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** Up to the second dash of the file's name. */
function beginningOf(key: StoreKey): string {
  const folder = folderOf(key);
  const [project = '', version = ''] = key.slice(folder.length).split('-', 2);
  return `${folder}${project}-${version}-`;
}

/** Given up where it takes more pages than there are files still to be found: each of them is one request too. */
async function listGroup(
  store: ReadableStore,
  keys: readonly StoreKey[],
): Promise<ReadonlyMap<StoreKey, ListedFile | null>> {
  const wanted = keys.toSorted(compareKeys);
  const found = new Map<StoreKey, ListedFile | null>();
  let [next, pages] = [0, 0];
  // All before `key` that were not met on the way are not there.
  const passUntil = (key: StoreKey | null): void => {
    for (let one = wanted[next]; one !== undefined; one = wanted[next]) {
      if (key !== null && compareKeys(one, key) >= 0) return;
      if (!found.has(one)) found.set(one, null);
      next += 1;
    }
  };
  for await (const { objects } of store.list(commonBeginning(wanted))) {
    pages += 1;
    for (const { key, size, etag } of objects) {
      passUntil(key);
      if (wanted[next] === key) found.set(key, { size, etag });
    }
    if (next >= wanted.length) return found;
    if (pages >= wanted.length - next) return found;
  }
  passUntil(null);
  return found;
}
