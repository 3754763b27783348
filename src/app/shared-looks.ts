import { succeed } from '../domain/result.ts';
import type { StoreKey } from '../domain/store-key.ts';
import type { ReadableStore, StoredObject } from '../ports/artifact-store.ts';
import type { Stores } from './stores.ts';

/**
 * The stores for one judging: an object that several gates rest on is looked at once, so that all of them speak of the same moment. A look that failed is
 * asked for again by the next.
 */
export function withSharedLooks(stores: Stores): Stores {
  const known = new Map<ReadableStore, ReadableStore>();
  const shared = (store: ReadableStore): ReadableStore => {
    const before = known.get(store) ?? lookingOnce(store);
    known.set(store, before);
    return before;
  };
  return {
    ...stores,
    of: async (channel) => {
      const opened = await stores.of(channel);
      return opened.ok ? succeed(opened.value.map((place) => ({ ...place, store: shared(place.store) }))) : opened;
    },
  };
}

function lookingOnce(store: ReadableStore): ReadableStore {
  const looks = new Map<StoreKey, Promise<StoredObject | null>>();
  return {
    name: store.name,
    list: (prefix, after) => store.list(prefix, after),
    source: (key, etag) => store.source(key, etag),
    look: (key) => {
      const before = looks.get(key);
      if (before !== undefined) return before;
      const asked = store.look(key).catch((error: unknown) => {
        looks.delete(key);
        throw error;
      });
      looks.set(key, asked);
      return asked;
    },
  };
}
