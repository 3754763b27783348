import { Compatibility } from '../../domain/compatibility.ts';
import { pythonBuilds } from '../../domain/expected/builds.ts';
import type { Expectation, ExpectedCell } from '../../domain/expected/expectation.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import type { Manifest } from '../../domain/manifest.ts';
import { normalizeName } from '../../domain/package-name.ts';
import type { Train } from '../../domain/train/train.ts';

export interface CompatibilityFacts {
  readonly train: Train;
  readonly expectation: Expectation;
  /** What was recorded of the release; null while nothing was. */
  readonly recorded: { readonly manifest: Manifest; readonly digest: Digest } | null;
}

/** What goes together in a release. Where files were recorded, only what they fill is told, and what their wheels require; otherwise what the train file expects. */
export function compatibilityOf({ train, expectation, recorded }: CompatibilityFacts): Compatibility | null {
  const { line, release } = expectation;
  const facts = train.support.lines[line];
  if (facts === undefined) return null;
  const files = new Map(recorded?.manifest.files.map((file) => [file.cell, file]));
  const cells = expectation.cells.filter(({ key }) => recorded === null || files.has(key));
  const byPackage = Map.groupBy(cells, ({ cell }) => cell.package);
  const versions = new Map([...byPackage].map(([name, [first]]) => [name, publicVersion(first)]));
  const names = new Set([...byPackage.keys()].map(normalizeName));
  const { from, to, exclude, experimental } = facts.python;
  return Compatibility.parse({
    schema: 'signalbox.compatibility/1',
    train: train.train,
    release,
    basis: recorded === null ? 'expected' : 'recorded',
    candidate: recorded?.manifest.candidate ?? null,
    manifest: recorded?.digest ?? null,
    python: { from, to, exclude, experimental },
    systems: train.support.operatingSystems.map(({ family, architectures, floor, platformTag }) => ({
      family,
      architectures,
      floor: floor ?? null,
      platformTag: platformTag ?? null,
    })),
    packages: [...byPackage].map(([name, own]) => ({
      package: name,
      repo: own[0]?.cell.repo,
      version: versions.get(name),
      companions: Object.fromEntries([...versions].filter(([other]) => other !== name)),
      requires: recorded === null ? null : requirementsOf(own, files, names),
      pythons: pythonsOf(train, expectation, own),
      platforms: unique(own.flatMap(({ cell }) => cell.platform ?? [])),
      accelerators: acceleratorsOf(own),
      cells: own.map(({ key }) => key),
    })),
  });
}

function publicVersion(cell: ExpectedCell | undefined): string {
  return (cell?.version ?? '').split('+')[0] ?? '';
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** Requirements on packages of the train, in the order of the alphabet. */
function requirementsOf(
  own: readonly ExpectedCell[],
  files: ReadonlyMap<string, Manifest['files'][number]>,
  names: ReadonlySet<string>,
): readonly string[] {
  const all = own.flatMap(({ key }) => files.get(key)?.requires ?? []);
  const ofTrain = all.filter((text) => names.has(normalizeName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? '')));
  return unique(ofTrain).toSorted();
}

function pythonsOf(train: Train, { line }: Expectation, own: readonly ExpectedCell[]) {
  const built = new Set(own.map(({ cell }) => cell.python));
  return pythonBuilds(train, line).filter(({ name }) => built.has(name));
}

function acceleratorsOf(own: readonly ExpectedCell[]) {
  const known = new Map(
    own.flatMap(({ accelerator }) => (accelerator === null ? [] : [[accelerator.name, accelerator]])),
  );
  return [...known.values()].map(({ name, title, version, companion, stage }) => ({
    name,
    title,
    version,
    companion,
    stage,
  }));
}
