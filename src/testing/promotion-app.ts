import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import { storedIndexPages } from '../adapters/index-pages/index.ts';
import { judge } from '../app/judge.ts';
import { record } from '../app/record.ts';
import type { Stores } from '../app/stores.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { isOpen } from '../domain/gate.ts';
import { tagRef } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { sealManifest } from '../domain/manifest.ts';
import { succeed } from '../domain/result.ts';
import { StoreKey } from '../domain/store-key.ts';
import { reposOf } from '../domain/train/naming.ts';
import { Train } from '../domain/train/train.ts';
import { candidateOf, ReleaseVersion, tagOf, type CandidateVersion } from '../domain/version.ts';
import type { PublicChannel } from '../ports/public-channel.ts';
import { fakeId, type MemoryGit } from './memory-git.ts';
import { memoryApp } from './memory-app.ts';
import { memoryPackages, type MemoryPackages } from './memory-packages.ts';
import { memoryStores, sha256Of, type MemoryStore } from './memory-store.ts';
import { makeWheel } from './make-wheel.ts';
import { noStores } from './no-stores.ts';

const place = (address: string, holds = 'wheel') => ({ holds, store: 'object-store', address });

/** Two repositories with eight wheels and an archive; a backup, staging, stable with a mirror, and an index that takes the CPU wheels. */
const TRAIN = {
  train: 'small',
  title: 'Small',
  product: 'torch',
  roles: { 'release-manager': ['ana', 'ben'], approver: ['cleo', 'dora'] },
  repos: {
    core: { role: 'core', source: 'main', remote: '/remotes/core', packages: ['torch'] },
    vision: {
      role: 'domain',
      source: 'main',
      remote: '/remotes/vision',
      packages: ['torch_vision'],
      version: { follow: 'count', pair: { train: '2.7', repo: '0.22' } },
    },
  },
  support: {
    columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
    lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda: [{ versions: ['12.6'] }] } } },
    operatingSystems: [{ family: 'Linux', architectures: ['x86_64'] }],
  },
  artifacts: {
    platforms: {
      'linux-x86_64': {
        system: 'Linux',
        architecture: 'x86_64',
        wheels: [{ tags: ['{python}-{abi}-manylinux_2_28_x86_64'] }],
      },
    },
    accelerators: { cpu: { title: 'CPU', name: 'cpu' }, cuda: { title: 'CUDA', name: 'cu{digits}' } },
    packages: {
      torch: {
        builds: [
          { kind: 'wheel', platforms: ['linux-x86_64'], accelerators: ['cpu', 'cuda'] },
          {
            kind: 'libtorch',
            platforms: ['linux-x86_64'],
            accelerators: ['cpu'],
            variant: 'shared',
            file: 'libtorch-{version}.zip',
          },
        ],
      },
      torch_vision: { builds: [{ kind: 'wheel', platforms: ['linux-x86_64'], accelerators: ['cpu', 'cuda'] }] },
    },
    publish: { pypi: [{ platform: 'linux-x86_64', accelerator: 'CPU' }] },
  },
  channels: {
    test: { title: 'Test', write: 'replace', places: [place('test'), place('libs', 'libtorch')] },
    backup: { title: 'Backup', write: 'append', places: [place('backup', 'any')] },
    staging: { title: 'Staging', write: 'append', places: [place('staging')] },
    stable: {
      title: 'Stable',
      write: 'append',
      places: [place('stable'), place('stable-libs', 'libtorch'), place('mirror')],
    },
    pypi: {
      title: 'The index',
      write: 'once',
      places: [
        {
          holds: 'wheel',
          store: 'package-index',
          address: 'https://index.example/',
          limits: { file: '1 MiB', project: '10 MiB' },
        },
      ],
    },
  },
  promotion: { backup: 'backup', staging: 'staging', stable: ['stable'], pypi: 'pypi' },
};

/** Every commit of this world is of one moment, before anything was stored. */
const COMMITTED = Instant.parse('2024-12-01T00:00:00Z');
const log: MemoryGit['log'] = async (_at, { to }) => ({
  commits: [{ id: to, parents: [], author: 'ana', committedAt: COMMITTED, subject: 'A change' }],
  count: 1,
});

const ADDRESS = 'https://files.example/';

/** The pages of a store as everybody reads them. */
function pagesIn(store: MemoryStore): PublicChannel {
  return {
    page: async (address, form) => {
      const key = `${address.slice(ADDRESS.length)}index.${form}`;
      const bytes = store.bytes(key);
      const contentType = form === 'json' ? 'application/vnd.pypi.simple.v1+json' : 'text/html';
      return bytes === null ? null : { bytes, contentType, url: address };
    },
    probe: async () => null,
    file: async () => null,
  };
}

export const PROMOTED = ReleaseVersion.parse('2.8.0');
type Place = 'test' | 'libs' | 'backup' | 'staging' | 'stable' | 'stable-libs' | 'mirror';

export interface PromotionApp {
  readonly app: ReturnType<typeof memoryApp>;
  readonly packages: MemoryPackages;
  readonly place: (name: Place) => MemoryStore;
  /** Who gives the commands from now on; `ana`, a release manager, to begin with. */
  readonly as: (who: string) => void;
  /** Builds, uploads, tags and records a candidate of both repositories. */
  readonly candidate: (number: number) => Promise<CandidateVersion>;
  /** Lets every gate pass that rests on what this world has not. */
  readonly waive: (families: readonly string[]) => Promise<void>;
}

