import {
  compareManifests,
  requirementChanges,
  type ManifestDifference,
  type ManifestRepo,
  type RequirementChange,
} from '../../domain/manifest.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { CandidateVersion, compareVersions, ReleaseVersion, releaseOf } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';

/** What differs between two candidates that were recorded. */
export interface CandidateDifference {
  readonly before: RecordedManifest;
  readonly after: RecordedManifest;
  readonly files: ManifestDifference;
  readonly requirements: readonly RequirementChange[];
  /** Repositories whose candidate or commit is another one, came or went. */
  readonly repos: readonly {
    readonly repo: string;
    readonly before: ManifestRepo | null;
    readonly after: ManifestRepo | null;
  }[];
}

/** Compares two candidates; a release stands for its last one that was recorded. */
export async function differenceOf(
  app: App,
  from: string,
  to: string,
): Promise<Result<CandidateDifference, AppProblem>> {
  const manifests = foldManifests(await entriesOf(app));
  const [before, after] = [recordedOf(manifests, from), recordedOf(manifests, to)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const [was, is] = [before.value.manifest, after.value.manifest];
  const names = [...new Set([...was.repos, ...is.repos].map(({ repo }) => repo))];
  const files = compareManifests(was, is);
  return succeed({
    before: before.value,
    after: after.value,
    files,
    requirements: requirementChanges(files),
    repos: names
      .map((repo) => ({
        repo,
        before: was.repos.find((each) => each.repo === repo) ?? null,
        after: is.repos.find((each) => each.repo === repo) ?? null,
      }))
      .filter((each) => each.before?.commit !== each.after?.commit),
  });
}

function recordedOf(manifests: readonly RecordedManifest[], typed: string): Result<RecordedManifest, AppProblem> {
  const text = typed.replace(/^v(?=\d)/, '');
  const candidate = CandidateVersion.safeParse(text);
  const release = ReleaseVersion.safeParse(text);
  const shown = typed.slice(0, 60);
  if (!candidate.success && !release.success)
    return refuse({
      kind: 'usage',
      code: 'not-a-candidate',
      text: `"${shown}" is neither a candidate nor a release. Write it as X.Y.Z-rcN or X.Y.Z, for example 2.8.0-rc1.`,
    });
  const [last] = manifests
    .filter((each) => release.success && releaseOf(each.candidate) === release.data)
    .toSorted((left, right) => compareVersions(right.candidate, left.candidate));
  const wanted = candidate.success ? candidate.data : last?.candidate;
  const found = wanted === undefined ? null : manifestFor(manifests, wanted);
  if (found !== null) return succeed(found);
  const next = candidate.success
    ? `Record it: signalbox artifact record ${candidate.data}`
    : 'None of its candidates was.';
  return refuse({ kind: 'usage', code: 'not-recorded', text: `${shown} was not recorded. ${next}` });
}
