import type { Expectation } from '../domain/expected/expectation.ts';
import { expectedArtifacts, explainExpectation, type ExpectationProblem } from '../domain/expected/expected.ts';
import type { CalendarDate } from '../domain/instant.ts';
import { succeed, type Result } from '../domain/result.ts';
import type { Train } from '../domain/train/train.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import {
  buildMatrix,
  expectedChanges,
  explainMatrix,
  imageMatrix,
  selectCells,
  type BuildRow,
  type CellChoice,
  type ExpectedChanges,
  type ImageRow,
} from '../process/01-plan/index.ts';
import { refuseWith, type AppProblem, type ProblemKind } from './problem.ts';

export type { BuildRow, CellChoice, ExpectedChanges, ImageRow } from '../process/01-plan/index.ts';

/** The expected files of a release, or the chosen ones, and how the whole differs from the release before. */
export interface ExpectedAnswer extends Expectation {
  readonly changes: ExpectedChanges | null;
}

const usage = (): ProblemKind => 'usage';

export function expectedOf(
  train: Train,
  release: ReleaseVersion,
  choice: CellChoice,
): Result<ExpectedAnswer, AppProblem> {
  const whole = expectationOf(train, release);
  if (!whole.ok) return whole;
  const chosen = selectCells(whole.value, choice);
  if (!chosen.ok) return refuseWith(chosen.problems, { explain: explainMatrix, kindOf: usage });
  return succeed({ ...whole.value, ...chosen.value, changes: expectedChanges(train, whole.value) });
}

/** Every file that a release must have. */
function expectationOf(train: Train, release: ReleaseVersion): Result<Expectation, AppProblem> {
  const whole = expectedArtifacts(train, release);
  if (whole.ok) return whole;
  return refuseWith<ExpectationProblem>(whole.problems, { explain: explainExpectation, kindOf: usage });
}

export interface BuildMatrixInput {
  readonly release: ReleaseVersion;
  readonly choice: CellChoice;
  readonly channel: string;
  /** Images made of the files, not the files. */
  readonly images: boolean;
  readonly day: CalendarDate;
}

/** The matrix from which CI builds what was chosen. */
export function buildMatrixOf(
  train: Train,
  { release, choice, channel, images, day }: BuildMatrixInput,
): Result<{ readonly include: readonly (BuildRow | ImageRow)[] }, AppProblem> {
  const whole = expectationOf(train, release);
  if (!whole.ok) return whole;
  const chosen = selectCells(whole.value, choice);
  if (!chosen.ok) return refuseWith(chosen.problems, { explain: explainMatrix, kindOf: usage });
  const request = {
    train,
    release,
    all: whole.value.cells,
    chosen: chosen.value.cells,
    kinds: choice.kinds,
    channel,
    day,
  };
  const matrix = images ? imageMatrix(request) : buildMatrix(request);
  return matrix.ok ? matrix : refuseWith(matrix.problems, { explain: explainMatrix, kindOf: usage });
}
