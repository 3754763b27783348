import type { Gate, Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import { observe } from '../domain/observation.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { decideSizeForecast, readSizes, type SizePorts } from '../process/02-prepare/index.ts';
import type { App } from './app.ts';

/** The gate `size-forecast` of a release; none where the train sends nothing to an index. */
export async function judgeSizes(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.keys(train.artifacts.publish).length === 0) return [];
  const [nightly, indexes] = await Promise.all([nightlyStores(app), publishIndexes(app)]);
  const facts = await readSizes({ train, release, nightly, indexes, now });
  return [decideSizeForecast(facts, train, waivers, now)];
}

async function nightlyStores(app: App): Promise<SizePorts['nightly']> {
  const { channels } = app.loaded.train;
  const name = Object.keys(channels).find((each) => channels[each]?.versions === 'nightly');
  if (name === undefined) return { ok: false, reason: 'the train has no channel whose versions are nightly' };
  const opened = await observe(`channel ${name}`, app.clock.now(), () => app.stores.of(name));
  if (!opened.known) return { ok: false, reason: opened.reason };
  if (!opened.value.ok) return { ok: false, reason: opened.value.problems[0].text };
  const stores = opened.value.value.filter(({ holds }) => holds === 'wheel' || holds === 'any');
  return { ok: true, stores: stores.map(({ store }) => store) };
}

/** The index of each channel that files are published to. */
async function publishIndexes(app: App): Promise<SizePorts['indexes']> {
  const names = Object.keys(app.loaded.train.artifacts.publish);
  const opened = await Promise.all(
    names.map(async (name) => {
      const told = await observe(`channel ${name}`, app.clock.now(), () => app.stores.indexesOf(name));
      if (!told.known) return [name, told.reason] as const;
      if (!told.value.ok) return [name, told.value.problems[0].text] as const;
      return [name, told.value.value[0] ?? `channel ${name} has no index`] as const;
    }),
  );
  return new Map(opened);
}
