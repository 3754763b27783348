import type { ExpectedCell } from '../../domain/expected/expectation.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { wheelSays } from '../../domain/expected/match.ts';
import { escapeName } from '../../domain/package-name.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { Instant } from '../../domain/instant.ts';
import { known, observe, unknown, type Observed } from '../../domain/observation.ts';
import { comparePep440, localOf, parsePep440, type Pep440Version } from '../../domain/pep440.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { normalizeName } from '../../domain/package-name.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { PackageIndex } from '../../ports/package-index.ts';

/** The newest nightly of what goes to an index. */
export interface NightlySize {
  readonly expected: ExpectedCell;
  /** Null while the nightly channel has none of this release. */
  readonly nightly: { readonly key: StoreKey; readonly version: Pep440Version; readonly size: number } | null;
}

/** What a package has in an index already, in bytes. */
export interface ProjectSize {
  readonly channel: string;
  readonly package: string;
  readonly used: Observed<number>;
}

/** What the size forecast is judged on. */
export interface SizeFacts {
  readonly release: ReleaseVersion;
  /** Null where nothing of the release goes to an index. */
  readonly sizes: Observed<readonly NightlySize[]> | null;
  readonly projects: readonly ProjectSize[];
}

export interface SizePorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** The places of the nightly channel that hold wheels, opened, or why they could not be. */
  readonly nightly:
    | { readonly ok: true; readonly stores: readonly ReadableStore[] }
    | { readonly ok: false; readonly reason: string };
  /** The index of each channel that has one, or why it cannot be read. */
  readonly indexes: ReadonlyMap<string, PackageIndex | string>;
  readonly now: Instant;
}

/** Lists the nightly channel and finds the newest file for each cell that goes to an index. */
export async function readSizes({ train, release, nightly, indexes, now }: SizePorts): Promise<SizeFacts> {
  const expectation = expectedArtifacts(train, release);
  const wanted = expectation.ok ? expectation.value.cells.filter(({ publish }) => publish.length > 0) : [];
  if (wanted.length === 0) return { release, sizes: null, projects: [] };
  const projects = await readProjects(wanted, indexes, now);
  if (!nightly.ok) return { release, projects, sizes: unknown(nightly.reason, now, 'nightly channel') };
  const [store] = nightly.stores;
  const sizes =
    store === undefined
      ? unknown('the train has no place for nightly wheels that can be read', now, 'train file')
      : await observe(store.name, now, () => newestOf(store, wanted));
  return { release, projects, sizes };
}

/** What each package that has a limit takes of it already; an index that tells no sizes leaves it unknown. */
async function readProjects(
  wanted: readonly ExpectedCell[],
  indexes: SizePorts['indexes'],
  now: Instant,
): Promise<readonly ProjectSize[]> {
  const projects = new Map(
    wanted.flatMap(({ cell, publish }) =>
      publish.flatMap(({ channel, projectLimit }) =>
        projectLimit === null ? [] : [[`${channel} ${cell.package}`, { channel, package: cell.package }] as const],
      ),
    ),
  );
  return inLanes([...projects.values()], LANES, async (project) => {
    const index = indexes.get(project.channel) ?? `channel ${project.channel} has no index that can be read`;
    if (typeof index === 'string') return { ...project, used: unknown(index, now, `channel ${project.channel}`) };
    const told = await observe(index.name, now, () => index.project(normalizeName(project.package)));
    if (!told.known) return { ...project, used: told };
    const files = told.value?.files ?? [];
    const unsized = files.filter(({ size }) => size === null);
    const used = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
    return {
      ...project,
      used:
        unsized.length > 0
          ? unknown(`it does not tell the size of ${unsized.length} files`, now, index.name)
          : known(used, now, index.name),
    };
  });
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
      const before = newest.get(expected);
      if (before === undefined || comparePep440(says.version, before.version) > 0)
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
    return tags === undefined ? [] : [formOf(escapeName(cell.package), version, tags)];
  });
}

function formOf(distribution: string, version: Pep440Version, tags: string): string {
  return [distribution, parsePep440(version)?.release.join('.') ?? '', localOf(version) ?? '', tags].join(' ');
}
