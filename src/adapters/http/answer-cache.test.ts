import { expect, it } from 'vitest';
import { memoryAnswerCache } from './answer-cache.ts';

const answer = (text: string) => ({ etag: '"x"', link: null, text });

it('forgets the answer that was not used for longest when it is full', async () => {
  const cache = memoryAnswerCache(10);
  await cache.keep('a', answer('aaaa'));
  await cache.keep('b', answer('bbbb'));
  await cache.find('a');
  await cache.keep('c', answer('cccc'));
  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.find(key)))).toEqual([
    answer('aaaa'),
    null,
    answer('cccc'),
  ]);
});

it('keeps the newest answer of an address, and counts it once', async () => {
  const cache = memoryAnswerCache(10);
  for (const text of ['11111111', '22222222', '33333333']) await cache.keep('a', answer(text));
  expect(await cache.find('a')).toEqual(answer('33333333'));
});

it('does not keep an answer that is larger than all it may hold, nor the older one that it replaces', async () => {
  const cache = memoryAnswerCache(10);
  await cache.keep('a', answer('old'));
  await cache.keep('a', answer('x'.repeat(11)));
  expect(await cache.find('a')).toBeNull();
});
