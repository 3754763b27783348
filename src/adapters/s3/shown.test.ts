import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { compareKeys, StoreKey } from '../../domain/store-key.ts';
import type { ListedPage, StoredObject } from '../../ports/artifact-store.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { shownTogether, type MadeCopy, type Shown } from './shown.ts';

const AT = Instant.parse('2025-06-24T14:00:00Z');
const LATER = Instant.parse('2025-06-24T14:00:01Z');

function copyOf(number: number): MadeCopy {
  const text = String(number).padStart(4, '0');
  return {
    key: StoreKey.parse(`cpu/${text}.whl`),
    size: 7,
    etag: `etag ${text}`,
    sha256: sha256Of(text),
    modified: AT,
  };
}

const copies = (count: number): readonly MadeCopy[] => Array.from({ length: count }, (_, number) => copyOf(number));

/** A store that holds what copies made of it, with what was asked of it. Time passes when a test says so. */
function storeOf(there: readonly MadeCopy[]) {
  const objects = new Map<StoreKey, StoredObject>(
    there.map((made) => [made.key, { ...made, contentType: null, cacheControl: null }]),
  );
  const asked = { looks: 0, pages: 0 };
  let pending: (() => void) | null = null;
  async function* list(prefix: string, { after, most }: { after: string; most: number }): AsyncGenerator<ListedPage> {
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && compareKeys(key, after) > 0)
      .toSorted(compareKeys);
    for (let from = 0; from < keys.length; from += most) {
      asked.pages += 1;
      const page = keys.slice(from, from + most).flatMap((key) => objects.get(key) ?? []);
      yield { objects: page, strange: [] };
    }
  }
  const shown = shownTogether({
    look: async (key) => {
      asked.looks += 1;
      return objects.get(key) ?? null;
    },
    list,
    timers: {
      after: (_millis, act) => {
        pending = act;
        return () => (pending = null);
      },
    },
  });
  return {
    asked,
    shown,
    change: (key: StoreKey, to: Partial<StoredObject>) => {
      const object = objects.get(key);
      if (object !== undefined) objects.set(key, { ...object, ...to });
    },
    take: (key: StoreKey) => objects.delete(key),
    passTime: () => pending?.(),
  };
}

/** The keys of those that were shown. */
async function keysShown(
  { shown, passTime }: { readonly shown: Shown; readonly passTime: () => void },
  made: readonly MadeCopy[],
): Promise<readonly StoreKey[]> {
  // Another that is still under way: the group is closed by time.
  const late = shown();
  const answers = Promise.all(made.map(async (one) => ({ key: one.key, isShown: await shown().made(one) })));
  passTime();
  late.failed();
  return (await answers).flatMap(({ key, isShown }) => (isShown ? [key] : []));
}

it('shows many copies by one listing and one look', async () => {
  const made = copies(32);
  const store = storeOf(made);
  expect(await keysShown(store, made.toReversed())).toEqual(made.map(({ key }) => key).toReversed());
  expect(store.asked).toEqual({ looks: 1, pages: 1 });
});

it('looks at one of every 32, and shows nothing where one of these has no record', async () => {
  const made = copies(100);
  const store = storeOf(made);
  expect(await keysShown(store, made)).toHaveLength(100);
  expect(store.asked).toEqual({ looks: 4, pages: 1 });
  store.change(copyOf(64).key, { sha256: null });
  expect(await keysShown(store, made)).toEqual([]);
});

it('waits for those that are under way, and for nothing where none is', async () => {
  const { shown, asked } = storeOf(copies(8));
  const coming = copies(8).map((made) => ({ made, copy: shown() }));
  const answers = coming.slice(0, 6).map(({ made, copy }) => copy.made(made));
  await Promise.resolve();
  expect(asked).toEqual({ looks: 0, pages: 0 });
  const [one, other] = coming.slice(6);
  one?.copy.failed();
  answers.push(other?.copy.made(other.made) ?? Promise.resolve(false));
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 7 }, () => true));
  expect(asked).toEqual({ looks: 1, pages: 1 });
});

it('does not wait for more than come within a moment, and leaves a few to be looked at one by one', async () => {
  const store = storeOf(copies(40));
  expect(await keysShown(store, copies(10))).toHaveLength(10);
  expect(store.asked).toEqual({ looks: 1, pages: 1 });
  expect(await keysShown(store, copies(3))).toEqual([]);
  expect(store.asked).toEqual({ looks: 1, pages: 1 });
});

it.each([
  ['with another ETag', { etag: 'another' }],
  ['with another size', { size: 8 }],
  ['written at another time', { modified: LATER }],
])('does not show a copy that the listing tells %s', async (_how, changed) => {
  const made = copies(12);
  const store = storeOf(made);
  store.change(copyOf(5).key, changed);
  const others = made.map(({ key }) => key).filter((key) => key !== copyOf(5).key);
  expect(await keysShown(store, made)).toEqual(others);
});

it('does not show a copy that the listing does not have', async () => {
  const made = copies(12);
  const store = storeOf(made);
  store.take(copyOf(11).key);
  expect(await keysShown(store, made)).toEqual(made.slice(0, 11).map(({ key }) => key));
});

it('shows nothing where the copy that is looked at has no record, another record, or is not the one that was made', async () => {
  for (const changed of [{ sha256: null }, { sha256: sha256Of('another') }, { modified: LATER }]) {
    const store = storeOf(copies(12));
    store.change(copyOf(0).key, changed);
    expect(await keysShown(store, copies(12))).toEqual([]);
    expect(store.asked.pages).toBe(0);
  }
});

function fail(): never {
  throw new Error('no answer');
}

it('shows nothing where the store fails', async () => {
  const { passTime, ...store } = storeOf(copies(12));
  const failing = shownTogether({
    look: async (key) => ({ ...copyOf(Number(key.slice(4, 8))), contentType: null, cacheControl: null }),
    list: fail,
    timers: { after: (_millis, act) => (queueMicrotask(act), () => {}) },
  });
  expect(await keysShown({ shown: failing, passTime }, copies(12))).toEqual([]);
  expect(store.asked.pages).toBe(0);
});

it('goes on past what lies between a slow copy and the others', async () => {
  const store = storeOf(copies(300));
  const made = [copyOf(0), ...copies(300).slice(200, 231)];
  expect(await keysShown(store, made)).toHaveLength(32);
  expect(store.asked).toEqual({ looks: 1, pages: 2 });
});

it('gives up where few lie among many, and looks at the next groups one by one', async () => {
  const store = storeOf(copies(4000));
  const sparse = Array.from({ length: 32 }, (_, number) => copyOf(number * 100));
  const first = await keysShown(store, sparse);
  expect(first.length).toBeLessThan(16);
  expect(store.asked.pages).toBeLessThanOrEqual(4);
  const { pages } = store.asked;
  for (let group = 0; group < 8; group += 1) expect(await keysShown(store, copies(32))).toEqual([]);
  expect(store.asked).toEqual({ looks: 1, pages });
  expect(await keysShown(store, copies(32))).toHaveLength(32);
});
