import { describe, expect, it } from 'vitest';
import { makeWheel, type WheelRecipe } from '../../testing/make-wheel.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { readMadeWheel } from '../../testing/read-made-wheel.ts';
import { readWheel } from '../read-wheel.ts';
import { checkTogether } from './check-together.ts';
import { checkWheel } from './check-wheel.ts';
import { CHECKS } from './checks.ts';
import { fits, FORMAT_ONLY, type WheelPolicy } from './policy.ts';

const CUDA = 'torch/lib/libtorch_cuda.so';
const TORCH: WheelRecipe = {
  name: 'torch',
  version: '2.7.0+cu126',
  tags: 'cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64',
  files: { 'torch/__init__.py': 'x = 1\n', 'torch/lib/libtorch.so': 'elf', [CUDA]: 'elf cuda' },
  requiresPython: '>=3.9.0',
  requiresDist: ['filelock', 'nvidia-cuda-runtime-cu12==12.6.77; platform_system == "Linux"'],
  entryPoints: '[console_scripts]\ntorchrun = torch:main\n',
};
const CPU_FILES = { 'torch/__init__.py': 'x = 1\n', 'torch/lib/libtorch.so': 'elf' };

const TRAIN: WheelPolicy = {
  ...FORMAT_ONLY,
  platforms: [
    {
      family: 'linux',
      architectures: ['x86_64', 'aarch64'],
      newest: { major: 2, minor: 17 },
      text: 'Linux, glibc 2.17',
    },
    { family: 'macos', architectures: ['arm64'], newest: { major: 11, minor: 0 }, text: 'MacOS 11' },
    { family: 'windows', architectures: ['x86_64'], newest: null, text: 'Windows' },
  ],
  accelerators: [
    { title: 'CPU', local: 'cpu', packages: ['torch'], requires: [], files: [] },
    { title: 'CUDA', local: 'cu*', packages: ['torch'], requires: ['nvidia-*'], files: ['libtorch_cuda.so'] },
    { title: 'ROCm', local: 'rocm*', packages: ['torch'], requires: [], files: ['libtorch_hip.so'] },
  ],
  topLevel: new Map([['torch', ['torch', 'functorch']]]),
  companions: [{ package: 'torchvision', requires: 'torch' }],
  varying: ['nvidia-*'],
};
const INDEX: WheelPolicy = { ...TRAIN, toIndex: true, unknownClassifiers: ['Private :: *', 'Framework :: Imaginary'] };

/** What is found in a wheel: check, place. */
async function foundIn(recipe: WheelRecipe, policy: WheelPolicy = TRAIN, quick = false): Promise<readonly string[]> {
  return checkWheel(await readMadeWheel(recipe, quick), policy).map(
    ({ check, entry, line }) => `${check}${entry === null ? '' : ` ${entry}${line === null ? '' : `:${line}`}`}`,
  );
}

const INFO = 'torch-2.7.0+cu126.dist-info';

describe('a wheel as it should be', () => {
  it('has nothing found in it, by a full and by a quick check', async () => {
    expect(await foundIn(TORCH)).toEqual([]);
    expect(await foundIn(TORCH, TRAIN, true)).toEqual([]);
  });

  it.each([
    ['3.13t', 'cp313-cp313t-manylinux_2_17_x86_64'],
    ['every later Python', 'cp39-abi3-manylinux_2_17_aarch64'],
    ['MacOS', 'cp313-none-macosx_11_0_arm64'],
    ['Windows', 'cp313-cp313-win_amd64'],
  ])('for %s has nothing found in it', async (_name, tags) => {
    expect(await foundIn({ ...TORCH, tags })).toEqual([]);
  });
});

