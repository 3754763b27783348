import { storedIndexPages } from '../adapters/index-pages/index.ts';
import { record } from '../app/record.ts';
import type { Stores } from '../app/stores.ts';
import { CellKey } from '../domain/artifact.ts';
import { tagRef } from '../domain/git-names.ts';
import { sealManifest, type ManifestFile } from '../domain/manifest.ts';
import { RepoKey } from '../domain/repo.ts';
import { succeed } from '../domain/result.ts';
import type { Channel } from '../domain/train/channels.ts';
import { Train } from '../domain/train/train.ts';
import { candidateOf, ReleaseVersion, tagOf } from '../domain/version.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import { fakeId } from './memory-git.ts';
import { memoryApp } from './memory-app.ts';
import { noStores } from './no-stores.ts';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';
import { memoryStores, sha256Of, type MemoryStore } from './memory-store.ts';

/** What was asked of a store since the last look: `put whl.metadata`, `list`, each with what it was about. */
export interface Asked {
  readonly call: 'list' | 'look' | 'read' | 'put' | 'remove';
  readonly key: string;
}

export interface CountedStore {
  readonly store: ArtifactStore;
  /** What was asked since the last call of this; listings by their pages. */
  asked(): readonly Asked[];
  /** Called before every write; may throw, as a process that is killed there. */
  beforeWrite: (key: string) => void;
}

/** A store that remembers what it was asked. */
function counted(inner: ArtifactStore): CountedStore {
  let seen: Asked[] = [];
  const note = (call: Asked['call'], key: string): void => {
    seen.push({ call, key });
  };
  const counting: CountedStore = {
    store: {
      ...inner,
      list: async function* list(prefix, after) {
        for await (const page of inner.list(prefix, after)) {
          note('list', prefix);
          yield page;
        }
      },
      look: (key) => {
        note('look', key);
        return inner.look(key);
      },
      source: (key, etag) => {
        const source = inner.source(key, etag);
        return {
          ...source,
          tail: (length) => {
            note('read', key);
            return source.tail(length);
          },
          read: (offset, length) => {
            note('read', key);
            return source.read(offset, length);
          },
        };
      },
      put: (key, content, draft) => {
        counting.beforeWrite(key);
        note('put', key);
        return inner.put(key, content, draft);
      },
      remove: (key, onlyIf) => {
        counting.beforeWrite(key);
        note('remove', key);
        return inner.remove(key, onlyIf);
      },
    },
    asked: () => {
      const all = seen;
      seen = [];
      return all;
    },
    beforeWrite: () => undefined,
  };
  return counting;
}

export interface ChannelApp {
  readonly app: ReturnType<typeof memoryApp>;
  readonly memory: MemoryStore;
  readonly store: CountedStore;
}

/** A train whose channel `test` has a place of wheels: torch and torch_vision for one Linux, CPU and CUDA 12.6, Python 3.12 and 3.13. */
function channelTrain(address: string, write: Channel['write']): Train {
  return Train.parse({
    train: 'small',
    title: 'Small',
    product: 'torch',
    roles: { 'release-manager': ['ana', 'ben', 'cleo'], approver: ['dora'] },
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
    channels: {
      test: { title: 'Test', write, places: [{ holds: 'wheel', store: 'object-store', address }] },
    },
    support: {
      columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
      lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda: [{ versions: ['12.6'] }] } } },
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
        torch: { builds: [{ kind: 'wheel', platforms: ['linux-x86_64'], accelerators: ['cpu', 'cuda'] }] },
        torch_vision: { builds: [{ kind: 'wheel', platforms: ['linux-x86_64'], accelerators: ['cpu', 'cuda'] }] },
      },
    },
  });
}

/** An app in memory whose channel `test` is a store in memory, read by everybody at the address, and who may plan: `ana`. */
export function channelApp(address = 'stores/test', write: Channel['write'] = 'append'): ChannelApp {
  const memory = memoryStores().store('test');
  const store = counted(memory);
  const stores: Stores = {
    ...noStores,
    of: async (channel) => ({
      ok: true,
      value: [
        { channel, holds: 'wheel', store: store.store, writable: succeed<ArtifactStore>(store.store), outside: null },
      ],
    }),
  };
  const app = memoryApp({
    loaded: { train: channelTrain(address, write), digest: memoryApp().loaded.digest },
    stores,
    pages: storedIndexPages(async () => store.store),
  });
  return { app, memory, store };
}

/** Every wheel of 2.8.0 that the train of `channelApp` expects, put into the channel; null leaves one out. */
export function plantRelease(
  memory: MemoryStore,
  change: (recipe: WheelRecipe) => WheelRecipe | null = (recipe) => recipe,
): void {
  const plant = (folder: string, recipe: WheelRecipe): void => {
    const changed = change(recipe);
    if (changed !== null) plantWheel(memory, folder, changed);
  };
  for (const accelerator of ['cpu', 'cu126']) {
    for (const python of ['cp312', 'cp313']) {
      const tags = `${python}-${python}-manylinux_2_28_x86_64`;
      const torch = `2.8.0+${accelerator}`;
      plant(accelerator, { name: 'torch', version: torch, tags, requiresDist: ['filelock', 'sympy>=1.13.3'] });
      plant(accelerator, {
        name: 'torch_vision',
        version: `0.23.0+${accelerator}`,
        tags,
        requiresDist: ['numpy', 'pillow!=8.3.*,>=5.3.0', `torch==${torch}`],
      });
    }
  }
}

/** Puts a wheel into a channel as a builder does, with its digest recorded unless asked otherwise. */
export function plantWheel(
  memory: MemoryStore,
  folder: string,
  recipe: WheelRecipe,
  recorded: 'recorded' | 'bare' = 'recorded',
): string {
  const { fileName, bytes } = makeWheel({ requiresPython: '>=3.9', ...recipe });
  memory.plant(folder === '' ? fileName : `${folder}/${fileName}`, bytes, recorded === 'bare' ? null : sha256Of(bytes));
  return fileName;
}

/** Tags the candidate at core, and records what lies in the channel as its files, but for those that `change` makes others of. */
export async function recordCandidate(
  { app, memory }: ChannelApp,
  number: number,
  change: (file: ManifestFile) => ManifestFile = (file) => file,
): Promise<void> {
  const release = ReleaseVersion.parse('2.8.0');
  const candidate = candidateOf(release, number);
  const commit = fakeId(`core rc${number}`);
  app.git.setRef('/remotes/core', tagRef(tagOf(candidate)), commit);
  const files: ManifestFile[] = [];
  for await (const page of memory.list('')) {
    for (const { key, size, sha256 } of page.objects) {
      const digest = sha256 ?? sha256Of(memory.bytes(key) ?? '');
      const cell = CellKey.parse(`file/wheel/any/any/${files.length}`);
      const file = { cell, repo: RepoKey.parse('core'), key, size: size ?? 0, digest, run: null, requires: null };
      if (key.endsWith('.whl')) files.push(change(file));
    }
  }
  const repos = [{ repo: RepoKey.parse('core'), candidate, commit }];
  const sealed = sealManifest({ train: app.loaded.train.train, release, candidate, channel: 'test', repos, files });
  await record(app, { type: 'manifest-recorded', release, candidate, ...sealed, proof: 'read', reason: '' });
}
