import { expect, it } from 'vitest';
import { refuse, succeed } from '../domain/result.ts';
import { StoreKey } from '../domain/store-key.ts';
import type { ReadableStore } from '../ports/artifact-store.ts';
import { memoryStores, sha256Of } from '../testing/memory-store.ts';
import { noStores } from '../testing/no-stores.ts';
import { withSharedLooks } from './shared-looks.ts';
import type { Stores } from './stores.ts';

const KEY = StoreKey.parse('cpu/torch.whl');

/** Stores of which every channel has this one place. */
function storesOf(store: ReadableStore): Stores {
  const writable = refuse({ kind: 'usage' as const, code: 'read-only', text: 'not to be written' });
  return { ...noStores, of: async (channel) => succeed([{ channel, holds: 'wheel', store, writable, outside: null }]) };
}

async function openedIn(stores: Stores, channel: string): Promise<ReadableStore> {
  const opened = await stores.of(channel);
  const [place] = opened.ok ? opened.value : [];
  if (place === undefined) throw new Error('there is no place');
  return place.store;
}

it('looks at an object once, whichever channel it is asked for through', async () => {
  const store = memoryStores().store('test');
  store.plant(KEY, 'a wheel', sha256Of('a wheel'));
  let looks = 0;
  const counting: ReadableStore = {
    name: store.name,
    list: (prefix, after) => store.list(prefix, after),
    source: (key, etag) => store.source(key, etag),
    look: (key) => {
      looks += 1;
      return store.look(key);
    },
  };
  const shared = withSharedLooks(storesOf(counting));
  const [one, other] = [await openedIn(shared, 'test'), await openedIn(shared, 'stable')];
  const [first, second] = await Promise.all([one.look(KEY), other.look(KEY)]);
  expect(first?.sha256).toBe(sha256Of('a wheel'));
  expect(second).toEqual(first);
  expect(looks).toBe(1);
  await (await openedIn(withSharedLooks(storesOf(counting)), 'test')).look(KEY);
  expect(looks).toBe(2);
});

it('asks again after a look that failed', async () => {
  const store = memoryStores().store('test');
  let fails = true;
  const shaky: ReadableStore = {
    name: store.name,
    list: (prefix, after) => store.list(prefix, after),
    source: (key, etag) => store.source(key, etag),
    look: async (key) => {
      if (fails) throw new Error('no answer');
      return store.look(key);
    },
  };
  const shared = await openedIn(withSharedLooks(storesOf(shaky)), 'test');
  await expect(shared.look(KEY)).rejects.toThrow('no answer');
  fails = false;
  expect(await shared.look(KEY)).toBeNull();
});
