import { explain, type EngineProblem } from '../engine/problem.ts';
import { refuseWith, type AppProblem, type ProblemKind } from './problem.ts';

/** Refuses with what the engine says. */
export function refuseByEngine(problems: readonly [EngineProblem, ...EngineProblem[]]): {
  readonly ok: false;
  readonly problems: readonly [AppProblem, ...AppProblem[]];
} {
  return refuseWith(problems, { explain, kindOf });
}

function kindOf(problem: EngineProblem): ProblemKind {
  switch (problem.code) {
    case 'plan-unknown':
      return 'usage';
    case 'approver-is-author':
    case 'approver-without-role':
      return 'not-allowed';
    case 'gate-closed':
      return 'gates-closed';
    case 'plan-expired':
    case 'train-changed':
    case 'ref-moved':
    case 'files-changed':
    case 'final-changed':
    case 'held-by-other':
      return 'conflict';
    case 'plan-dropped':
    case 'plan-finished':
    case 'plan-begun':
    case 'abandoned':
    case 'train-frozen':
    case 'outside-window':
    case 'not-applied':
    case 'approvals-missing':
    case 'approval-twice':
    case 'approval-not-needed':
    case 'approval-none':
    case 'not-confirmed':
    case 'nothing-to-undo':
      return 'refused';
  }
}
