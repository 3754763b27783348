import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PIP, WITHOUT_DEBIAN_TWINE } from '../testing/debian-tools.ts';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';
import { startPackageIndex, type PackageIndex } from './packages.ts';

interface End {
  readonly code: number;
  readonly output: string;
}

let index: PackageIndex;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-index-'));
  index = await startPackageIndex({ dir: join(folder, 'index') });
});
afterEach(async () => {
  await index.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A Python module of Debian, with nothing of this machine's settings. */
function python(...args: readonly string[]): Promise<End> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    PIP_CONFIG_FILE: '/dev/null',
    LC_ALL: 'C.UTF-8',
    COLUMNS: '500',
  };
  return new Promise((resolve) => {
    execFile(DEBIAN_PYTHON, ['-m', ...args], { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}`.replaceAll(/\s+/gu, ' ') }),
    );
  });
}

async function write(recipe: WheelRecipe): Promise<string> {
  const { fileName, bytes } = makeWheel({ requiresPython: '>=3.9', ...recipe });
  const path = join(folder, fileName);
  await writeFile(path, bytes);
  return path;
}

const twine = (path: string, token = index.tokens['owner'] ?? '') =>
  python(
    'twine',
    'upload',
    '--non-interactive',
    '--disable-progress-bar',
    '--repository-url',
    index.uploadUrl,
    '-u',
    '__token__',
    '-p',
    token,
    path,
  );

const pip = (...what: readonly string[]) =>
  python(
    'pip',
    'install',
    '--isolated',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--target',
    join(folder, 'site'),
    '--index-url',
    index.simpleUrl,
    ...what,
  );

const installed = async (): Promise<readonly string[]> =>
  (await readdir(join(folder, 'site')).catch(() => [])).filter((name) => name.endsWith('.dist-info')).toSorted();

describe.skipIf(WITHOUT_DEBIAN_TWINE)('the real twine', { timeout: 120_000 }, () => {
  it('uploads what it finds in order, with every field and digest that it knows', async () => {
    const path = await write({
      name: 'torch_vision',
      version: '0.23.0',
      requiresDist: ['filelock', 'typing-extensions>=4.10.0 ; python_version >= "3.9"'],
      classifiers: ['Programming Language :: Python :: 3', 'License :: OSI Approved :: BSD License'],
      headers: [
        'Author: PyTorch Team',
        'Project-URL: Documentation, http://docs.example/',
        'Provides-Extra: scipy',
        'Description-Content-Type: text/markdown',
        'Keywords: a, b',
      ],
      description: '# Vision\n\nünï — text\n',
    });
    expect((await python('twine', 'check', '--strict', path)).output).toContain('PASSED');
    expect(await twine(path)).toMatchObject({ code: 0 });
    expect(index.files()).toMatchObject([
      { name: 'torch_vision-0.23.0-py3-none-any.whl', project: 'torch-vision', pyversion: 'py3' },
    ]);
    const [{ status } = { status: 0 }] = index.requests.all();
    expect(status).toBe(200);
  });

  it('is told why it is refused', async () => {
    const path = await write({ name: 'torch', version: '2.8.0' });
    expect((await twine(path, 'pypi-wrong')).output).toMatch(/403 .*Invalid or non-existent authentication/u);
    await twine(path);
    // The same bytes once more: the index takes them as done.
    expect(await twine(path)).toMatchObject({ code: 0 });
    const other = await write({ name: 'torch', version: '2.8.0', description: 'other' });
    expect((await twine(other)).output).toMatch(/400 .*File already exists/u);
    expect((await twine(await write({ name: 'torch', version: '2.8.0+cpu' }))).output).toMatch(/400 .*local versions/u);
    expect(
      (await twine(await write({ name: 'torch', version: '2.8.1', classifiers: ['Private :: No'] }))).output,
    ).toMatch(/400 .*not a valid classifier/u);
    expect(index.files()).toHaveLength(1);
  });
});

const upload = async (...recipes: readonly WheelRecipe[]): Promise<void> => {
  for (const recipe of recipes) expect(await twine(await write(recipe))).toMatchObject({ code: 0 });
};

describe.skipIf(WITHOUT_DEBIAN_TWINE || WITHOUT_DEBIAN_PIP)('the real pip', { timeout: 120_000 }, () => {
  it('installs what twine uploaded, with what it needs, and not what is yanked', async () => {
    await upload(
      { name: 'torch', version: '2.8.0', requiresDist: ['filelock>=3'] },
      { name: 'torch', version: '2.8.1', requiresDist: ['filelock>=3'] },
      { name: 'filelock', version: '3.1' },
    );
    index.owners.yank('torch', '2.8.1', 'broken');
    expect(await pip('torch')).toMatchObject({ code: 0 });
    expect(await installed()).toEqual(['filelock-3.1.dist-info', 'torch-2.8.0.dist-info']);
    expect((await pip('--upgrade', 'torch==2.8.1')).output).toContain('yanked');
    expect(await installed()).toContain('torch-2.8.1.dist-info');
  });

  it('finds the metadata beside a wheel, and nothing that is for another Python', async () => {
    await upload({ name: 'torch', version: '2.8.0' }, { name: 'torch', version: '2.9.0', requiresPython: '>=3.99' });
    expect(await pip('Torch', '--use-feature=fast-deps')).toMatchObject({ code: 0 });
    expect(await installed()).toEqual(['torch-2.8.0.dist-info']);
    expect(Object.keys(index.requests.counts()).filter((each) => each.includes('/simple/'))).toContain(
      'GET /simple/torch/',
    );
  });
});
