import type { Digest } from '../../domain/canonical-json.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';

const UNPROVEN = '.signalbox/unproven-';

/** What a killed run left lies for so long: longer than any composition takes. */
const KEPT_MILLIS = 24 * 60 * 60 * 1000;

/** Where a file that is to have this digest is composed, until it was read. */
export function asideOf(digest: Digest): StoreKey {
  return StoreKey.parse(`${UNPROVEN}${digest.slice('sha256:'.length)}`);
}

/** Takes away what killed runs left aside, once for each store; what others are at work on is younger, and stays. */
export function sweeper(now: () => Instant): (store: ArtifactStore) => Promise<void> {
  const swept = new WeakMap<ArtifactStore, Promise<void>>();
  const sweep = async (store: ArtifactStore): Promise<void> => {
    for await (const { objects } of store.list(UNPROVEN)) {
      for (const { key, modified } of objects) {
        if (modified !== null && elapsedMillis(modified, now()) > KEPT_MILLIS) await store.remove(key, null);
      }
    }
  };
  return (store) => {
    const known = swept.get(store);
    if (known !== undefined) return known;
    const asked = sweep(store).catch((error: unknown) => {
      swept.delete(store);
      throw error;
    });
    swept.set(store, asked);
    return asked;
  };
}