/** An app in memory with everything that a promotion touches. */
export function promotionApp(changes: (train: typeof TRAIN) => object = (train) => train): PromotionApp {
  const train = Train.parse(changes(structuredClone(TRAIN)));
  const stores = memoryStores();
  const made = new Map<string, MemoryStore>();
  const storeAt = (name: string): MemoryStore => {
    const store = made.get(name) ?? stores.store(name);
    made.set(name, store);
    return store;
  };
  const opened: Stores = {
    ...noStores,
    of: async (channel) => ({
      ok: true,
      value: (train.channels[channel]?.places ?? [])
        .filter(({ store }) => store === 'object-store')
        .map(({ holds, address = '' }) => ({
          channel,
          holds,
          store: storeAt(address),
          writable: succeed(storeAt(address)),
          outside: null,
        })),
    }),
    indexesOf: async () => ({
      ok: true,
      value: [
        {
          name: 'the index',
          project: async (name) => {
            const all = await packages.look(
              { channel: 'pypi', place: 0 },
              { project: name, version: name === 'torch' ? '2.8.0' : '0.23.0' },
            );
            return {
              name,
              versions: null,
              strange: [],
              files: all.map(({ name: file, digest, size, yanked, uploadedAt }) => ({
                name: file,
                url: file,
                digest,
                size,
                requiresPython: null,
                metadata: null,
                yanked,
                uploadedAt,
              })),
            };
          },
          release: async () => null,
          source: () => {
            throw new Error('nobody was to read the index');
          },
        },
      ],
    }),
  };
  const storeOf = async ({ channel, place: number }: { readonly channel: string; readonly place: number }) => {
    const all = (train.channels[channel]?.places ?? []).filter(({ store }) => store === 'object-store');
    return storeAt(all[number]?.address ?? '');
  };
  const packages = memoryPackages(async (from) => (await storeOf(from)).source(from.key));
  let who = 'ana';
  const bare = memoryApp({
    loaded: { train, digest: memoryApp().loaded.digest },
    stores: opened,
    packages,
    pages: storedIndexPages(storeOf),
    files: storedArtifactFiles(async (at) => {
      const store = await storeOf(at);
      const isPublic = ['stable', 'mirror'].includes(store.name);
      return {
        store,
        writable: () => store,
        outside: null,
        index: isPublic ? { channel: pagesIn(store), address: ADDRESS } : null,
      };
    }),
    who: () => Promise.resolve(who),
  });
  const app = { ...bare, git: { ...bare.git, log } };
  return {
    app,
    packages,
    place: storeAt,
    as: (name) => {
      who = name;
    },
    candidate: (number) => recordCandidate(app, storeAt, number),
    waive: async (families) => {
      const { gates } = await judge(app, PROMOTED, { families });
      for (const gate of gates.filter((each) => !isOpen(each))) {
        const until = Instant.parse('2099-01-01T00:00:00Z');
        await record(app, {
          type: 'gate-waived',
          release: PROMOTED,
          gate: gate.id,
          reason: 'not in this world',
          until,
        });
      }
    },
  };
}

async function recordCandidate(
  app: PromotionApp['app'],
  storeAt: (name: string) => MemoryStore,
  number: number,
): Promise<CandidateVersion> {
  const { train } = app.loaded;
  const expected = expectedArtifacts(train, PROMOTED);
  if (!expected.ok) throw new Error('the train of promotions has no artifacts');
  const files = expected.value.cells.map(({ key, cell, file, folder, version }) => {
    const bytes =
      cell.kind === 'wheel'
        ? makeWheel({
            name: cell.package,
            version,
            tags: file
              .replace(/\.whl$/, '')
              .split('-')
              .slice(-3)
              .join('-'),
            requiresPython: '>=3.12',
            requiresDist: cell.package === 'torch' ? [] : ['torch==2.8.0'],
            files: { [`${cell.package}/__init__.py`]: `candidate = ${number}\n` },
          }).bytes
        : new TextEncoder().encode(`${file} of rc${number}`);
    const at = StoreKey.parse(`${folder}/${file}`);
    storeAt(cell.kind === 'wheel' ? 'test' : 'libs').plant(at, bytes, sha256Of(bytes));
    return {
      cell: key,
      repo: cell.repo,
      key: at,
      size: bytes.length,
      digest: sha256Of(bytes),
      run: null,
      requires: null,
    };
  });
  const candidate = candidateOf(PROMOTED, number);
  const repos = reposOf(train, PROMOTED).map(({ key, release, remote }) => {
    const own = candidateOf(release, number);
    const commit = fakeId(`${key} rc${number}`);
    app.git.setRef(remote ?? '', tagRef(tagOf(own)), commit);
    return { repo: key, candidate: own, commit };
  });
  const { manifest, digest } = sealManifest({
    train: train.train,
    release: PROMOTED,
    candidate,
    channel: 'test',
    repos,
    files,
  });
  await record(app, {
    type: 'manifest-recorded',
    release: PROMOTED,
    candidate,
    digest,
    manifest,
    proof: 'read',
    reason: '',
  });
  return candidate;
}
