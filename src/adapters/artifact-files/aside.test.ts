import { expect, it } from 'vitest';
import { addSeconds, Instant } from '../../domain/instant.ts';
import { keysIn } from '../../testing/artifact-store-contract.ts';
import { memoryStores, sha256Of } from '../../testing/memory-store.ts';
import { asideOf, sweeper } from './aside.ts';

it('takes away what a killed run left a day ago, once, and nothing younger or under another name', async () => {
  const store = memoryStores().store('stable');
  const old = store.plant(asideOf(sha256Of('old')), 'half a wheel');
  for (let number = 0; number < 3; number += 1) store.plant('torch.whl', `wheel ${number}`);
  const young = store.plant(asideOf(sha256Of('young')), 'half a wheel');
  const now = { is: addSeconds(Instant.parse(young.modified), 24 * 3600) };
  const sweep = sweeper(() => now.is);
  await sweep(store);
  expect(await keysIn(store, '')).toEqual([young.key, 'torch.whl']);
  expect(old.modified < young.modified).toBe(true);
  now.is = addSeconds(now.is, 3600);
  await sweep(store);
  expect(await keysIn(store, '')).toEqual([young.key, 'torch.whl']);
});

it('sweeps again when it could not', async () => {
  const store = memoryStores().store('stable');
  const left = store.plant(asideOf(sha256Of('old')), 'half a wheel');
  let fails = true;
  const broken = {
    ...store,
    remove: async (...given: Parameters<typeof store.remove>) => {
      if (fails) throw new Error('the store is busy');
      return store.remove(...given);
    },
  };
  const sweep = sweeper(() => addSeconds(left.modified, 2 * 24 * 3600));
  await expect(sweep(broken)).rejects.toThrow('busy');
  fails = false;
  await sweep(broken);
  expect(await keysIn(store, '')).toEqual([]);
});
