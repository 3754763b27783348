import { explainEdge, type EdgeProblem } from '../../domain/edge.ts';
import type { AppProblem } from '../problem.ts';

/** As many as a person reads; the rest is counted. */
const SHOWN = 12;

/** Problems of edges as faces tell them: of each kind the first few in words, then how many more there are. */
export function edgeProblems(problems: readonly EdgeProblem[], of: string): readonly AppProblem[] {
  return [...Map.groupBy(problems, ({ code }) => code).values()].flatMap((some) => {
    const told = some.slice(0, SHOWN).map((problem) => appProblem(problem, explainEdge(problem, of)));
    const [first] = some;
    const more = some.length - SHOWN;
    return first === undefined || more <= 0 ? told : [...told, appProblem(first, `and ${more} more files like these`)];
  });
}

function appProblem({ code }: EdgeProblem, text: string): AppProblem {
  return { kind: code === 'edge-unproved' ? 'no-data' : 'conflict', code, text };
}
