import { storedIndexPages } from '../adapters/index-pages/index.ts';
import type { App } from '../app/app.ts';
import type { Stores } from '../app/stores.ts';
import { succeed } from '../domain/result.ts';
import { Train } from '../domain/train/train.ts';
import type { ArtifactStore, ReadableStore } from '../ports/artifact-store.ts';
import { memoryApp } from './memory-app.ts';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';
import { memoryStores, sha256Of, type MemoryStore } from './memory-store.ts';
import { smallTrain } from './engine-world.ts';

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
  readonly app: App;
  readonly memory: MemoryStore;
  readonly store: CountedStore;
}

/** An app in memory whose channel `test` is a store in memory, and who may plan: `ana`. */
export function channelApp(outside: ReadableStore | null = null): ChannelApp {
  const memory = memoryStores().store('test');
  const store = counted(memory);
  const train = Train.parse({
    ...smallTrain,
    channels: {
      test: {
        title: 'Test',
        write: 'replace',
        places: [{ holds: 'wheel', store: 'object-store', address: 'stores/test' }],
      },
    },
  });
  const stores: Stores = {
    of: async (channel) => ({
      ok: true,
      value: [{ channel, holds: 'wheel', store: store.store, writable: succeed<ArtifactStore>(store.store), outside }],
    }),
    close: () => {},
  };
  const app = memoryApp({
    loaded: { train, digest: memoryApp().loaded.digest },
    stores,
    pages: storedIndexPages(async () => store.store),
  });
  return { app, memory, store };
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
