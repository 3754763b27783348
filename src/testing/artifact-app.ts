import type { App } from '../app/app.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import type { ExpectedCell } from '../domain/expected/expectation.ts';
import { tagRef } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { succeed } from '../domain/result.ts';
import { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { smallTrain, TRAIN_DIGEST } from './engine-world.ts';
import { memoryApp } from './memory-app.ts';
import { fakeId, memoryGit, type MemoryGit } from './memory-git.ts';
import { memoryStores, sha256Of, type MemoryStore } from './memory-store.ts';
import { noStores } from './no-stores.ts';

const WHEEL = { kind: 'wheel', platforms: ['linux-x86_64', 'macos-arm64'], accelerators: ['cpu', 'cuda'] };

/** The small train with packages: six wheels of core and one archive, six wheels of vision; the index takes the CPU ones. */
export const builtTrain = Train.parse({
  ...smallTrain,
  repos: {
    core: {
      role: 'core',
      source: 'main',
      remote: '/remotes/core',
      packages: ['small'],
      staged: { jobs: ['build / *'] },
    },
    vision: {
      role: 'domain',
      source: 'main',
      remote: '/remotes/vision',
      packages: ['small-vision'],
      version: { follow: 'count', pair: { train: '2.7', repo: '0.22' } },
    },
  },
  support: {
    columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
    lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda: [{ versions: ['12.6'] }] } } },
    operatingSystems: [
      { family: 'Linux', architectures: ['x86_64'] },
      { family: 'MacOS', architectures: ['arm64'] },
    ],
    excluded: [{ system: 'MacOS', accelerator: 'CUDA', reason: 'There is no CUDA for MacOS.' }],
  },
  artifacts: {
    platforms: {
      'linux-x86_64': {
        system: 'Linux',
        architecture: 'x86_64',
        wheels: [{ tags: ['{python}-{abi}-manylinux_2_28_x86_64', '{python}-{abi}-manylinux2014_x86_64'] }],
      },
      'macos-arm64': {
        system: 'MacOS',
        architecture: 'arm64',
        local: false,
        wheels: [{ tags: ['{python}-{abi}-macosx_11_0_arm64'] }],
      },
    },
    accelerators: { cpu: { title: 'CPU', name: 'cpu' }, cuda: { title: 'CUDA', name: 'cu{digits}' } },
    packages: {
      small: {
        builds: [
          { ...WHEEL, job: 'build / {python} {accelerator} {platform}' },
          {
            kind: 'libtorch',
            platforms: ['linux-x86_64'],
            accelerators: ['cpu'],
            variant: 'shared',
            file: 'libsmall-shared-{version}.zip',
          },
        ],
      },
      'small-vision': { builds: [WHEEL] },
    },
    publish: {
      index: [
        { platform: 'linux-x86_64', accelerator: 'CPU' },
        { platform: 'macos-arm64', accelerator: 'CPU' },
      ],
    },
  },
  channels: {
    nightly: {
      title: 'Nightly',
      write: 'replace',
      versions: 'nightly',
      places: [{ holds: 'any', store: 'object-store', address: 'nightly' }],
    },
    test: {
      title: 'Candidates',
      write: 'replace',
      places: [
        { holds: 'wheel', store: 'object-store', address: 'test' },
        { holds: 'libtorch', store: 'object-store', address: 'libs' },
        { holds: 'wheel', store: 'object-store', address: 'mirror' },
      ],
    },
    stable: {
      title: 'Stable',
      write: 'append',
      places: [{ holds: 'any', store: 'object-store', address: 'stable' }],
    },
    index: {
      title: 'Index',
      write: 'once',
      places: [{ holds: 'wheel', store: 'package-index', limits: { file: '1 KiB', project: '1 MiB' } }],
    },
  },
});

export const BUILT_RELEASE = ReleaseVersion.parse('2.8.0');
/** When every commit of this world was made; the stores of tests write after it. */
export const COMMITTED = Instant.parse('2024-12-01T00:00:00Z');

/** Every expected cell of the train, in order. */
export function builtCells(repo?: string): readonly ExpectedCell[] {
  const expected = expectedArtifacts(builtTrain, BUILT_RELEASE);
  if (!expected.ok) throw new Error('the train of tests has no artifacts');
  return expected.value.cells.filter(({ cell }) => repo === undefined || cell.repo === repo);
}

export interface ArtifactApp {
  readonly app: App;
  readonly git: MemoryGit;
  readonly place: (name: 'test' | 'libs' | 'mirror' | 'stable' | 'nightly') => MemoryStore;
  /** Tags a candidate of a repository on a commit of its own. */
  readonly tag: (repo: 'core' | 'vision', number: number) => void;
  /** Uploads every file of a repository's candidate, with its digest, to the candidates' channel and its mirror. */
  readonly upload: (repo: 'core' | 'vision', number: number) => void;
}

/** Every commit of this world is of one moment. */
const commit: MemoryGit['commit'] = async (_at, id) => {
  return { id, parents: [], author: 'ana', committedAt: COMMITTED, subject: 'A change' };
};
const log: MemoryGit['log'] = async (at, { to }) => ({ commits: [await commit(at, to)], count: 1 });

/** An app whose channels are stores in memory, and `ana`, a release manager, at the keys. */
export function artifactApp(changes: Partial<App> = {}): ArtifactApp {
  const stores = memoryStores();
  const made = new Map<string, MemoryStore>();
  const place = (name: string): MemoryStore => {
    const store = made.get(name) ?? stores.store(name);
    made.set(name, store);
    return store;
  };
  const git = memoryGit();
  const app = memoryApp({
    loaded: { train: builtTrain, digest: TRAIN_DIGEST },
    stores: {
      ...noStores,
      of: async (channel) => ({
        ok: true,
        value: (builtTrain.channels[channel]?.places ?? [])
          .filter(({ store }) => store === 'object-store')
          .map(({ holds, address = '' }) => ({
            channel,
            holds,
            store: place(address),
            writable: succeed(place(address)),
            outside: null,
          })),
      }),
    },
    ...changes,
  });
  return {
    app: { ...app, git: { ...git, commit, log } },
    git,
    place,
    tag: (repo, number) => {
      const version = repo === 'core' ? '2.8.0' : '0.23.0';
      git.setRef(`/remotes/${repo}`, tagRef(`v${version}-rc${number}`), fakeId(`${repo} rc${number}`));
    },
    upload: (repo, number) => {
      for (const { cell, folder, file } of builtCells(repo)) {
        const bytes = `${file} of rc${number}`;
        const key = `${folder}/${file}`;
        place(cell.kind === 'wheel' ? 'test' : 'libs').plant(key, bytes, sha256Of(bytes));
        if (cell.kind === 'wheel') place('mirror').plant(key, bytes, sha256Of(bytes));
      }
    },
  };
}