describe('incidents that happened, one by one', () => {
  it('CPU wheel under the CUDA name: told by what is in it', async () => {
    const cpu = { ...TORCH, files: CPU_FILES, requiresDist: ['filelock'] };
    expect(await foundIn(cpu)).toEqual(['accelerator']);
    expect(await foundIn({ ...TORCH, version: '2.7.0+cpu' })).toEqual(['accelerator']);
    expect(await foundIn({ ...cpu, version: '2.7.0+cpu' })).toEqual([]);
  });

  it('CPU wheel under the CUDA name: without a local version, told by the cell it is to fill', async () => {
    const cpu = { ...TORCH, version: '2.7.0', files: CPU_FILES, requiresDist: ['filelock'] };
    expect(await foundIn(cpu)).toEqual([]);
    expect(await foundIn(cpu, { ...TRAIN, accelerator: 'cu126' })).toEqual(['accelerator']);
    const [finding] = checkWheel(await readMadeWheel(cpu), { ...TRAIN, accelerator: 'cu126' });
    expect(finding?.text).toMatch(/to be for CUDA \(cu126\).*It is a CPU wheel under that name/);
  });

  it('CPU wheel under the CUDA name: renamed, METADATA still says +cpu', async () => {
    const renamed = { ...TORCH, files: CPU_FILES, requiresDist: [], broken: { metadataVersion: '2.7.0+cpu' } };
    expect(await foundIn(renamed)).toEqual([`version-differs ${INFO}/METADATA:3`, 'accelerator']);
  });

  it('wheel whose RECORD is wrong: a hash that only a full check sees', async () => {
    const lying: WheelRecipe = { ...TORCH, broken: { record: 'hash' } };
    expect(await foundIn(lying)).toEqual([`record-hash ${INFO}/RECORD:1`]);
    expect(await foundIn(lying, TRAIN, true)).toEqual([]);
  });

  it.each([
    ['size', [`record-size ${INFO}/RECORD:1`]],
    ['missing-entry', ['record-unlisted torch/__init__.py']],
    ['surplus-entry', [`record-surplus ${INFO}/RECORD:7`]],
    ['no-hash', [`record-no-hash ${INFO}/RECORD:1`]],
    ['weak-hash', [`record-line ${INFO}/RECORD:1`]],
    ['absent', [`record-missing ${INFO}`]],
  ] as const)('wheel whose RECORD is wrong: %s', async (record, expected) => {
    const lying: WheelRecipe = { ...TORCH, broken: { record } };
    expect(await foundIn(lying)).toEqual(expected);
    expect(await foundIn(lying, TRAIN, true)).toEqual(expected);
  });

  it('wheel whose RECORD is wrong: a file that was left out', async () => {
    expect(await foundIn({ ...TORCH, broken: { without: ['torch/lib/libtorch.so'] } })).toEqual([
      `record-surplus ${INFO}/RECORD:2`,
    ]);
  });

  it('file name tag ≠ WHEEL tag', async () => {
    const tagged = { ...TORCH, broken: { wheelTags: ['cp313-cp313-linux_x86_64'] } };
    expect(await foundIn(tagged)).toEqual([`tags-differ ${INFO}/WHEEL`]);
    expect(await foundIn({ ...TORCH, build: '1', broken: { wheelBuild: '2' } })).toEqual([
      `build-differs ${INFO}/WHEEL`,
    ]);
  });

  it('`+cpu` on its way to PyPI', async () => {
    const cpu = { ...TORCH, version: '2.7.0+cpu', files: CPU_FILES, requiresDist: [] };
    expect(await foundIn(cpu)).toEqual([]);
    expect(await foundIn(cpu, INDEX)).toEqual(['local-version', 'local-version torch-2.7.0+cpu.dist-info/METADATA:3']);
  });

  it('unknown classifier', async () => {
    const classified = {
      ...TORCH,
      version: '2.7.0',
      classifiers: ['Programming Language :: Python', 'Framework :: Imaginary', 'Private :: Do Not Upload'],
    };
    expect(await foundIn(classified)).toEqual([]);
    expect(await foundIn(classified, INDEX)).toEqual([
      'classifier torch-2.7.0.dist-info/METADATA:6',
      'classifier torch-2.7.0.dist-info/METADATA:7',
    ]);
  });

  it('WHL-07 file over the limit: told with both sizes', async () => {
    const facts = { ...(await readMadeWheel({ ...TORCH, version: '2.7.0' })), size: 1_288_490_189 };
    const findings = checkWheel(facts, { ...INDEX, fileLimit: 1024 ** 3 });
    expect(findings.map(({ check, text }) => [check, text])).toEqual([
      [
        'file-size',
        'The file has 1288490189 bytes, 214748365 over the limit of 1073741824. Ask for a higher limit in time, or make the wheel smaller.',
      ],
    ]);
  });

  it('hyphen against underscore in a name', async () => {
    expect(await foundIn({ ...TORCH, name: 'torch-xla', files: {}, entryPoints: '' })).toEqual(
      ['accelerator'].slice(1),
    );
    const hyphen = {
      ...TORCH,
      name: 'torch-xla',
      files: {},
      entryPoints: '',
      broken: { fileName: 'torch-xla-2.7.0+cu126-py3-none-any.whl' },
    };
    expect(await foundIn(hyphen)).toEqual(['file-name']);
    const dotted = {
      name: 'zope.interface',
      version: '5.0',
      broken: { fileName: 'zope.interface-5.0-py3-none-any.whl' },
    };
    expect(await foundIn(dotted)).toEqual(['file-name-form']);
  });

  it('symlink: refused before anything is read of it', async () => {
    const { bytes, fileName } = makeWheel({ ...TORCH, broken: { symlink: 'torch/link' } });
    const read = await readWheel(memorySource(bytes), { fileName, quick: true });
    expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(['not-a-plain-file']);
  });

  it('WHL-06 version 2.8.0 is not matched by torch-2x8y0, and a platform is told by its tag, not by a pattern', async () => {
    expect(await foundIn({ ...TORCH, broken: { fileName: 'torch-2x8y0-cp313-cp313-win_amd64.whl' } })).toEqual([
      'file-name',
    ]);
    expect(await foundIn({ ...TORCH, tags: 'cp313-none-macosx_11_0_arm64' })).toEqual([]);
    expect(await foundIn({ ...TORCH, tags: 'cp313-none-macosxx11_0_arm64' })).toEqual(['platform-policy']);
    expect(await foundIn({ ...TORCH, tags: 'cp313-none-macosx_11_0_arm64e' })).toEqual(['platform-policy']);
  });
});

