import { cellKey, type Cell } from '../artifact.ts';
import { Pep440Version } from '../pep440.ts';
import type { PackageBuild, Platform, Publication } from '../train/artifacts.ts';
import type { RepoInRelease } from '../train/naming.ts';
import { holdsFor } from '../train/span.ts';
import type { ExcludedBuild } from '../train/support.ts';
import type { Train } from '../train/train.ts';
import type { Line } from '../version.ts';
import { acceleratorBuilds, pythonBuilds, type AcceleratorBuild, type PythonBuild } from './builds.ts';
import type { ExpectedCell, Published, SkippedCell } from './expectation.ts';
import { filled, filledTags, wheelName } from './names.ts';

/** A package of the train with what it is built as. */
export interface BuiltPackage {
  readonly name: string;
  readonly repo: RepoInRelease;
  readonly builds: readonly PackageBuild[];
}

export type MadeCell =
  | { readonly kind: 'expected'; readonly expected: ExpectedCell }
  | { readonly kind: 'skipped'; readonly skipped: SkippedCell };

/** What one file is for, with the entries of the train that say so. */
interface Place {
  readonly cell: Cell;
  readonly build: PackageBuild;
  readonly platform: Platform | null;
  readonly accelerator: AcceleratorBuild | null;
  readonly python: PythonBuild | null;
}

/** The cells of a package on a line, expected and skipped, in the order of the train file. */
export function cellsOfPackage(train: Train, line: Line, built: BuiltPackage): readonly MadeCell[] {
  return built.builds
    .filter((build) => holdsFor(build, line))
    .flatMap((build) => placesOf(train, line, built, build))
    .flatMap((place): readonly MadeCell[] => {
      const key = cellKey(place.cell);
      const rule = train.support.excluded.find((excluded) => holdsFor(excluded, line) && fits(excluded, place));
      if (rule !== undefined)
        return [{ kind: 'skipped', skipped: { key, cell: place.cell, accelerator: place.accelerator, rule } }];
      const expected = expectedCell(train, line, built, place);
      return expected === null ? [] : [{ kind: 'expected', expected }];
    });
}

function placesOf(train: Train, line: Line, { name, repo }: BuiltPackage, build: PackageBuild): readonly Place[] {
  const platforms = build.platforms?.map((key) => [key, train.artifacts.platforms[key] ?? null] as const);
  const accelerators = acceleratorBuilds(train, line).filter((each) => build.accelerators?.includes(each.accelerator));
  const depends = build.kind !== 'libtorch' && build.python === 'each';
  const pythons = depends ? pythonBuilds(train, line) : [null];
  return (platforms ?? [[null, null] as const]).flatMap(([key, platform]) =>
    (build.accelerators === undefined ? [null] : accelerators).flatMap((accelerator) =>
      pythons.map((python) => ({
        cell: {
          package: name,
          repo: repo.key,
          kind: build.kind,
          platform: key,
          accelerator: accelerator?.name ?? null,
          python: python?.name ?? null,
          ...(build.kind === 'libtorch' ? { variant: build.variant } : {}),
        },
        build,
        platform,
        accelerator,
        python,
      })),
    ),
  );
}

function fits(rule: ExcludedBuild, { cell, platform, accelerator }: Place): boolean {
  return (
    isOrOpen(rule.package, cell.package) &&
    isOrOpen(rule.kind, cell.kind) &&
    isOrOpen(rule.system, platform?.system) &&
    isOrOpen(rule.architecture, platform?.architecture) &&
    isOrOpen(rule.python, cell.python) &&
    (rule.accelerator === undefined || (accelerator !== null && isAccelerator(rule.accelerator, accelerator)))
  );
}

function isOrOpen(said: string | undefined, is: string | null | undefined): boolean {
  return said === undefined || said === is;
}

/** Whether `CUDA` or `CUDA 12.6` names the build. */
export function isAccelerator(said: string, { title, version }: Pick<AcceleratorBuild, 'title' | 'version'>): boolean {
  return said === title || (version !== null && said === `${title} ${version}`);
}

/** What differs between the files of one build, for any of them. */
const ANY_BUILD = {
  accelerator: '*',
  'accelerator-version': '*',
  'accelerator-job': '*',
  python: '*',
  'python-digits': '*',
  'python-word': '*',
};

function expectedCell(train: Train, line: Line, { name, repo }: BuiltPackage, place: Place): ExpectedCell | null {
  const { cell, build, platform, accelerator, python } = place;
  const isLocal = accelerator !== null && platform !== null && platform.local;
  const version = Pep440Version.parse(isLocal ? `${repo.release}+${accelerator.name}` : repo.release);
  const words = {
    ...platform?.words,
    version,
    release: repo.release,
    accelerator: accelerator?.name ?? '',
    'accelerator-version': accelerator?.version ?? '',
    python: python?.name ?? '',
    'python-digits': python?.name.replaceAll('.', '') ?? '',
    'python-word': python?.name.replaceAll('.', '_') ?? '',
    'accelerator-job': accelerator?.job ?? '',
    platform: cell.platform ?? '',
  };
  const tags = build.kind === 'wheel' ? tagsOf(build, place, line) : [];
  const [file, ...others] =
    build.kind === 'wheel' ? tags.map((each) => wheelName(name, version, each)) : [filled(build.file, words)];
  if (file === undefined) return null;
  const isTried = [accelerator?.stage, python?.stage].includes('experimental');
  return {
    key: cellKey(cell),
    cell,
    stage: isTried ? 'experimental' : 'stable',
    version,
    accelerator,
    file,
    others,
    folder: filled(build.folder, words),
    job: build.job === undefined ? null : filled(build.job, words),
    jobFamily: build.job === undefined ? null : filled(build.job, { ...words, ...ANY_BUILD }),
    validation: build.validation === undefined ? null : filled(build.validation, words),
    publish:
      build.kind === 'wheel'
        ? publishedOf(train, line, place, wheelName(name, Pep440Version.parse(repo.release), tags[0] ?? ''))
        : [],
  };
}

function tagsOf(
  build: Extract<PackageBuild, { kind: 'wheel' }>,
  { platform, python }: Place,
  line: Line,
): readonly string[] {
  const templates = build.tags ?? platform?.wheels.find((entry) => holdsFor(entry, line))?.tags ?? [];
  return templates.flatMap((template) => filledTags(template, python?.name ?? null) ?? []);
}

function publishedOf(train: Train, line: Line, place: Place, file: string): readonly Published[] {
  const { cell } = place;
  return Object.entries(train.artifacts.publish).flatMap(([channel, rules]) => {
    if (!rules.some((rule) => holdsFor(rule, line) && publishes(rule, place))) return [];
    const limits = train.channels[channel]?.places.find(
      (each) => each.store === 'package-index' && holdsFor(each, line),
    )?.limits;
    const raised = limits?.raised.find((each) => each.package === cell.package);
    return [
      {
        channel,
        file,
        fileLimit: raised?.file ?? limits?.file ?? null,
        projectLimit: raised?.project ?? limits?.project ?? null,
      },
    ];
  });
}

function publishes(rule: Publication, { cell, accelerator }: Place): boolean {
  return (
    rule.platform === cell.platform &&
    (rule.packages?.includes(cell.package) ?? true) &&
    (accelerator === null || isAccelerator(rule.accelerator, accelerator))
  );
}
