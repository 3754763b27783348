import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import { storedIndexPages } from '../adapters/index-pages/index.ts';
import type { App } from '../app/app.ts';
import { judge } from '../app/judge.ts';
import { record } from '../app/record.ts';
import type { Stores } from '../app/stores.ts';
import { kindOfCell } from '../domain/artifact.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { isOpen } from '../domain/gate.ts';
import { tagRef } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { sealManifest, type Manifest, type ManifestFile } from '../domain/manifest.ts';
import { succeed } from '../domain/result.ts';
import { StoreKey } from '../domain/store-key.ts';
import { reposOf } from '../domain/train/naming.ts';
import { Train } from '../domain/train/train.ts';
import { candidateOf, ReleaseVersion, tagOf, type CandidateVersion } from '../domain/version.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import type { PackageIndex } from '../ports/package-index.ts';
import type { PublicChannel } from '../ports/public-channel.ts';
import { foldManifests } from '../engine/fold-manifests.ts';
import { fakeId, type MemoryGit } from './memory-git.ts';
import { TRAIN_DIGEST } from './engine-world.ts';
import { memoryApp } from './memory-app.ts';
import { memoryLeases, memoryLedger } from './memory-ledger.ts';
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
const commit: MemoryGit['commit'] = async (_at, id) => {
  return { id, parents: [], author: 'ana', committedAt: COMMITTED, subject: 'A change' };
};
const log: MemoryGit['log'] = async (at, { to }) => ({ commits: [await commit(at, to)], count: 1 });

const ADDRESS = 'https://files.example/';

/** The stores of the train's channels, and its index as everybody reads it. */
function storesOf(train: Train, storeAt: (address: string) => MemoryStore, packages: PackageFiles): Stores {
  return {
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
    indexesOf: async () => ({ ok: true, value: [indexOf(packages)] }),
  };
}

function indexOf(packages: PackageFiles): PackageIndex {
  return {
    name: 'the index',
    project: async (name) => {
      const version = name === 'torch' ? '2.8.0' : '0.23.0';
      const all = await packages.look({ channel: 'pypi', place: 0 }, { project: name, version });
      const files = all.map(({ name: file, digest, size, yanked, uploadedAt }) => {
        return { name: file, url: file, digest, size, requiresPython: null, metadata: null, yanked, uploadedAt };
      });
      return { name, versions: null, strange: [], files };
    },
    release: async () => null,
    provenance: async () => new Map(),
    source: () => {
      throw new Error('nobody was to read the index');
    },
  };
}

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
  readonly candidate: (number: number, has?: (file: ManifestFile) => boolean) => Promise<CandidateVersion>;
  /** Another process on the same world and ledger, whose every call of a port goes through the hook; it holds no lease of another. */
  readonly process: (hook: PortHook) => App;
  /** Everything that lies in the world, to be put into another one. */
  readonly snapshot: () => Promise<WorldSnapshot>;
  /** Lets every gate pass that rests on what this world has not. */
  readonly waive: (families: readonly string[]) => Promise<void>;
}

/** Called at every call of a port, before and after it was carried out; may throw. */
export type PortHook = (when: 'before' | 'after', call: string) => void;

/** What a world in memory holds. */
export interface WorldSnapshot {
  readonly objects: readonly { readonly store: string; readonly key: string; readonly bytes: Uint8Array }[];
  readonly entries: readonly LedgerEntry[];
}

const PLACES = ['test', 'libs', 'backup', 'staging', 'stable', 'stable-libs', 'mirror'] as const;

/** The port with the hook before and after each of its calls; what it gives synchronously, as sources, is given as it is. */
function hooked<Port extends object>(name: string, port: Port, hook: PortHook): Port {
  return new Proxy(port, {
    get(target, key, receiver) {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => {
        const call = `${name}.${String(key)}`;
        if (key === 'source' || key === 'reaches' || key === 'list') return Reflect.apply(member, target, given);
        hook('before', call);
        const answer: unknown = Reflect.apply(member, target, given);
        if (!(answer instanceof Promise)) return answer;
        return answer.then((value: unknown) => {
          hook('after', call);
          return value;
        });
      };
    },
  });
}

