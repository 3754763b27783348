import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { blake2b } from './blake2b.ts';

test('32 bytes are those of the published vectors', () => {
  expect(blake2b(32).digest()).toBe('0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8');
  expect(blake2b(32).update(Buffer.from('abc')).digest()).toBe(
    'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  );
});

test.each([0, 1, 127, 128, 129, 255, 256, 257, 5000])('%i bytes have the digest that Node gives them', (count) => {
  const bytes = Uint8Array.from({ length: count }, (_each, at) => (at * 7919 + count) % 256);
  const running = blake2b(64);
  for (let at = 0; at < count; at += 61) running.update(bytes.subarray(at, at + 61));
  expect(running.digest()).toBe(createHash('blake2b512').update(bytes).digest('hex'));
});
