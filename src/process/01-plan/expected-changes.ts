import type { CellKey } from '../../domain/artifact.ts';
import { acceleratorBuilds, pythonBuilds } from '../../domain/expected/builds.ts';
import type { Expectation, ExpectedCell } from '../../domain/expected/expectation.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import type { Train } from '../../domain/train/train.ts';
import { compareVersions, Line, lineOf, patchNumber, releaseOn, type ReleaseVersion } from '../../domain/version.ts';

/** What a release has that the one before had not, and the other way round. */
export interface ExpectedChanges {
  /** The release it is compared with. */
  readonly since: ReleaseVersion;
  readonly added: readonly CellKey[];
  readonly removed: readonly { readonly key: CellKey; readonly reason: string }[];
}

/** Compares with the release before; null when the train knows none. Every removal comes with its reason: it is told before a go or no-go. */
export function expectedChanges(train: Train, expectation: Expectation): ExpectedChanges | null {
  const since = releaseBefore(train, expectation.release);
  const before = since === null ? null : expectedArtifacts(train, since);
  if (since === null || before === null || !before.ok) return null;
  const had = new Set(before.value.cells.map(({ key }) => key));
  const has = new Set(expectation.cells.map(({ key }) => key));
  return {
    since,
    added: expectation.cells.flatMap(({ key }) => (had.has(key) ? [] : [key])),
    removed: before.value.cells.flatMap((gone) =>
      has.has(gone.key) ? [] : [{ key: gone.key, reason: removalReason(train, expectation, gone) }],
    ),
  };
}

/** The patch before; for a minor release the first one of the newest line before that the support matrix has. */
function releaseBefore(train: Train, release: ReleaseVersion): ReleaseVersion | null {
  const patch = patchNumber(release);
  const line = lineOf(release);
  if (patch > 0) return releaseOn(line, patch - 1);
  const [before] = Object.keys(train.support.lines)
    .map((each) => Line.parse(each))
    .filter((each) => compareVersions(each, line) < 0)
    .toSorted((left, right) => compareVersions(right, left));
  return before === undefined ? null : releaseOn(before, 0);
}

function removalReason(train: Train, { line, skipped }: Expectation, { key, cell, accelerator }: ExpectedCell): string {
  const rule = skipped.find((each) => each.key === key)?.rule;
  if (rule !== undefined) return rule.reason;
  const { python } = cell;
  if (accelerator !== null && !acceleratorBuilds(train, line).some(({ name }) => name === accelerator.name)) {
    return `${[accelerator.title, accelerator.version ?? ''].join(' ').trim()} is not built for ${line}`;
  }
  if (python !== null && !pythonBuilds(train, line).some(({ name }) => name === python))
    return `${line} is not built for Python ${python}`;
  return `the train file has no such build for ${line}`;
}
