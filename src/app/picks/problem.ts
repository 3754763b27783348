import { explain, type PickProblem } from '../../process/06-cherry-pick/index.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';

/** Refuses with what the stage says. */
export function refuseByPicks(problems: readonly [PickProblem, ...PickProblem[]]): {
  readonly ok: false;
  readonly problems: readonly [AppProblem, ...AppProblem[]];
} {
  return refuseWith(problems, { explain, kindOf });
}

const KINDS: Readonly<Record<PickProblem['code'], ProblemKind>> = {
  'branch-not-live': 'usage',
  'branch-missing': 'usage',
  'cannot-read': 'no-data',
  'not-a-pull-request': 'usage',
  'not-merged-yet': 'refused',
  'closed-unmerged': 'refused',
  'merged-elsewhere': 'refused',
  'not-allowed': 'not-allowed',
  'unknown-class': 'usage',
  'class-not-in-phase': 'refused',
  'window-closed': 'refused',
  'issue-required': 'usage',
  'issue-not-a-link': 'usage',
  'issue-missing': 'usage',
  'evidence-required': 'refused',
  'already-there': 'refused',
  'reverted-on-main': 'refused',
  conflict: 'conflict',
  'regeneration-failed': 'conflict',
  'cannot-be-picked': 'refused',
  'symbolic-link': 'refused',
  'undoes-release-only': 'refused',
  'branch-taken': 'conflict',
  'pick-closed': 'refused',
  'refused-before': 'refused',
  'not-a-release-manager': 'not-allowed',
  'own-change': 'not-allowed',
  'no-such-pick': 'usage',
  'nothing-to-approve': 'refused',
  'already-decided': 'refused',
  'not-yours-to-withdraw': 'not-allowed',
  'dispensation-impossible': 'refused',
};

function kindOf({ code }: PickProblem): ProblemKind {
  return KINDS[code];
}
