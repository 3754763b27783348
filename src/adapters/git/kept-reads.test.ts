import { expect, it } from 'vitest';
import { keptReads } from './kept-reads.ts';

/** Reads texts and counts how often. */
function reading(): { readonly read: (text: string) => () => Promise<string>; readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    read: (text) => async () => {
      reads.push(text);
      if (text === 'broken') throw new Error('no answer');
      return text;
    },
  };
}

it('reads once what is asked for at once, and again, by its key', async () => {
  const { read, reads } = reading();
  const keep = keptReads<string>((text) => text.length);
  expect(await Promise.all([keep('a', read('one')), keep('a', read('one')), keep('b', read('two'))])).toEqual([
    'one',
    'one',
    'two',
  ]);
  expect(await keep('a', read('one'))).toBe('one');
  expect(reads).toEqual(['one', 'two']);
});

it('keeps no failure', async () => {
  const { read, reads } = reading();
  const keep = keptReads<string>((text) => text.length);
  await expect(keep('a', read('broken'))).rejects.toThrow('no answer');
  expect(await keep('a', read('one'))).toBe('one');
  expect(reads).toEqual(['broken', 'one']);
});

it('lets go what was asked for longest ago, and never keeps what is large', async () => {
  const { read, reads } = reading();
  // Room for sixteen of a thousand bytes, with what each takes beside them.
  const keep = keptReads<string>(() => 1000, 16 * 1512);
  const large = keptReads<string>(() => 1001, 16 * 1512);
  for (let index = 0; index < 16; index += 1) await keep(String(index), read(String(index)));
  await keep('0', read('again'));
  await keep('16', read('16'));
  await keep('0', read('again'));
  await keep('1', read('1 again'));
  expect(reads.slice(16)).toEqual(['16', '1 again']);
  await large('a', read('large'));
  await large('a', read('large'));
  expect(reads.slice(18)).toEqual(['large', 'large']);
});
