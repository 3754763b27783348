import { expect, it } from 'vitest';
import { onItsWay } from './store-place.ts';

/** Making folders that fails with these codes, one after the other, and then works. */
function failing(codes: readonly string[]): { readonly make: () => Promise<void>; readonly tries: () => number } {
  const left = [...codes];
  let tries = 0;
  return {
    tries: () => tries,
    make: async () => {
      tries += 1;
      const code = left.shift();
      if (code !== undefined) throw Object.assign(new Error(`${code}: mkdir`), { code });
    },
  };
}

it('makes the way again where a removal took it away meanwhile, whatever the system calls that', async () => {
  const { make, tries } = failing(['ENOENT', 'ENOTDIR']);
  let puts = 0;
  await onItsWay(make, async () => void (puts += 1));
  expect([tries(), puts]).toEqual([3, 1]);
});

it('does not try again what will not do, nor for ever', async () => {
  const full = failing(['ENOSPC']);
  await expect(onItsWay(full.make, async () => undefined)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(full.tries()).toBe(1);
  const always = failing(Array.from({ length: 1000 }, () => 'ENOTDIR'));
  await expect(onItsWay(always.make, async () => undefined)).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(always.tries()).toBe(64);
});
