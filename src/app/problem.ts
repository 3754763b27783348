import { refuse } from '../domain/result.ts';

/** Which kind of "no" it is; faces turn the kind into an exit code or a status. */
export type ProblemKind =
  /** The command names something that is none, or leaves something out. */
  | 'usage'
  /** Gates block, or the answer to a question is no. */
  | 'gates-closed'
  | 'not-allowed'
  /** The policy says no, or it was not confirmed. */
  | 'refused'
  /** The world is not as planned: the plan is out of date, something stands in the way, somebody else is at it. */
  | 'conflict'
  /** What the answer rests on could not be read. */
  | 'no-data';

/** A "no" that a person can act on: what is wrong, with which thing, and what to do next. */
export interface AppProblem {
  readonly kind: ProblemKind;
  /** Stable, for scripts: `plan-expired`. */
  readonly code: string;
  readonly text: string;
}

/** Refuses with problems of a stage or of the engine, explained. */
export function refuseWith<Problem extends { readonly code: string }>(
  problems: readonly [Problem, ...Problem[]],
  words: { readonly explain: (problem: Problem) => string; readonly kindOf: (problem: Problem) => ProblemKind },
): { readonly ok: false; readonly problems: readonly [AppProblem, ...AppProblem[]] } {
  const [first, ...rest] = problems;
  const toApp = (problem: Problem): AppProblem => ({
    kind: words.kindOf(problem),
    code: problem.code,
    text: words.explain(problem),
  });
  return refuse(toApp(first), ...rest.map((problem) => toApp(problem)));
}
