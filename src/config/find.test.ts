import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findTrainFile } from './find.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-find-'));
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('finds the train file of the nearest folder upward', async () => {
  await writeFile(join(folder, 'train.yaml'), '');
  expect(await findTrainFile(join(folder, 'a', 'b'))).toBe(join(folder, 'train.yaml'));
  await writeFile(join(folder, 'a', 'train.yaml'), '');
  expect(await findTrainFile(join(folder, 'a', 'b'))).toBe(join(folder, 'a', 'train.yaml'));
});

it('finds none where there is none up to the root', async () => {
  expect(await findTrainFile(join(folder, 'a'))).toBeNull();
});
