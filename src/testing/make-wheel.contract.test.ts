import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PYTHON } from './debian-tools.ts';
import { makeWheel, seededFiles, type RecordLie, type WheelRecipe } from './make-wheel.ts';

const run = promisify(execFile);
const recipe: WheelRecipe = { name: 'Torch-Made', version: '2.7.0+cpu', files: seededFiles('torch_made', 7, 30) };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-made-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function unpack(made: WheelRecipe): Promise<string> {
  const { fileName, bytes } = makeWheel(made);
  const file = join(folder, fileName);
  await writeFile(file, bytes);
  const answer = await run(DEBIAN_PYTHON, ['-m', 'wheel', 'unpack', '--dest', folder, file]).catch(
    (error: unknown) => error,
  );
  return answer instanceof Error ? answer.message : 'unpacked';
}

describe.skipIf(WITHOUT_DEBIAN_PYTHON)('wheels made for tests', () => {
  it('are the same bytes for the same recipe', () => {
    expect(makeWheel(recipe)).toEqual(makeWheel({ ...recipe, files: seededFiles('torch_made', 7, 30) }));
  });

  it('are taken by the reference tool, which checks every hash', async () => {
    expect(await unpack(recipe)).toBe('unpacked');
  });

  it.each<[RecordLie, RegExp]>([
    ['hash', /Hash mismatch/],
    ['missing-entry', /No hash found/],
    ['absent', /Missing .*RECORD/],
  ])('with a RECORD that lies (%s) are refused by it', async (record, message) => {
    expect(await unpack({ ...recipe, broken: { record } })).toMatch(message);
  });
});
