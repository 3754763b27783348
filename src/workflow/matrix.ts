import { isExpression, isList, isRecord, type WorkflowRecord } from './value.ts';
import type { WorkflowValue } from './workflow.ts';

/** Values of one job of a matrix. */
export type MatrixRow = WorkflowRecord;

/** The jobs of a matrix; or the expression that makes it when it runs, so that nobody can know it before. */
export type ExpandedMatrix =
  | { readonly known: true; readonly rows: readonly MatrixRow[] }
  | { readonly known: false; readonly expression: string }
  /** What is no matrix: a sentence without its subject. */
  | { readonly known: null; readonly wrong: string };

/** GitHub makes no more jobs of one matrix in one run. */
const MOST_ROWS = 256;

/** The same for GitHub: it compares numbers, texts and lists by what they say. */
function isSame(left: WorkflowValue, right: WorkflowValue): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/**
 * Expands `strategy.matrix` as GitHub documents it: every combination of the lists, without those that an `exclude` fits (all of its keys are equal), and each
 * `include` added to every combination of which it overwrites no value of the lists; where there is none it is a job of its own. No matrix is one job.
 */
export function expandMatrix(matrix: WorkflowValue): ExpandedMatrix {
  if (matrix === null) return { known: true, rows: [{}] };
  if (isExpression(matrix)) return { known: false, expression: matrix };
  if (!isRecord(matrix)) return { known: null, wrong: 'its matrix holds no lists' };
  const { include = [], exclude = [], ...axes } = matrix;
  for (const part of [include, exclude, ...Object.values(axes)])
    if (isExpression(part)) return { known: false, expression: part };
  const lists: (readonly [string, readonly WorkflowValue[]])[] = [];
  for (const [key, values] of Object.entries(axes)) {
    if (!isList(values)) return { known: null, wrong: `matrix.${key} is no list` };
    if (values.length === 0) return { known: null, wrong: `matrix.${key} is empty` };
    lists.push([key, values]);
  }
  const count = lists.reduce((product, [, values]) => product * values.length, lists.length === 0 ? 0 : 1);
  if (count > MOST_ROWS * 16)
    return { known: null, wrong: `its matrix has ${count} combinations; GitHub makes ${MOST_ROWS} jobs at most` };
  const added = recordsOf(include);
  const left = recordsOf(exclude);
  if (added === null) return { known: null, wrong: 'matrix.include is no list of values' };
  if (left === null) return { known: null, wrong: 'matrix.exclude is no list of values' };
  const rows = withIncluded(combinations(lists), left, added);
  if (rows.length === 0) return { known: null, wrong: 'its matrix has no jobs' };
  return rows.length > MOST_ROWS
    ? { known: null, wrong: `its matrix has ${rows.length} jobs; GitHub makes ${MOST_ROWS} at most` }
    : { known: true, rows };
}

function recordsOf(value: WorkflowValue): readonly MatrixRow[] | null {
  return isList(value) && value.every(isRecord) ? value : null;
}

function combinations(lists: readonly (readonly [string, readonly WorkflowValue[]])[]): readonly MatrixRow[] {
  if (lists.length === 0) return [];
  return lists.reduce<readonly MatrixRow[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}

function withIncluded(
  all: readonly MatrixRow[],
  left: readonly MatrixRow[],
  added: readonly MatrixRow[],
): readonly MatrixRow[] {
  const fits = (row: MatrixRow, rule: MatrixRow): boolean =>
    Object.entries(rule).every(([key, value]) => Object.hasOwn(row, key) && isSame(row[key] ?? null, value));
  const original = all.filter((row) => !left.some((rule) => fits(row, rule)));
  const rows: MatrixRow[] = [...original];
  const alone: MatrixRow[] = [];
  for (const more of added) {
    const places = original.flatMap((row, index) =>
      Object.entries(more).every(([key, value]) => !Object.hasOwn(row, key) || isSame(row[key] ?? null, value))
        ? [index]
        : [],
    );
    if (places.length === 0) alone.push(more);
    for (const index of places) rows[index] = { ...rows[index], ...more };
  }
  return [...rows, ...alone];
}
