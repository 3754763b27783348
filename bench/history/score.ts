import type { Truth } from './generate.ts';

/** One claim: this commit of the line is (also) that commit of main. */
export interface Claim {
  readonly line: string;
  readonly main: string;
}

/** How many claims are right, and how much of the truth they tell. */
export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly wrong: readonly Claim[];
  readonly missed: readonly Claim[];
}

/** Compares claims with the truth: a pair counts once, by any commit of its group. */
export function score(claims: readonly Claim[], truth: Truth): Score {
  const groups = new Map(truth.commits.map(({ id, mains }) => [id, mains]));
  const isRight = ({ line, main }: Claim): boolean => (groups.get(line) ?? []).some((group) => group.includes(main));
  const wrong = claims.filter((claim) => !isRight(claim));
  const pairs = truth.commits.flatMap(({ id, kind, mains }) =>
    kind === 'empty' ? [] : mains.map((group) => ({ id, group })),
  );
  const missed = pairs.filter(({ id, group }) => !claims.some(({ line, main }) => line === id && group.includes(main)));
  return {
    precision: claims.length === 0 ? 1 : 1 - wrong.length / claims.length,
    recall: 1 - missed.length / pairs.length,
    wrong,
    missed: missed.map(({ id, group }) => ({ line: id, main: group[0] ?? '' })),
  };
}
