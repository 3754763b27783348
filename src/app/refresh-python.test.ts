import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pythonReleasesFor } from '../config/python-releases-file.ts';
import { shippedPresets } from '../config/sources.ts';
import { Instant } from '../domain/instant.ts';
import { readPythonRefresh, writePythonRefresh } from './refresh-python.ts';

const now = Instant.parse('2026-09-01T00:00:00Z');
const published = await readFile(join(shippedPresets(), 'python-releases.json'), 'utf8');
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-python-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function refresh(text: string, train = join(dir, 'train.yaml')) {
  const from = join(dir, 'new.json');
  await writeFile(from, text);
  return readPythonRefresh({ train, from, now });
}

async function refused(text: string): Promise<string> {
  const read = await refresh(text);
  return read.ok ? 'taken' : read.problems[0].text;
}

it('puts newer data beside the train file after telling what it changes, and uses it from then on', async () => {
  const newer = published
    .replace('"end_of_life": "2029-10-01"', '"end_of_life": "2030-10-01"')
    .replace('"stage": "3.13.16",\n        "state": "expected"', '"stage": "3.13.16",\n        "state": "actual"');
  const read = await refresh(newer);
  if (!read.ok) throw new Error(read.problems[0].text);
  expect(read.value).toMatchObject({
    asOf: { before: '2026-08-05', after: '2026-10-06' },
    changes: ['Python 3.13 ends 2030-10-01, not 2029-10-01'],
    isSame: false,
  });
  expect(await readdir(dir)).toEqual(['new.json']);
  await writePythonRefresh(read.value);
  expect((await readdir(dir)).toSorted()).toEqual(['new.json', 'python-releases.json']);
  expect(await pythonReleasesFor(dir, now)).toMatchObject({ known: true, value: { asOf: '2026-10-06' } });
  expect(await refresh(newer)).toMatchObject({ ok: true, value: { isSame: true, changes: [] } });
});

it('refuses what is older, has lost a Python that lives, or is something else', async () => {
  expect(await refused(published.replaceAll('"date": "2026-', '"date": "2020-'))).toContain(
    'knows releases until 2025',
  );
  expect(await refused(published.replaceAll('"3.13": {', '"3.99": {'))).toContain('does not name Python 3.13');
  expect(await refused('<html>')).toContain('is no JSON');
  const missing = await readPythonRefresh({ train: join(dir, 'train.yaml'), from: join(dir, 'none'), now });
  expect(missing).toMatchObject({
    ok: false,
    problems: [{ text: `${join(dir, 'none')} is not there. Nothing was changed.` }],
  });
});

it('never writes into a preset that is shipped', async () => {
  const read = await refresh(published, join(shippedPresets(), 'pytorch', 'train.yaml'));
  expect(read).toMatchObject({ ok: false, problems: [{ code: 'python-releases' }] });
});

it('does not pass over data beside the train file that cannot be read', async () => {
  await writeFile(join(dir, 'python-releases.json'), '{');
  expect(await pythonReleasesFor(dir, now)).toMatchObject({ known: false });
});
