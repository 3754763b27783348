import { createHash } from 'node:crypto';
import type { App } from '../app/app.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { Instant } from '../domain/instant.ts';
import { StoreKey } from '../domain/store-key.ts';
import { Train } from '../domain/train/train.ts';
import { candidateOf, ReleaseVersion } from '../domain/version.ts';
import type { Git } from '../ports/git.ts';
import { makeWheel } from './make-wheel.ts';

/** The release of this train, and the candidate that becomes it. */
export const WHOLE_RELEASE = ReleaseVersion.parse('2.8.0');
export const WHOLE_CANDIDATE = candidateOf(WHOLE_RELEASE, 3);

/** Every commit of this world is of one moment, before anything was stored. */
const COMMITTED = Instant.parse('2024-12-01T00:00:00Z');

export const commitsOfOneMoment: Git['log'] = async (_at, { to }) => ({
  commits: [{ id: to, parents: [], author: 'ana', committedAt: COMMITTED, subject: 'A change' }],
  count: 1,
});

/** Where the channels of the train lie. */
export interface WholePlaces {
  /** Of one place of objects: what a place of the train file says beyond what it holds. */
  readonly place: (name: 'test' | 'backup' | 'staging' | 'stable' | 'mirror') => object;
  /** Of the package index. */
  readonly index: { readonly address: string; readonly upload: string };
}

const LINUX = 'linux-x86_64';
const WINDOWS = 'windows-x86_64';

const wheels = (platforms: readonly string[]): object => ({
  builds: [{ kind: 'wheel', platforms, accelerators: ['cpu', 'cuda'] }],
});

const domain = (name: string): object => ({
  role: 'domain',
  source: 'main',
  remote: `/remotes/${name}`,
  packages: [`torch${name}`],
});

/**
 * Core and three domain repositories for five Pythons, CPU and four CUDA: two of the packages for two platforms, two for one, so that 150 wheels
 * are expected. 30 of them, those for the CPU, go to the index.
 */
export function wholeTrain({ place, index }: WholePlaces): Train {
  const objects = (name: Parameters<WholePlaces['place']>[0], holds = 'wheel'): object => ({
    holds,
    store: 'object-store',
    ...place(name),
  });
  return Train.parse({
    train: 'whole',
    title: 'Whole',
    product: 'torch',
    roles: { 'release-manager': ['ana', 'ben'], approver: ['cleo', 'dora'] },
    repos: {
      core: { role: 'core', source: 'main', remote: '/remotes/core', packages: ['torch'] },
      vision: { ...domain('vision'), version: { follow: 'count', pair: { train: '2.7', repo: '0.22' } } },
      audio: domain('audio'),
      text: { ...domain('text'), version: { follow: 'count', pair: { train: '2.7', repo: '0.18' } } },
    },
    support: {
      columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
      lines: {
        '2.8': {
          python: { from: '3.10', to: '3.14' },
          builds: { cuda: [{ versions: ['12.6', '12.8', '12.9', '13.0'] }] },
        },
      },
      operatingSystems: [
        { family: 'Linux', architectures: ['x86_64'] },
        { family: 'Windows', architectures: ['x86_64'] },
      ],
    },
    artifacts: {
      platforms: {
        [LINUX]: {
          system: 'Linux',
          architecture: 'x86_64',
          wheels: [{ tags: ['{python}-{abi}-manylinux_2_28_x86_64'] }],
        },
        [WINDOWS]: { system: 'Windows', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-win_amd64'] }] },
      },
      accelerators: { cpu: { title: 'CPU', name: 'cpu' }, cuda: { title: 'CUDA', name: 'cu{digits}' } },
      packages: {
        torch: wheels([LINUX, WINDOWS]),
        torchvision: wheels([LINUX, WINDOWS]),
        torchaudio: wheels([LINUX]),
        torchtext: wheels([LINUX]),
      },
      publish: {
        pypi: [
          { platform: LINUX, accelerator: 'CPU' },
          { platform: WINDOWS, accelerator: 'CPU' },
        ],
      },
    },
    channels: {
      test: { title: 'Test', write: 'replace', places: [objects('test')] },
      backup: { title: 'Backup', write: 'append', places: [objects('backup', 'any')] },
      staging: { title: 'Staging', write: 'append', places: [objects('staging')] },
      stable: { title: 'Stable', write: 'append', places: [objects('stable'), objects('mirror')] },
      pypi: {
        title: 'The index',
        write: 'once',
        places: [{ holds: 'wheel', store: 'package-index', ...index, limits: { file: '10 MiB', project: '100 MiB' } }],
      },
    },
    promotion: { backup: 'backup', staging: 'staging', stable: ['stable'], pypi: 'pypi' },
  });
}

/** A wheel as its builder left it. */
export interface BuiltWheel {
  readonly key: StoreKey;
  readonly bytes: Uint8Array;
}

/** Stored as it is, so that a wheel is much larger than the ends of it that are read. */
const LIBRARY = 192 * 1024;

/** Bytes that nothing compresses, always the same for a name. */
function libraryOf(name: string): Uint8Array {
  return createHash('shake256', { outputLength: LIBRARY }).update(name).digest();
}

/** Every wheel that the train expects, each with a library of its own. */
export function* builtWheels({ loaded }: Pick<App, 'loaded'>): Generator<BuiltWheel> {
  const expected = expectedArtifacts(loaded.train, WHOLE_RELEASE);
  if (!expected.ok) throw new Error('the whole train has no artifacts');
  for (const { cell, file, folder, version } of expected.value.cells) {
    const tags = file
      .replace(/\.whl$/, '')
      .split('-')
      .slice(-3)
      .join('-');
    const { fileName, bytes } = makeWheel({
      name: cell.package,
      version,
      tags,
      requiresPython: '>=3.10',
      requiresDist: cell.package === 'torch' ? [] : ['torch==2.8.0'],
      files: {
        [`${cell.package}/__init__.py`]: `built_for = '${tags}'\n`,
        [`${cell.package}/lib.so`]: libraryOf(file),
      },
      deflated: false,
    });
    yield { key: StoreKey.parse(`${folder}/${fileName}`), bytes };
  }
}

/** What lies beside a release and is none of it: other versions, other projects that begin alike, another kind of artifact. */
export const STRANGERS: readonly string[] = [
  'cpu/torch-2.8.0rc1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cpu/torch-2.8.0.post1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cpu/torch-2.7.1+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cpu/notpytorch-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cpu/pytorch_triton-3.4.0+git1234567-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cu126/torchvision-0.23.1+cu126-cp312-cp312-manylinux_2_28_x86_64.whl',
  'cu126/torchaudio-2.8.0.dev20250601+cu126-cp312-cp312-manylinux_2_28_x86_64.whl',
  'libtorch/cpu/libtorch-shared-with-deps-2.8.0+cpu.zip',
];
