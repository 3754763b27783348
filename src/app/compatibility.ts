import type { Compatibility } from '../domain/compatibility.ts';
import { expectedArtifacts, explainExpectation } from '../domain/expected/expected.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { lineOf, type ReleaseVersion } from '../domain/version.ts';
import { compatibilityOf } from '../process/01-plan/index.ts';
import { announcedManifest } from './announce/manifest.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';

/** What goes together in a release: of the recorded files of its final candidate (the newest while none is final), or of the train file while there are none. */
export async function releaseCompatibility(
  app: App,
  release: ReleaseVersion,
): Promise<Result<Compatibility, AppProblem>> {
  const { train } = app.loaded;
  const expected = expectedArtifacts(train, release);
  if (!expected.ok)
    return refuse({ kind: 'usage', code: 'not-expected', text: explainExpectation(expected.problems[0]) });
  const made = compatibilityOf({ train, expectation: expected.value, recorded: await announcedManifest(app, release) });
  if (made !== null) return succeed(made);
  const text = `The support matrix has no line ${lineOf(release)}. Add it to support.yaml: signalbox config explain support.lines`;
  return refuse({ kind: 'usage', code: 'line-unknown', text });
}
