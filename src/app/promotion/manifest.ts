import type { RepoKey } from '../../domain/repo.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { releaseOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';

/** The files of a candidate as they were recorded: nothing is promoted, kept or brought back but these. */
export async function manifestOf(app: App, candidate: CandidateVersion): Promise<Result<RecordedManifest, AppProblem>> {
  const found = manifestFor(foldManifests(await entriesOf(app, releaseOf(candidate))), candidate);
  if (found !== null) return succeed(found);
  return refuse({
    kind: 'usage',
    code: 'not-recorded',
    text: `The files of ${candidate} were not recorded, so nobody can say which they are. Record them: signalbox artifact record ${candidate}`,
  });
}

/** Which wave of a group of waves a repository's files are in: core first, so that what others require is there before them. */
export function waveOfRepo(train: Train, release: ReleaseVersion): (repo: RepoKey) => number {
  const core = new Set(
    reposOf(train, release)
      .filter(({ entry }) => entry.role === 'core')
      .map(({ key }) => key),
  );
  return (repo) => (core.has(repo) ? 0 : 1);
}
