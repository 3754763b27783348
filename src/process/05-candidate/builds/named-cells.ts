import type { ExpectedCell } from '../../../domain/expected/expectation.ts';

/**
 * What is meant by a cell as people type it: its whole key, or words of it in any order, `cp313-linux-cu128` or `torch/3.13/cu128`. All that fit; of several
 * the caller chooses.
 */
export function namedCells<Value>(
  all: readonly Value[],
  typed: string,
  cellOf: (value: Value) => ExpectedCell,
): readonly Value[] {
  const exact = all.filter((value) => cellOf(value).key === typed);
  if (exact.length > 0) return exact;
  const words = wordsIn(typed);
  if (words.length === 0) return [];
  return all.filter((value) => {
    const expected = cellOf(value);
    const { python, repo } = expected.cell;
    const own = new Set([
      ...wordsIn(expected.key),
      repo.toLowerCase(),
      ...(python === null ? [] : [`cp${python.replaceAll('.', '')}`]),
    ]);
    return words.every((word) => own.has(word));
  });
}

function wordsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[/-]/)
    .filter((word) => word !== '');
}
