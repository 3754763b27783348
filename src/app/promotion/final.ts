import { refuse, succeed, type Result } from '../../domain/result.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import { finalCandidate } from '../../engine/fold-decisions.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';

/** The candidate that was marked as final, with the manifest that the decision is bound to: another manifest of the same candidate is not what was decided on. */
export async function finalManifest(app: App, release: ReleaseVersion): Promise<Result<RecordedManifest, AppProblem>> {
  const entries = await entriesOf(app, release);
  const manifests = foldManifests(entries);
  const final = finalCandidate(entries, release);
  if (final === null) {
    const newest =
      manifests
        .map(({ candidate }) => candidate)
        .toSorted(compareVersions)
        .at(-1) ?? `${release}-rcN`;
    return refused(
      'not-final',
      `No candidate of ${release} was marked as final. Decide it: signalbox rc final ${newest}`,
    );
  }
  const recorded = manifestFor(manifests, final.candidate);
  if (recorded === null || recorded.digest !== final.manifest) {
    return refused(
      'final-changed',
      `${final.candidate} was marked as final by ${final.by} with the files ${final.manifest}, and its record is ${recorded?.digest ?? 'gone'} now. Compare them (signalbox artifact diff), then decide again: signalbox rc final ${final.candidate} --withdraw`,
    );
  }
  return succeed(recorded);
}

function refused(code: string, text: string): Result<never, AppProblem> {
  return refuse({ kind: 'refused', code, text });
}
