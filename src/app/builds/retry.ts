import type { Result } from '../../domain/result.ts';
import { candidateNumber, releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor } from '../../engine/fold-manifests.ts';
import {
  decideRetry,
  explainRetry,
  readBuilds,
  type RetryAnswer,
  type RetryProblem,
} from '../../process/05-candidate/builds/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { expectationOf } from './expected-cells.ts';

export interface RetryInput {
  readonly candidate: CandidateVersion;
  /** The cell whose job is started again, as it was typed; null for every failed job. */
  readonly only: string | null;
  readonly dryRun: boolean;
}

/** Plans that failed jobs of a candidate's builds are started again. Release managers may, and a repository's owners for their own. */
export async function retryBuilds(app: App, input: RetryInput): Promise<Result<Planned, AppProblem>> {
  const { candidate, only, dryRun } = input;
  const release = releaseOf(candidate);
  const { train, digest } = app.loaded;
  const now = app.clock.now();
  const [facts, manifests, author] = await Promise.all([
    readBuilds({ train, release, git: app.git, forge: app.forge, now, number: candidateNumber(candidate) }),
    entriesOf(app, release).then(foldManifests),
    app.who(),
  ]);
  const recorded = new Set((manifestFor(manifests, candidate)?.manifest.files ?? []).map(({ cell }) => cell));
  const expectation = expectationOf(app, release);
  const decided = decideRetry(facts, { train, trainDigest: digest, author, candidate, expectation, only, recorded });
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainRetry, kindOf });
  const begun = await planning(app, { dryRun, ...oneRepo(decided.value) });
  if (!begun.ok) return begun;
  return present(app, decided.value, { input: { dryRun }, gates: [], nothing: `No build of ${candidate} failed.` });
}

function oneRepo(answer: RetryAnswer): { readonly repo?: string } {
  const repos = answer.kind === 'plan' ? [...new Set(answer.plan.body.steps.map(({ repo }) => repo))] : [];
  const [repo, second] = repos;
  return repo === undefined || second !== undefined ? {} : { repo };
}

function kindOf({ code }: RetryProblem): ProblemKind {
  switch (code) {
    case 'cannot-read':
      return 'no-data';
    case 'no-candidate':
    case 'unknown-cell':
    case 'ambiguous-cell':
      return 'usage';
    case 'no-job':
    case 'not-failing':
    case 'run-not-over':
    case 'is-recorded':
      return 'refused';
  }
}
