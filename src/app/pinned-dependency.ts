import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import { observe } from '../domain/observation.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { foldManifests, manifestFor } from '../engine/fold-manifests.ts';
import type { ReadableStore } from '../ports/artifact-store.ts';
import { decidePinned, readPinned } from '../process/05-candidate/pinned-dependency/index.ts';
import type { App } from './app.ts';
import { indexOf } from './index-of.ts';
import { entriesOf } from './record.ts';

/** The gates `triton-ready:NAME`; none for a train that asks of no dependency to be a released one. */
export async function judgePinned(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.values(train.dependencies).every(({ released }) => released === undefined)) return [];
  const manifests = foldManifests(await entriesOf(app, release));
  const expected = expectedArtifacts(train, release);
  const wheels = expected.ok ? expected.value.cells.filter(({ cell }) => cell.kind === 'wheel') : [];
  const facts = await readPinned({
    train,
    release,
    git: app.git,
    manifest: (candidate) => manifestFor(manifests, candidate)?.manifest ?? null,
    index: (channel) => indexOf(app, channel),
    stores: () => wheelStores(app, now),
    folders: [...new Set(wheels.map(({ folder }) => folder))],
    now,
  });
  return decidePinned(facts, { train, waivers, now });
}

async function wheelStores(app: App, now: Instant): Promise<readonly ReadableStore[] | string> {
  const { channel } = app.loaded.train.candidates;
  const told = await observe(`channel ${channel}`, now, () => app.stores.of(channel));
  if (!told.known) return told.reason;
  if (!told.value.ok) return told.value.problems[0].text;
  const stores = told.value.value.filter(({ holds }) => holds === 'wheel' || holds === 'any');
  return stores.length === 0
    ? `channel ${channel} has no place for wheels that can be read`
    : stores.map(({ store }) => store);
}
