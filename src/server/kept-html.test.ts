import { randomBytes } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { NOW } from '../testing/engine-world.ts';
import { encodingOf, KeptHtml } from './kept-html.ts';
import { shownOf } from './show.ts';

const shown = () =>
  shownOf(
    { title: 'T', heading: 'H', tab: 'train', release: null, command: null, blocks: [] },
    { now: NOW, viewer: null, holders: {}, query: {}, past: null },
    'v1',
  );
const noise = (bytes: number) => () => randomBytes(bytes).toString('base64');
const LONG = `<p>${'long '.repeat(1_000)}</p>`;

it.each([
  [undefined, null],
  ['identity', null],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['GZIP;q=0.5, br;q=0', 'gzip'],
  ['br;q=0.000, gzip; q=0', null],
  ['brotli', null],
])('compresses as the client can read: %s', (accept, encoding) => {
  expect(encodingOf(accept)).toBe(encoding);
});

it('makes and compresses a document once while it says the same, and another for whoever is shown another', async () => {
  const kept = new KeptHtml();
  const one = shown();
  let made = 0;
  const make = (): string => {
    made += 1;
    return `${LONG}${made}`;
  };
  const [first, second] = await Promise.all([
    kept.pack({ shown: one, around: 'of ana', make }, 'br'),
    kept.pack({ shown: one, around: 'of ana', make }, 'br'),
  ]);
  expect(made).toBe(1);
  expect(second?.bytes).toBe(first?.bytes);
  expect(brotliDecompressSync(first?.bytes ?? '').toString()).toBe(`${LONG}1`);
  const zipped = await kept.pack({ shown: one, around: 'of ana', make }, 'gzip');
  expect(gunzipSync(zipped?.bytes ?? '').toString()).toBe(`${LONG}2`);
  await kept.pack({ shown: one, around: 'of ben', make }, 'br');
  await kept.pack({ shown: shown(), around: 'of ana', make }, 'br');
  expect(made).toBe(4);
});

it('holds nothing against its room of a document that had to go while it was compressed', async () => {
  const kept = new KeptHtml(2_000);
  // The first is under way for long; the second is too large for all, and pushes both out.
  await Promise.all([
    kept.pack({ shown: shown(), around: '', make: noise(400_000) }, 'br'),
    kept.pack({ shown: shown(), around: '', make: noise(4_000) }, 'br'),
  ]);
  const small = shown();
  let made = 0;
  const make = (): string => {
    made += 1;
    return LONG;
  };
  for (let time = 0; time < 2; time += 1) await kept.pack({ shown: small, around: '', make }, 'br');
  expect(made).toBe(1);
});

it('leaves short documents as they are, and makes long ones once, too, for clients that read no compression', async () => {
  const kept = new KeptHtml();
  expect(await kept.pack({ shown: shown(), around: '', make: () => 'short' }, 'br')).toBeNull();
  const one = shown();
  let made = 0;
  const make = (): string => `${LONG}ö${(made += 1)}`;
  const plain = [await kept.pack({ shown: one, around: '', make }, undefined)];
  plain.push(await kept.pack({ shown: one, around: '', make }, 'identity'));
  expect(plain.map((each) => [each?.encoding, Buffer.from(each?.bytes ?? '').toString()])).toEqual([
    [null, `${LONG}ö1`],
    [null, `${LONG}ö1`],
  ]);
  expect((await kept.pack({ shown: one, around: '', make }, 'gzip'))?.encoding).toBe('gzip');
});
