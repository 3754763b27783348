import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { keptReadings } from './kept-readings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-readings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const OF = digestOf('a wheel');

it('keeps a reading by kind and digest, across processes', async () => {
  await keptReadings(folder).put('wheel', OF, { findings: ['ü'] });
  expect(await keptReadings(folder).get('wheel', OF)).toEqual({ findings: ['ü'] });
  expect(await keptReadings(folder).get('index', OF)).toBeNull();
  expect(await keptReadings(folder).get('wheel', digestOf('another'))).toBeNull();
});

it('has none where the file is torn, empty or gone', async () => {
  const kept = keptReadings(folder);
  await kept.put('wheel', OF, { findings: [] });
  const [name = ''] = (await readdir(join(folder, 'wheel'), { recursive: true })).filter((each) =>
    each.endsWith('.json'),
  );
  for (const content of ['', '{"find', '\u0000']) {
    await writeFile(join(folder, 'wheel', name), content);
    expect(await kept.get('wheel', OF)).toBeNull();
  }
  await rm(folder, { recursive: true });
  expect(await kept.get('wheel', OF)).toBeNull();
});

it('holds one whole reading when many write the same at once, and leaves nothing else', async () => {
  const kept = keptReadings(folder);
  await Promise.all(Array.from({ length: 20 }, () => kept.put('wheel', OF, { n: 'same' })));
  expect(await kept.get('wheel', OF)).toEqual({ n: 'same' });
  expect((await readdir(folder, { recursive: true })).filter((name) => /json/.test(name))).toHaveLength(1);
});
