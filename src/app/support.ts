import { refuse, succeed, type Result } from '../domain/result.ts';
import type { Train } from '../domain/train/train.ts';
import { dateOf } from '../domain/instant.ts';
import { Line, releaseOn } from '../domain/version.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import {
  type ExpectedChanges,
  expectedChanges,
  supportMatrix,
  type SupportMatrix,
  supportPolicy,
  type SupportPolicyView,
} from '../process/01-plan/index.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';

export { changeText, supportMarkdown, type SupportFinding, type SupportMatrix } from '../process/01-plan/index.ts';

/** The support matrix of one line, or of all that the train file knows. */
export function supportOf(train: Train, typed: string | null): Result<SupportMatrix, AppProblem> {
  if (typed === null) return succeed(supportMatrix(train.support));
  const line = Line.safeParse(typed.replace(/^(\d+\.\d+)\.\d+$/, '$1'));
  const known = Object.keys(train.support.lines).toReversed().join(', ');
  if (line.success && Object.hasOwn(train.support.lines, line.data))
    return succeed(supportMatrix(train.support, [line.data]));
  return refuse({
    kind: 'usage',
    code: 'line-unknown',
    text: `The support matrix has no line "${typed.slice(0, 60)}". It has: ${known === '' ? 'none' : known}.`,
  });
}

/** The policy of support judged for a line, and what the line is built for that the one before was not. */
export interface SupportCheck extends SupportPolicyView {
  /** Null where the train names no artifacts, or has no line before. */
  readonly changes: ExpectedChanges | null;
}

/** Judges the policy for one line, or for every line that is not out yet (the newest one where all are), newest first. */
export async function checkSupport(
  app: Pick<App, 'loaded' | 'clock' | 'pythonReleases'>,
  typed: string | null,
): Promise<Result<readonly SupportCheck[], AppProblem>> {
  const { train } = app.loaded;
  const asked = supportOf(train, typed);
  if (!asked.ok) return asked;
  const now = app.clock.now();
  const python = await app.pythonReleases();
  const all = asked.value.rows.flatMap(({ line }): readonly SupportCheck[] => {
    const view = supportPolicy(train, line, { python, now });
    if (view === null) return [];
    const expectation = expectedArtifacts(train, releaseOn(line, 0));
    return [{ ...view, changes: expectation.ok ? expectedChanges(train, expectation.value) : null }];
  });
  if (typed !== null) return succeed(all);
  const coming = all.filter(({ isPlanned, day }) => isPlanned && day >= dateOf(now));
  return succeed(coming.length > 0 ? coming : all.slice(0, 1));
}