describe('name and version', () => {
  it('of another package inside are told', async () => {
    expect(await foundIn({ ...TORCH, broken: { metadataName: 'torch-nightly' } })).toEqual([
      `name-differs ${INFO}/METADATA:2`,
    ]);
  });

  it('in the dist-info folder are those of the file', async () => {
    expect(await foundIn({ ...TORCH, broken: { distInfo: 'torch-2.6.0.dist-info' } })).toEqual([
      'dist-info torch-2.6.0.dist-info',
    ]);
    expect(await foundIn({ ...TORCH, broken: { distInfo: 'Torch-2.7.0+cu126.dist-info' } })).toEqual([]);
    expect(await foundIn({ ...TORCH, broken: { without: [`${INFO}/WHEEL`] } })).toContain(`dist-info ${INFO}`);
  });

  it('of two packages at once are told', async () => {
    const files = { ...TORCH.files, 'other-1.0.dist-info/METADATA': 'x', 'torch.egg-info/PKG-INFO': 'x' };
    expect(await foundIn({ ...TORCH, files })).toEqual(['dist-info', 'dist-info torch.egg-info']);
  });

  it('without a dist-info folder it is no wheel', async () => {
    const made = await readMadeWheel({ ...TORCH, broken: { distInfo: 'info', record: 'absent' } });
    expect(checkWheel(made, TRAIN).map(({ check }) => check)).toContain('dist-info');
  });
});

