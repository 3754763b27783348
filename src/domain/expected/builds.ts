import type { Train } from '../train/train.ts';
import { holdsFor } from '../train/span.ts';
import type { SupportColumn } from '../train/support.ts';
import type { Line } from '../version.ts';

/** Whether a build is promised, or only made. */
export type Stage = 'stable' | 'experimental';

/** An accelerator as it is built on one line: one of its versions, or the whole where it has none. */
export interface AcceleratorBuild {
  /** Name in `artifacts.accelerators`: cuda. */
  readonly accelerator: string;
  /** As the support matrix says it: CUDA. */
  readonly title: string;
  /** 12.6; null where the accelerator is built without versions. */
  readonly version: string | null;
  /** In cells, folders and local versions: cu126. */
  readonly name: string;
  /** In names of jobs: cuda12_6. */
  readonly job: string;
  /** Version of the companion library, for example of CuDNN. */
  readonly companion: string | null;
  readonly stage: Stage;
}

/** A Python that a line is built for: 3.13 or 3.13t. */
export interface PythonBuild {
  readonly name: string;
  readonly stage: Stage;
}

/** The accelerators of a line in the order of the train file, versions ascending. */
export function acceleratorBuilds({ artifacts, support }: Train, line: Line): readonly AcceleratorBuild[] {
  return Object.entries(artifacts.accelerators).flatMap(([accelerator, entry]): readonly AcceleratorBuild[] => {
    if (!holdsFor(entry, line)) return [];
    const { title, name, job = name } = entry;
    if (!hasVersions(name)) return [{ accelerator, title, version: null, name, job, companion: null, stage: 'stable' }];
    return support.columns
      .flatMap((column) => columnBuilds(column, title, line, support.lines[line]?.builds ?? {}))
      .toSorted((left, right) => byNumbers(left.version, right.version))
      .map((build) => ({
        accelerator,
        title,
        ...build,
        name: nameFor(name, build.version),
        job: nameFor(job, build.version).replaceAll('.', '_'),
      }));
  });
}

/** Whether the accelerator is built once for each version that the support matrix lists. */
export function hasVersions(name: string): boolean {
  return /\{(?:version|digits)\}/.test(name);
}

function nameFor(name: string, version: string): string {
  return name.replaceAll('{version}', version).replaceAll('{digits}', version.replaceAll('.', ''));
}

function columnBuilds(
  column: SupportColumn,
  title: string,
  line: Line,
  builds: Train['support']['lines'][Line]['builds'],
): readonly { readonly version: string; readonly companion: string | null; readonly stage: Stage }[] {
  if (column.kind !== 'builds' || column.accelerator !== title || !holdsFor(column, line)) return [];
  return (builds[column.id] ?? []).flatMap(({ versions, companion }) =>
    versions.map((version) => ({ version, companion: companion ?? null, stage: column.stage })),
  );
}

/** The Pythons of a line, oldest first, each free-threaded build after the one it belongs to. */
export function pythonBuilds({ support }: Train, line: Line): readonly PythonBuild[] {
  const range = support.lines[line]?.python;
  if (range === undefined) return [];
  const [from, to] = [minorOf(range.from), minorOf(range.to)];
  const promised = Array.from({ length: to.minor - from.minor + 1 }, (_, index): PythonBuild => ({
    name: `${from.major}.${from.minor + index}`,
    stage: 'stable',
  }));
  // The last one may be named as a free-threaded build.
  const ends = [range.from, range.to].filter((name) => name.endsWith('t'));
  const all = [
    ...promised,
    ...ends.map((name): PythonBuild => ({ name, stage: 'stable' })),
    ...range.experimental.map((name): PythonBuild => ({ name, stage: 'experimental' })),
  ];
  const known = new Map(all.toReversed().map((build) => [build.name, build]));
  return [...known.values()].toSorted(
    (left, right) => byNumbers(left.name, right.name) || (left.name < right.name ? -1 : 1),
  );
}

function minorOf(python: string): { readonly major: number; readonly minor: number } {
  const [major = 0, minor = 0] = numbersIn(python);
  return { major, minor };
}

/** Order of dotted numbers: 3.9 before 3.13, 6.2 before 6.2.4. */
function byNumbers(left: string, right: string): number {
  const [one, other] = [numbersIn(left), numbersIn(right)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? -1) - (other[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