/** An app in memory with everything that a promotion touches; with a snapshot, as that was. */
export async function promotionApp(
  changes: (train: typeof TRAIN) => object = (train) => train,
  snapshot: WorldSnapshot | null = null,
): Promise<PromotionApp> {
  const train = Train.parse(changes(structuredClone(TRAIN)));
  const stores = memoryStores();
  const made = new Map<string, MemoryStore>();
  const storeAt = (name: string): MemoryStore => {
    const store = made.get(name) ?? stores.store(name);
    made.set(name, store);
    return store;
  };
  const storeOf = async ({ channel, place: number }: { readonly channel: string; readonly place: number }) => {
    const all = (train.channels[channel]?.places ?? []).filter(({ store }) => store === 'object-store');
    return storeAt(all[number]?.address ?? '');
  };
  const packages = memoryPackages(async (from) => (await storeOf(from)).source(from.key));
  const ledger = memoryLedger();
  let who = 'ana';
  const portsFor = (hook: PortHook): Partial<App> => {
    const leases = memoryLeases();
    const hookedStore = (store: MemoryStore): MemoryStore => hooked(store.name, store, hook);
    const hookedOf: typeof storeOf = async (at) => hookedStore(await storeOf(at));
    const index = hooked('index', packages, hook);
    return {
      loaded: { train, digest: TRAIN_DIGEST },
      ledger: () => Promise.resolve(hooked('ledger', ledger, hook)),
      leases: () => Promise.resolve(hooked('leases', leases, hook)),
      stores: storesOf(train, (address) => hookedStore(storeAt(address)), index),
      packages: index,
      pages: storedIndexPages(hookedOf),
      files: storedArtifactFiles(async (at) => {
        const store = await hookedOf(at);
        const isPublic = ['stable', 'mirror'].includes(store.name);
        return {
          store,
          writable: () => store,
          outside: null,
          index: isPublic ? { channel: pagesIn(store), address: ADDRESS } : null,
        };
      }),
      who: () => Promise.resolve(who),
    };
  };
  const bare = memoryApp(portsFor(() => undefined));
  const app = { ...bare, git: { ...bare.git, commit, log } };
  for (const { store, key, bytes } of snapshot?.objects ?? []) storeAt(store).plant(key, bytes, sha256Of(bytes));
  if (snapshot !== null) {
    await ledger.restore(train.train, snapshot.entries);
    for (const { manifest } of foldManifests(snapshot.entries)) tagRepos(app, manifest.repos);
  }
  return {
    app,
    packages,
    place: storeAt,
    as: (name) => {
      who = name;
    },
    candidate: (number, has = () => true) => recordCandidate(app, { storeAt, number, has }),
    process: (hook) => ({ ...app, ...portsFor(hook), git: hooked('git', app.git, hook) }),
    snapshot: async () => ({
      objects: PLACES.flatMap((name) =>
        storeAt(name)
          .keys()
          .map((key) => ({ store: name, key, bytes: storeAt(name).bytes(key) ?? new Uint8Array() })),
      ),
      entries: await ledger.read({ train: train.train }),
    }),
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

interface Built {
  readonly storeAt: (name: string) => MemoryStore;
  readonly number: number;
  /** Which of the expected files are built at all. */
  readonly has: (file: ManifestFile) => boolean;
}

async function recordCandidate(app: PromotionApp['app'], { storeAt, number, has }: Built): Promise<CandidateVersion> {
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
  const built = files.filter(has);
  for (const { cell, key } of files) {
    if (!built.some((file) => file.cell === cell)) storeAt(kindOfCell(cell) === 'wheel' ? 'test' : 'libs').take(key);
  }
  const candidate = candidateOf(PROMOTED, number);
  const repos = reposOf(train, PROMOTED).map(({ key, release }) => {
    return { repo: key, candidate: candidateOf(release, number), commit: fakeId(`${key} rc${number}`) };
  });
  tagRepos(app, repos);
  const { manifest, digest } = sealManifest({
    train: train.train,
    release: PROMOTED,
    candidate,
    channel: 'test',
    repos,
    files: built,
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

function tagRepos({ git }: Pick<PromotionApp['app'], 'git'>, repos: Manifest['repos']): void {
  for (const { repo, candidate, commit } of repos) git.setRef(`/remotes/${repo}`, tagRef(tagOf(candidate)), commit);
}
