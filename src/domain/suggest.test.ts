import { describe, expect, it } from 'vitest';
import { closest, editDistance } from './suggest.ts';

describe('what was probably meant', () => {
  it.each([
    ['stauts', 'status'],
    ['STATUS', 'status'],
    ['blokers', 'blockers'],
    ['relase', 'release'],
    ['vesion', 'version'],
  ])('%s is %s', (word, meant) => {
    expect(closest(word, ['blockers', 'status', 'release', 'version'])).toBe(meant);
  });

  it.each(['', 'xyzzy', 'a'.repeat(100_000)])('nothing is suggested for what is near to nothing', (word) => {
    expect(closest(word, ['blockers', 'status'])).toBeNull();
  });

  it('a swap of neighbours is one slip', () => {
    expect([editDistance('trian', 'train'), editDistance('train', 'train'), editDistance('', 'abc')]).toEqual([
      1, 0, 3,
    ]);
  });
});