describe('tags', () => {
  it.each([
    ['cp313-cp312-win_amd64', ['tags-impossible']],
    ['cp27-abi3-win_amd64', ['tags-impossible', `requires-python ${INFO}/METADATA:5`]],
    ['cp38-cp38-win_amd64', [`requires-python ${INFO}/METADATA:5`]],
    ['py2.py3-none-win_amd64', [`requires-python-odd ${INFO}/METADATA:5`]],
    ['py3-none-any', ['binary-in-any torch/lib/libtorch.so']],
    ['cp313-cp313-manylinux_2_28_x86_64', ['platform-policy']],
    ['cp313-cp313-manylinux_2_28_x86_64.manylinux2014_x86_64', []],
    ['cp313-cp313-macosx_14_0_arm64', ['platform-policy']],
    ['cp313-cp313-macosx_11_0_universal2', ['platform-policy']],
    ['cp313-cp313-musllinux_1_2_x86_64', ['platform-policy']],
    ['cp313-cp313-win_arm64', ['platform-policy']],
  ])('%s: %j', async (tags, expected) => {
    expect(await foundIn({ ...TORCH, tags })).toEqual(expected);
  });

  it('that the train builds with are taken, whatever the promise', async () => {
    const newer = { ...TRAIN, platformTags: ['manylinux_2_28_x86_64'] };
    expect(await foundIn({ ...TORCH, tags: 'cp313-cp313-manylinux_2_28_x86_64' }, newer)).toEqual([]);
  });

  it('that say nothing but Linux are not for an index', async () => {
    const bare = { ...TORCH, version: '2.7.0', tags: 'cp313-cp313-linux_x86_64' };
    expect(await foundIn(bare)).toEqual([]);
    expect(await foundIn(bare, INDEX)).toEqual(['platform-not-public']);
  });

  it('for a platform do not go with Root-Is-Purelib: true', async () => {
    const wheel = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: cp313-cp313-win_amd64\n';
    expect(await foundIn({ ...TORCH, tags: 'cp313-cp313-win_amd64', broken: { wheel } })).toEqual([
      `purelib ${INFO}/WHEEL`,
    ]);
  });
});

describe('what lies in the wheel', () => {
  const plain: WheelRecipe = { name: 'plain', version: '1.0' };

  it('at its top is what belongs to the package', async () => {
    const files = { ...TORCH.files, 'tests/test_a.py': '', 'setup.py': '', 'functorch/__init__.py': '' };
    expect(await foundIn({ ...TORCH, files })).toEqual(['top-level tests/', 'top-level setup.py']);
    const odd = {
      'plain/__init__.py': '',
      'tests/a.py': '',
      'README.md': '',
      'plain.pth': 'import os',
      'module.py': '',
    };
    expect(await foundIn({ ...plain, files: odd })).toEqual([
      'top-level-odd tests/',
      'top-level-odd README.md',
      'top-level-odd plain.pth',
    ]);
  });

  it('in its data folder is named for it', async () => {
    const files = {
      'plain/__init__.py': '',
      'plain-1.0.data/scripts/run': '',
      'plain-1.0.data/lib/x': '',
      'plain-0.9.data/data/x': '',
    };
    expect(await foundIn({ ...plain, files })).toEqual([
      'data-folder plain-0.9.data',
      'data-folder plain-1.0.data/lib',
    ]);
  });

  it('is there for its entry points', async () => {
    const files = {
      'plain/__init__.py': '',
      'plain/cli.py': '',
      'plain/fast.cpython-313-x86_64-linux-gnu.so': '',
      'plain/old.pyc': '',
      'plain-1.0.data/purelib/moved.py': '',
    };
    const entryPoints =
      '[console_scripts]\na = plain.cli:m\nb = plain.fast:m\nc = plain.old:m\nd = moved:m\ne = gone.cli:m\n';
    expect(await foundIn({ ...plain, files, tags: 'cp313-cp313-win_amd64', entryPoints }, FORMAT_ONLY)).toEqual([
      'entry-point-target plain-1.0.dist-info/entry_points.txt:6',
    ]);
  });

  it('is told where its texts are wrong, with the line', async () => {
    const metadata = Buffer.from('Metadata-Version: 2.1\nName: plain\nVersion: 1.0\nAuthor: \xe9\n', 'latin1');
    expect(await foundIn({ ...plain, broken: { metadata } })).toEqual(['metadata plain-1.0.dist-info/METADATA:4']);
  });

  it('is told in bounds: of each check so many, and how many more', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`plain/f${at}.py`, '']));
    const findings = checkWheel(await readMadeWheel({ ...plain, files, broken: { recordText: '' } }), FORMAT_ONLY);
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)?.text).toBe('The same is so in 202 more places.');
  });
});

