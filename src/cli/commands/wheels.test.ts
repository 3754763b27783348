import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isHere } from '../remote/place.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { WHEELS } from './wheels.ts';
import { makeWheel, seededFiles, type WheelRecipe } from '../../testing/make-wheel.ts';

const GOOD: WheelRecipe = {
  name: 'torch',
  version: '2.7.0',
  tags: 'cp313-cp313-win_amd64',
  files: { 'torch/__init__.py': 'x = 1\n', 'torch/lib/torch_cuda.dll': 'elf' },
  requiresPython: '>=3.9.0',
  requiresDist: ['filelock'],
  entryPoints: '[console_scripts]\ntorchrun = torch:main\n',
};
const CPU: WheelRecipe = {
  ...GOOD,
  version: '2.7.0+cu126',
  files: { 'torch/__init__.py': '' },
  broken: { record: 'hash' },
};
const VISION: WheelRecipe = { name: 'torchvision', version: '0.22.0', requiresDist: ['torch==2.6.0'] };

const [good, cpu, vision] = [GOOD, CPU, VISION].map((recipe) => makeWheel(recipe));
let folder: string;
let server: Server;
let address: string;
const ranges: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-wheels-'));
  for (const made of [good, cpu, vision])
    if (made !== undefined) await writeFile(join(folder, made.fileName), made.bytes);
  await writeFile(join(folder, 'empty-1-py3-none-any.whl'), '');
  const large = makeWheel({ ...GOOD, deflated: false, files: seededFiles('torch', 1, 800) });
  server = createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
    const size = large.bytes.length;
    const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
    const last = from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to));
    response.writeHead(206, {
      'content-range': `bytes ${first}-${last}/${size}`,
      etag: '"1"',
      'content-length': last + 1 - first,
    });
    response.end(large.bytes.subarray(first, last + 1));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' ? (bound?.port ?? 0) : 0}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...argv: readonly string[]) => cliRun(argv, { cwd: folder });
const file = (made: typeof good): string => made?.fileName ?? '';

describe('wheel check', () => {
  it('finds nothing in a good wheel, without a train file', async () => {
    const { code, out } = await run('wheel', 'check', file(good));
    expect(out).toMatchSnapshot();
    expect(code).toBe(0);
  });

  it('tells at 80 columns what is wrong where, and what to do, with the policy of a train and between wheels', async () => {
    const { code, out } = await run(
      'wheel',
      'check',
      file(good),
      file(cpu),
      file(vision),
      '--train',
      'pytorch',
      '--channel',
      'pypi',
    );
    expect(out).toMatchSnapshot();
    expect(code).toBe(3);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('gives all of it as one JSON document and as records', async () => {
    const json: unknown = JSON.parse(
      (await run('wheel', 'check', file(cpu), '--quick', '--json', '--train', 'pytorch')).out,
    );
    expect(json).toMatchObject({
      schema: 'signalbox.wheel-check/1',
      data: {
        quick: true,
        train: 'pytorch',
        errors: 1,
        wheels: [
          { name: 'torch', version: '2.7.0+cu126', files: 5, unreadable: null, findings: [{ check: 'accelerator' }] },
        ],
      },
    });
    const { out } = await run('wheel', 'check', file(cpu), '--plain');
    expect(out.split('\t').slice(0, 5)).toEqual([
      'error',
      'record-hash',
      'torch-2.7.0+cu126-cp313-cp313-win_amd64.whl',
      'torch-2.7.0+cu126.dist-info/RECORD',
      '1',
    ]);
  });

  it('ends with 1 where a file cannot be read, and checks the others all the same', async () => {
    const { code, out } = await run('wheel', 'check', 'nothere.whl', 'empty-1-py3-none-any.whl', file(good));
    expect(code).toBe(1);
    expect(out).toContain('1 wheel checked, every byte read; nothing found; 2 could not be read.');
    expect(out).toMatch(/\? missing: .*nothere\.whl/s);
    expect(out).toMatch(/\? zip-empty: /);
  });

  it('ends with 2 for a channel that the train has not, and without a file', async () => {
    expect((await run('wheel', 'check', file(good), '--train', 'pytorch', '--channel', 'pipi')).code).toBe(2);
    const without = await run('wheel', 'check', file(good), '--channel', 'pypi');
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('--train pytorch')]);
    expect((await run('wheel', 'check')).code).toBe(2);
  });

  it('looks at a wheel on a server by ranges', async () => {
    ranges.length = 0;
    const { code, out } = await run('wheel', 'check', '--quick', `${address}/whl/${encodeURIComponent(file(good))}`);
    expect([code, out]).toEqual([0, expect.stringContaining('nothing')]);
    expect(ranges.length).toBeLessThanOrEqual(3);
    expect(ranges.every((range) => range?.startsWith('bytes='))).toBe(true);
  });

  it('takes warnings for errors with --strict', async () => {
    const made = makeWheel({ name: 'plain', version: '1', files: { 'plain/__init__.py': '', 'README.md': '' } });
    await writeFile(join(folder, made.fileName), made.bytes);
    expect((await run('wheel', 'check', made.fileName)).code).toBe(0);
    expect((await run('wheel', 'check', made.fileName, '--strict')).code).toBe(3);
  });
});

describe('wheel show', () => {
  it('tells what a wheel says of itself', async () => {
    const { code, out } = await run('wheel', 'show', file(good));
    expect(out).toMatchSnapshot();
    expect(code).toBe(0);
  });

  it('gives it as JSON', async () => {
    const { out } = await run('wheel', 'show', file(good), '--json');
    const { data } = z
      .object({ data: z.looseObject({ name: z.string(), tags: z.array(z.string()) }) })
      .parse(JSON.parse(out));
    expect([data.name, data.tags]).toEqual(['torch', ['cp313-cp313-win_amd64']]);
  });

  it('ends with 1 for what is no wheel', async () => {
    const { code, err } = await run('wheel', 'show', 'empty-1-py3-none-any.whl');
    expect([code, err]).toEqual([1, expect.stringContaining('ZIP_EMPTY')]);
  });
});

// They are bundled without what opens a train or asks a server (src/cli/run-wheel.ts); `cliRun` has no train to open, either.
it('is asked of no server', () => {
  expect(WHEELS.filter((command) => !isHere(command))).toEqual([]);
});
