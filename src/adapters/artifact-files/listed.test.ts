import { expect, it } from 'vitest';
import { compareKeys, StoreKey } from '../../domain/store-key.ts';
import type { ListedObject, ReadableStore } from '../../ports/artifact-store.ts';
import { listed } from './listed.ts';

const PAGE = 1000;
const keyOf = (index: number): StoreKey => StoreKey.parse(`whl/torch-2.8.0-${String(index).padStart(6, '0')}.whl`);

/** A store of so many names that answers page by page; each page waits until nobody asks any more, so that what is asked at once is seen. */
function storeOf(count: number) {
  const all = Array.from({ length: count }, (_none, index) => keyOf(index)).toSorted(compareKeys);
  const seen = { pages: 0, looks: 0, atOnce: 0 };
  let asking = 0;
  const store: Pick<ReadableStore, 'list'> = {
    async *list(prefix, after) {
      const from = all.filter((key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0));
      for (let at = 0; at < from.length; at += PAGE) {
        seen.pages += 1;
        asking += 1;
        seen.atOnce = Math.max(seen.atOnce, asking);
        await new Promise((resolve) => setImmediate(resolve));
        asking -= 1;
        const objects = from
          .slice(at, at + PAGE)
          .map((key): ListedObject => ({ key, size: 1, etag: `e${key}`, sha256: null, modified: null }));
        yield { objects, strange: [] };
      }
    },
  };
  return { store, seen };
}

const every = (step: number, count: number, from = 0): readonly StoreKey[] =>
  Array.from({ length: Math.ceil((count - from) / step) }, (_none, index) => keyOf(from + index * step));

it('reads what lies thinly in many pages at once, with hardly more pages than one after the other', async () => {
  const { store, seen } = storeOf(60_000);
  const wanted = every(30, 60_000);
  const found = await listed(store, wanted);
  expect([found.size, [...found.values()].every((file) => file?.size === 1)]).toEqual([2000, true]);
  expect(seen.atOnce).toBe(8);
  expect(seen.pages).toBeLessThanOrEqual(60 + 9);
});

it('reads what lies together once, and asks for no page twice', async () => {
  const { store, seen } = storeOf(2000);
  expect((await listed(store, every(1, 2000))).size).toBe(2000);
  expect(seen.pages).toBe(2);
});

it('tells what is not there, also where one range ends and another begins, and never that something is there which is not', async () => {
  const { store } = storeOf(20_000);
  const absent = every(1000, 20_000).map((key) => StoreKey.parse(`${key}.metadata`));
  const there = every(20, 20_000);
  const beyond = [keyOf(20_001), keyOf(99_999)];
  const found = await listed(store, [...there, ...absent, ...beyond]);
  expect(there.filter((key) => found.get(key)?.etag !== `e${key}`)).toEqual([]);
  expect(absent.filter((key) => found.get(key) !== null)).toEqual([]);
  expect(beyond.filter((key) => (found.get(key) ?? null) !== null)).toEqual([]);
});

it('gives a listing up that takes more pages than there are files left', async () => {
  const { store, seen } = storeOf(60_000);
  const found = await listed(store, [keyOf(0), keyOf(30_000), keyOf(45_000), keyOf(59_999)]);
  expect(seen.pages).toBeLessThanOrEqual(8);
  expect(found.get(keyOf(0))).toEqual({ size: 1, etag: `e${keyOf(0)}` });
  expect(found.has(keyOf(59_999))).toBe(false);
});
