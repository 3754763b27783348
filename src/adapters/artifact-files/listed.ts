import { commonBeginning, compareKeys, type StoreKey } from '../../domain/store-key.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { ListedFile } from '../../ports/artifact-files.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';

const LISTINGS_AT_ONCE = 8;

/** Files of one beginning that are worth a listing of their own. */
const WORTH_A_LISTING = 4;

/** Parts of one listing that are read at once, and the least pages that one is worth being for. */
const RANGES_AT_ONCE = 8;
const PAGES_OF_A_RANGE = 2;

/** Names on a page of S3 at most: where there are fewer, nothing more comes. */
const FULL_PAGE = 1000;

/**
 * What listings tell of these files: one for each folder and what its files begin with, the project and the version (`torch-2.8.0-`), where that is more
 * than a few; what is left of a folder by what begins as all of that does.
 */
export async function listed(
  store: Pick<ReadableStore, 'list'>,
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

interface Walk {
  readonly beginning: string;
  readonly after: StoreKey | null;
  readonly isThin?: (told: number, left: number) => boolean;
}

interface Walked {
  readonly found: ReadonlyMap<StoreKey, ListedFile | null>;
  /** What lies beyond the first page, and is to be read in ranges. */
  readonly left: readonly StoreKey[];
  /** The last name that was read. */
  readonly last: StoreKey | null;
}

/**
 * Reads one listing for some files in its order, from `after` on. It is given up where it takes more pages than there are files still to be found, each of
 * which is one request too; or after a first page that is full, where `isThin` says so of how many files it told and how many are left.
 */
async function walk(
  store: Pick<ReadableStore, 'list'>,
  wanted: readonly StoreKey[],
  { beginning, after, isThin = () => false }: Walk,
): Promise<Walked> {
  const found = new Map<StoreKey, ListedFile | null>();
  let [next, pages] = [0, 0];
  let last = after;
  // All before `key` that were not met on the way are not there.
  const passUntil = (key: StoreKey | null): void => {
    for (let one = wanted[next]; one !== undefined; one = wanted[next]) {
      if (key !== null && compareKeys(one, key) >= 0) return;
      if (!found.has(one)) found.set(one, null);
      next += 1;
    }
  };
  for await (const { objects } of after === null ? store.list(beginning) : store.list(beginning, after)) {
    pages += 1;
    for (const { key, size, etag } of objects) {
      last = key;
      passUntil(key);
      if (wanted[next] === key) found.set(key, { size, etag });
    }
    const left = wanted.slice(next).filter((key) => !found.has(key));
    if (left.length === 0 || pages >= left.length) return { found, left: [], last };
    if (pages === 1 && objects.length >= FULL_PAGE && isThin(wanted.length - left.length, left.length))
      return { found, left, last };
  }
  passUntil(null);
  return { found, left: [], last };
}

/**
 * The first page tells how thinly the files lie. Where many pages are to come, the rest is read in ranges at once: servers give one page after another, and a
 * folder of 60,000 names takes as long as sixty questions.
 */
async function listGroup(
  store: Pick<ReadableStore, 'list'>,
  keys: readonly StoreKey[],
): Promise<ReadonlyMap<StoreKey, ListedFile | null>> {
  const wanted = keys.toSorted(compareKeys);
  const beginning = commonBeginning(wanted);
  const isThin = (told: number, left: number): boolean => left / Math.max(1, told) >= 2 * PAGES_OF_A_RANGE;
  const first = await walk(store, wanted, { beginning, after: null, isThin });
  const { left, last } = first;
  const told = Math.max(1, wanted.length - left.length);
  const size = Math.max(PAGES_OF_A_RANGE * told, Math.ceil(left.length / RANGES_AT_ONCE));
  const starts = Array.from({ length: Math.ceil(left.length / size) }, (_none, index) => index * size);
  const ranges = await Promise.all(
    starts.map((start) => walk(store, left.slice(start, start + size), { beginning, after: left[start - 1] ?? last })),
  );
  return new Map([first, ...ranges].flatMap(({ found }) => [...found]));
}
