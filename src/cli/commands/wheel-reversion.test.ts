import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cliRun } from '../../testing/cli-terminal.ts';
import { makeWheel, type WheelRecipe } from '../../testing/make-wheel.ts';

const TORCH: WheelRecipe = { name: 'torch', version: '2.7.0+cu126', tags: 'cp313-cp313-win_amd64' };
const VISION: WheelRecipe = {
  name: 'torchvision',
  version: '0.22.0+cu126',
  tags: 'cp313-cp313-win_amd64',
  requiresDist: ['torch==2.7.0+cu126'],
  classifiers: ['Private :: Do Not Upload'],
};
const PLAIN: WheelRecipe = { name: 'torchtune', version: '0.6.1' };
const LYING: WheelRecipe = { ...TORCH, name: 'torchaudio', broken: { record: 'size' } };

let folder: string;

async function put(...recipes: readonly WheelRecipe[]): Promise<readonly string[]> {
  const made = recipes.map((recipe) => makeWheel(recipe));
  for (const { fileName, bytes } of made) await writeFile(join(folder, fileName), bytes);
  return made.map(({ fileName }) => fileName);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-reversion-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...argv: readonly string[]) => cliRun(['wheel', 'reversion', ...argv], { cwd: folder });

const Data = z.object({
  data: z.object({
    wheels: z.array(
      z.object({
        made: z.object({ outcome: z.string(), input: z.string(), output: z.string(), path: z.string() }).nullable(),
        problems: z.array(z.object({ code: z.string() })),
      }),
    ),
  }),
});
const digestOf = async (path: string): Promise<string> =>
  `sha256:${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;

describe('wheel reversion', () => {
  it('makes wheels for a public index, and tells which bytes became which and what was changed', async () => {
    const names = await put(TORCH, VISION, PLAIN);
    const { code, out } = await run(
      ...names,
      '--out',
      'staging',
      '--sibling',
      'torch',
      '--drop-classifier',
      'Private :: *',
    );
    expect(out).toMatchInlineSnapshot(`
      "   WHEEL                                     VERSION     SIZE  RESULT
      ✓  torch-2.7.0-cp313-cp313-win_amd64.whl     2.7.0      974 B  written
      ✓  torchvision-0.22.0-...p313-win_amd64.whl  0.22.0   1.1 KiB  written
      ✓  torchtune-0.6.1-py3-none-any.whl          0.6.1      931 B  unchanged, copied

      torch-2.7.0+cu126-cp313-cp313-win_amd64.whl
        from sha256:7ca10327c99ab51cc2d549d37221ae0ad63666d51528553335fcd1d78f4ce2ce
        to   sha256:5d5b3f120c6727d119668d3a2c77c8738f12013fb5526f052e73c673dab8e6c2
        Version 2.7.0+cu126 becomes 2.7.0
        torch-2.7.0+cu126.dist-info becomes torch-2.7.0.dist-info (3 files)

      torchvision-0.22.0+cu126-cp313-cp313-win_amd64.whl
        from sha256:67153f0b48b115252b6c557581997dd7d0bf1064a6522e4833bdbde6b0ebc472
        to   sha256:631d1898d5cd71c44be9239e7a2c73765ef687fa374257b1d0aa0bbd03f145d2
        Version 0.22.0+cu126 becomes 0.22.0
        Classifier Private :: Do Not Upload is gone
        Requires-Dist torch==2.7.0+cu126 becomes torch==2.7.0
        torchvision-0.22.0+cu126.dist-info becomes torchvision-0.22.0.dist-info (3
          files)

      torchtune-0.6.1-py3-none-any.whl
        from sha256:90ad722876dd9aa988c24cae4ce0b47291e5dff4ed35c9c6a6e210e34dfe021b
        to   sha256:90ad722876dd9aa988c24cae4ce0b47291e5dff4ed35c9c6a6e210e34dfe021b

      ✓ 3 wheels made in staging.
      "
    `);
    expect(code).toBe(0);
    expect((await readdir(join(folder, 'staging'))).toSorted()).toEqual([
      'torch-2.7.0-cp313-cp313-win_amd64.whl',
      'torchtune-0.6.1-py3-none-any.whl',
      'torchvision-0.22.0-cp313-cp313-win_amd64.whl',
    ]);
  });

  it('tells the lineage as JSON, adopts what it made before, and leaves anything else as it is', async () => {
    const names = await put(TORCH);
    const first = Data.parse(JSON.parse((await run(...names, '--out', 'staging', '--json')).out)).data.wheels[0]?.made;
    expect(first).toMatchObject({
      outcome: 'written',
      input: await digestOf(join(folder, names[0] ?? '')),
      output: await digestOf(first?.path ?? ''),
    });
    const again = Data.parse(JSON.parse((await run(...names, '--out', 'staging', '--json')).out)).data.wheels[0]?.made;
    expect(again).toEqual({ ...first, outcome: 'adopted' });
    await writeFile(first?.path ?? '', 'something else');
    const third = await run(...names, '--out', 'staging');
    expect([third.code, third.out]).toEqual([5, expect.stringContaining('is there already with other bytes')]);
    expect(await readFile(first?.path ?? '', 'utf8')).toBe('something else');
  });

  it('with a train: its packages are siblings, and what its index does not know goes', async () => {
    const names = await put(VISION);
    const { code, out } = await run(...names, '--out', 'staging', '--train', 'pytorch');
    expect(out).toContain('Requires-Dist torch==2.7.0+cu126 becomes torch==2.7.0');
    expect(out).toContain('Classifier Private :: Do Not Upload is gone');
    expect(code).toBe(0);
  });

  it('one that is refused does not keep the others from it', async () => {
    const names = await put(LYING, TORCH);
    const { code, out } = await run(...names, '--out', 'staging');
    expect(out).toContain('RECORD tells a wrong size for "torchaudio/__init__.py"');
    expect(out).toContain('1 wheel made in staging, none of 1 other.');
    expect(code).toBe(7);
    expect(await readdir(join(folder, 'staging'))).toEqual(['torch-2.7.0-cp313-cp313-win_amd64.whl']);
  });

  it.each([
    ['that is not there', 'none-1+x-py3-none-any.whl', 'missing', 1],
    ['with 0 bytes', 'empty-1+x-py3-none-any.whl', 'zip', 5],
    ['that is a text', 'text-1+x-py3-none-any.whl', 'zip', 5],
    ['that has no name of a wheel', 'torch.whl', 'file-name', 5],
  ])('nothing is made of a file %s', async (_what, name, problem, code) => {
    await writeFile(join(folder, 'empty-1+x-py3-none-any.whl'), '');
    await writeFile(join(folder, 'text-1+x-py3-none-any.whl'), '<html>404 not found</html>');
    await writeFile(join(folder, 'torch.whl'), makeWheel(TORCH).bytes);
    const ran = await run(name, '--out', 'staging', '--json');
    expect(Data.parse(JSON.parse(ran.out)).data.wheels).toMatchObject([{ made: null, problems: [{ code: problem }] }]);
    expect(ran.code).toBe(code);
  });

  it('wants a folder, and files', async () => {
    const [noFolder, remote, noFile] = [
      await run('x.whl'),
      await run('http://127.0.0.1/x.whl', '--out', 'x'),
      await run('--out', 'x'),
    ];
    expect([noFolder.code, remote.code, noFile.code]).toEqual([2, 2, 2]);
    expect(noFolder.err).toContain('--out DIR missing');
    expect(remote.err).toContain('is an address');
    expect(noFile.err).toContain('FILE missing');
  });
});
