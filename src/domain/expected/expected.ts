import type { CellKey } from '../artifact.ts';
import { refuse, succeed, type Result } from '../result.ts';
import { reposOf, type RepoInRelease } from '../train/naming.ts';
import type { Train } from '../train/train.ts';
import { lineOf, type ReleaseVersion } from '../version.ts';
import { cellsOfPackage } from './cells.ts';
import type { Expectation, ExpectedCell } from './expectation.ts';

export type ExpectationProblem =
  | { readonly code: 'no-artifacts'; readonly release: ReleaseVersion }
  | { readonly code: 'line-unknown'; readonly release: ReleaseVersion; readonly known: readonly string[] }
  | { readonly code: 'same-cell'; readonly cell: CellKey }
  | { readonly code: 'same-file'; readonly file: string; readonly cells: readonly CellKey[] };

/** What is wrong, with which thing, and what to do about it. */
export function explainExpectation(problem: ExpectationProblem): string {
  switch (problem.code) {
    case 'no-artifacts':
      return `The train file does not say what the packages of ${problem.release} are built as. See: signalbox config explain artifacts.packages`;
    case 'line-unknown':
      return `The support matrix does not say what ${problem.release} is built for; it has: ${problem.known.join(', ')}. Add the line: signalbox config explain support.lines`;
    case 'same-cell':
      return `Two builds of the train file make the same cell ${problem.cell}. Give one of them another variant, platform or span: signalbox config explain artifacts.packages`;
    case 'same-file':
      return `${problem.cells.join(' and ')} would both be the file ${problem.file}. Change tags, \`local\` or \`file\` so that each has its own: signalbox config explain artifacts`;
  }
}

/** What a release must consist of: support matrix × packages × rules of the train. */
export function expectedArtifacts(train: Train, release: ReleaseVersion): Result<Expectation, ExpectationProblem> {
  const line = lineOf(release);
  const repos = reposOf(train, release);
  const packages = Object.entries(train.artifacts.packages).flatMap(([name, { builds }]) => {
    const repo = repoOfPackage(repos, name);
    return repo === undefined ? [] : [{ name, repo, builds }];
  });
  if (packages.length === 0) return refuse({ code: 'no-artifacts', release });
  if (!Object.hasOwn(train.support.lines, line))
    return refuse({ code: 'line-unknown', release, known: Object.keys(train.support.lines) });
  const made = packages.flatMap((each) => cellsOfPackage(train, line, each));
  const cells = made.flatMap((each) => (each.kind === 'expected' ? [each.expected] : []));
  const skipped = made.flatMap((each) => (each.kind === 'skipped' ? [each.skipped] : []));
  const [first, ...rest] = [...sameCells([...cells, ...skipped]), ...sameFiles(cells)];
  return first === undefined ? succeed({ release, line, cells, skipped }) : refuse(first, ...rest);
}

function repoOfPackage(repos: readonly RepoInRelease[], name: string): RepoInRelease | undefined {
  return repos.find(({ entry }) => entry.packages.includes(name));
}

function sameCells(cells: readonly { readonly key: CellKey }[]): readonly ExpectationProblem[] {
  const counts = new Map<CellKey, number>();
  for (const { key } of cells) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].flatMap(([cell, count]) => (count === 1 ? [] : [{ code: 'same-cell' as const, cell }]));
}

function sameFiles(cells: readonly ExpectedCell[]): readonly ExpectationProblem[] {
  const owners = new Map<string, CellKey[]>();
  for (const { key, cell, file, others, folder } of cells) {
    for (const name of new Set([file, ...others])) {
      const place = `${cell.kind}/${folder}/${name}`;
      owners.set(place, [...(owners.get(place) ?? []), key]);
    }
  }
  return [...owners].flatMap(([place, keys]) =>
    keys.length < 2 ? [] : [{ code: 'same-file' as const, file: place.slice(place.lastIndexOf('/') + 1), cells: keys }],
  );
}