const cells = (...recipes: readonly WheelRecipe[]) => Promise.all(recipes.map((recipe) => readMadeWheel(recipe, true)));

const cell = (python: string, requiresDist: readonly string[]): WheelRecipe => ({
  ...TORCH,
  tags: `${python}-${python}-win_amd64`,
  requiresDist,
});

const between = async (...recipes: readonly WheelRecipe[]): Promise<readonly string[]> =>
  checkTogether(await cells(...recipes), TRAIN).map(
    ({ check, wheel }) => `${check} ${wheel.split('-').slice(0, 2).join('-')}`,
  );

describe('several wheels of a train', () => {
  const vision: WheelRecipe = { name: 'torchvision', version: '0.22.0+cu126', requiresDist: ['torch==2.7.0', 'numpy'] };

  it('agree', async () => {
    const rocm = { ...TORCH, version: '2.7.0+rocm6.3', requiresDist: ['filelock'] };
    expect(await between(TORCH, rocm, vision, { ...vision, version: '0.22.0+cpu' })).toEqual([]);
  });

  it('have one version for each package', async () => {
    expect(await between(TORCH, { ...TORCH, tags: 'cp312-cp312-win_amd64' }, { ...TORCH, version: '2.7.1' })).toEqual([
      'versions-disagree torch-2.7.1',
    ]);
  });

  it('have the same requirements over the cells', async () => {
    const all = [
      cell('cp312', ['filelock']),
      cell('cp313', ['FileLock ()', 'nvidia-x']),
      cell('cp314', ['filelock>=1']),
    ];
    const findings = checkTogether(await cells(...all), TRAIN);
    expect(findings.map(({ check, wheel, text }) => [check, wheel, text])).toEqual([
      [
        'requirements-disagree',
        'torch-2.7.0+cu126-cp314-cp314-win_amd64.whl',
        'It requires filelock>=1 and does not require filelock, unlike 2 of 3 wheels of torch. Build the cell again, or name the requirement in the train as one that varies.',
      ],
    ]);
  });

  it.each([
    ['torch==2.6.0', ['companion-version torchvision-0.22.0+cu126']],
    ['torch>=2.7.0', ['companion-version torchvision-0.22.0+cu126']],
    ['torch', ['companion-version torchvision-0.22.0+cu126']],
    ['torch==2.7.*', ['companion-version torchvision-0.22.0+cu126']],
    ['numpy', ['companion-version torchvision-0.22.0+cu126']],
    ['torch==2.7.0', []],
    ['torch==2.7.0+cu126', []],
  ])('require each other exactly: %s', async (requirement, expected) => {
    expect(await between(TORCH, { ...vision, requiresDist: [requirement] })).toEqual(expected);
  });
});

it('every check says what holds where nothing is found', () => {
  for (const { title } of Object.values(CHECKS)) expect(title).toMatch(/^[A-Za-z].*[^.]$/);
});

it.each([
  ['nvidia-*', 'nvidia-cublas', true],
  ['nvidia-*', 'my-nvidia-x', false],
  ['*torch*', 'libtorch.so', true],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-c', true],
  ['cpu', 'cpu', true],
  ['cpu', 'cpux', false],
])('the pattern %s against %s: %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});
