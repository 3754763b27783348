import type { ExpectedCell } from '../../domain/expected/expectation.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { wheelSays } from '../../domain/expected/match.ts';
import { distributionWord } from '../../domain/expected/names.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { comparePep440, localOf, parsePep440, type Pep440Version } from '../../domain/pep440.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';

/** The newest nightly of what goes to an index. */
export interface NightlySize {
  readonly expected: ExpectedCell;
  /** Null while the nightly channel has none of this release. */
  readonly nightly: { readonly key: StoreKey; readonly version: Pep440Version; readonly size: number } | null;
}

/** What the size forecast is judged on. */
export interface SizeFacts {
  readonly release: ReleaseVersion;
  /** Null where nothing of the release goes to an index. */
  readonly sizes: Observed<readonly NightlySize[]> | null;
}

export interface SizePorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** The places of the nightly channel that hold wheels, opened, or why they could not be. */
  readonly nightly:
    | { readonly ok: true; readonly stores: readonly ReadableStore[] }
    | { readonly ok: false; readonly reason: string };
  readonly now: Instant;
}

/** Lists the nightly channel and finds the newest file for each cell that goes to an index. */
export async function readSizes({ train, release, nightly, now }: SizePorts): Promise<SizeFacts> {
  const expectation = expectedArtifacts(train, release);
  const wanted = expectation.ok ? expectation.value.cells.filter(({ publish }) => publish.length > 0) : [];
  if (wanted.length === 0) return { release, sizes: null };
  if (!nightly.ok) return { release, sizes: unknown(nightly.reason, now, 'nightly channel') };
  const [store] = nightly.stores;
  if (store === undefined)
    return { release, sizes: unknown('the train has no place for nightly wheels that can be read', now, 'train file') };
  return { release, sizes: await observe(store.name, now, () => newestOf(store, wanted)) };
}

interface Found {
  readonly key: StoreKey;
  readonly version: Pep440Version;
  readonly size: number | null;
}

const LANES = 16;

async function newestOf(store: ReadableStore, wanted: readonly ExpectedCell[]): Promise<readonly NightlySize[]> {
  const cells = new Map(wanted.flatMap((expected) => formsOf(expected).map((form) => [form, expected] as const)));
  const newest = new Map<ExpectedCell, Found>();
  for await (const { objects } of store.list('')) {
    for (const { key, size } of objects) {
      const says = wheelSays(key.slice(key.lastIndexOf('/') + 1));
      const expected = says === null ? undefined : cells.get(formOf(says.distribution, says.version, says.tags));
      if (says === null || expected === undefined || parsePep440(says.version)?.dev === null) continue;
      const known = newest.get(expected);
      if (known === undefined || comparePep440(says.version, known.version) > 0)
        newest.set(expected, { key, version: says.version, size });
    }
  }
  return inLanes(wanted, LANES, async (expected) => {
    const found = newest.get(expected);
    if (found === undefined) return { expected, nightly: null };
    const size = found.size ?? (await store.look(found.key))?.size ?? null;
    return { expected, nightly: size === null ? null : { ...found, size } };
  });
}

/** What a nightly of the cell has in common with the file of the release: all but the day. */
function formsOf({ cell, version, file, others }: ExpectedCell): readonly string[] {
  return [file, ...others].flatMap((name) => {
    const tags = wheelSays(name)?.tags;
    return tags === undefined ? [] : [formOf(distributionWord(cell.package), version, tags)];
  });
}

function formOf(distribution: string, version: Pep440Version, tags: string): string {
  return [distribution, parsePep440(version)?.release.join('.') ?? '', localOf(version) ?? '', tags].join(' ');
}
