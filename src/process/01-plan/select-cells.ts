import type { Expectation, SkippedCell } from '../../domain/expected/expectation.ts';
import { refuseOr, type Result } from '../../domain/result.ts';

/** Values of the dimensions that somebody asks for; an empty list asks for all. */
export interface CellChoice {
  readonly packages: readonly string[];
  readonly kinds: readonly string[];
  readonly platforms: readonly string[];
  /** Builds, cu126, or all builds of an accelerator, cuda. */
  readonly accelerators: readonly string[];
  /** Files that do not depend on the Python are for every one of them. */
  readonly pythons: readonly string[];
}

export type ChoiceProblem =
  | {
      readonly code: 'value-unknown';
      readonly dimension: 'package' | 'kind' | 'platform' | 'accelerator' | 'python';
      readonly said: string;
      readonly known: readonly string[];
    }
  | { readonly code: 'nothing-expected'; readonly reasons: readonly string[] };

/** The chosen part of an expectation. A value that the release does not know is a mistake, never an empty answer; so is a choice without a file. */
export function selectCells(
  expectation: Expectation,
  choice: CellChoice,
): Result<Pick<Expectation, 'cells' | 'skipped'>, ChoiceProblem> {
  const all = [...expectation.cells, ...expectation.skipped];
  const unknown = [
    ...strangers(
      'package',
      choice.packages,
      all.map(({ cell }) => cell.package),
    ),
    ...strangers(
      'kind',
      choice.kinds,
      all.map(({ cell }) => cell.kind),
    ),
    ...strangers(
      'platform',
      choice.platforms,
      all.map(({ cell }) => cell.platform),
    ),
    ...strangers('accelerator', choice.accelerators, [
      ...all.map(({ cell }) => cell.accelerator),
      ...all.map(({ accelerator }) => accelerator?.accelerator ?? null),
    ]),
    ...strangers(
      'python',
      choice.pythons,
      all.map(({ cell }) => cell.python),
    ),
  ];
  const cells = expectation.cells.filter((each) => fits(each, choice));
  const skipped = expectation.skipped.filter((each) => fits(each, choice));
  const reasons = [...new Set(skipped.map(({ rule }) => rule.reason))];
  const empty = cells.length === 0 ? [{ code: 'nothing-expected' as const, reasons }] : [];
  return refuseOr<Pick<Expectation, 'cells' | 'skipped'>, ChoiceProblem>(unknown.length > 0 ? unknown : empty, () => ({
    cells,
    skipped,
  }));
}

type Chosen = Pick<SkippedCell, 'cell' | 'accelerator'>;

function fits({ cell, accelerator }: Chosen, choice: CellChoice): boolean {
  const { packages, kinds, platforms, accelerators, pythons } = choice;
  return (
    isAsked(packages, [cell.package]) &&
    isAsked(kinds, [cell.kind]) &&
    (cell.platform === null || isAsked(platforms, [cell.platform])) &&
    (accelerator === null || isAsked(accelerators, [accelerator.name, accelerator.accelerator])) &&
    (cell.python === null || isAsked(pythons, [cell.python]))
  );
}

function isAsked(asked: readonly string[], values: readonly string[]): boolean {
  return asked.length === 0 || values.some((value) => asked.includes(value));
}

function strangers(
  dimension: Extract<ChoiceProblem, { code: 'value-unknown' }>['dimension'],
  asked: readonly string[],
  values: readonly (string | null)[],
): readonly ChoiceProblem[] {
  const known = [...new Set(values)].filter((value) => value !== null);
  return asked.flatMap((said) =>
    known.includes(said) ? [] : [{ code: 'value-unknown' as const, dimension, said, known }],
  );
}
