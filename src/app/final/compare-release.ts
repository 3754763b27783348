import type { Observed } from '../../domain/observation.ts';
import type { PerformanceSuite } from '../../domain/train/performance.ts';
import type { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import type { SuiteComparison } from '../../process/07-finalize/performance/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { compareVersionsBy, releaseBefore } from './performance.ts';
import { finalSubject } from './subject.ts';

/** A suite with what came of it; null while there are not two versions to compare. */
export interface ComparedSuite {
  readonly name: string;
  readonly suite: PerformanceSuite;
  readonly baseline: ReleaseVersion | null;
  readonly compared: Observed<SuiteComparison> | null;
}

/** The candidate of a release against the release before, by every suite of the train. */
export interface ComparedRelease {
  readonly candidate: CandidateVersion | null;
  readonly baseline: ReleaseVersion | null;
  readonly suites: readonly ComparedSuite[];
}

/** Reads and compares what was measured of the release's candidate, and of the release before. */
export async function compareRelease(app: App, release: ReleaseVersion): Promise<ComparedRelease> {
  const suites = Object.entries(app.loaded.train.final.performance);
  const candidate = finalSubject(await entriesOf(app, release), release)?.candidate ?? null;
  const previous = await releaseBefore(app, release);
  const compared = suites.map(async ([name, suite]): Promise<ComparedSuite> => {
    const baseline = suite.baseline ?? previous;
    if (candidate === null || baseline === null) return { name, suite, baseline, compared: null };
    return {
      name,
      suite,
      baseline,
      compared: await compareVersionsBy(app, { suite, before: baseline, after: candidate }),
    };
  });
  return { candidate, baseline: previous, suites: await Promise.all(compared) };
}
