import type { Train } from '../domain/train/train.ts';
import { smallTrain } from './small-train.ts';

const every = ['regression', 'critical', 'fixnewfeature', 'docs', 'release'] as const;

/** The small train with the seed's rules for picks: five classes, two phases and a closed one, patches with evidence and a final deadline. */
export function pickTrain(
  picks: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
  repos: Record<string, Record<string, unknown>> = {},
): Train {
  return smallTrain(repos, {
    picks: {
      bot: 'pytorchbot',
      otherNames: ['pytorchmergebot', 'acmebot'],
      othersCommands: ['merge', 'revert'],
      classes: {
        regression: { title: 'Regression', criterion: 'Fixes a regression.', issue: 'required' },
        critical: { title: 'Critical fix', criterion: 'Low-risk fix of something critical.', issue: 'required' },
        fixnewfeature: { title: 'Fix to a new feature', criterion: 'Fixes a new feature.', issue: 'required' },
        docs: { title: 'Documentation', criterion: 'Improves documentation.', issue: 'not-needed' },
        release: { title: 'Release branch', criterion: 'Only for the branch.', issue: 'not-needed' },
      },
      phases: [
        { id: 'phase-1', title: 'Phase 1', releases: 'minor', classes: every, until: 'M3.1' },
        {
          id: 'phase-2',
          title: 'Phase 2',
          releases: 'minor',
          classes: ['regression', 'critical', 'release'],
          until: 'M4',
        },
        { id: 'closed', title: 'Closed', releases: 'minor', classes: [] },
        {
          id: 'patch',
          title: 'Patch release',
          releases: 'patch',
          classes: every,
          until: 'P1',
          evidence: 'high-priority-issue-or-ci-failure',
          late: 'final',
        },
        { id: 'patch-closed', title: 'Closed', releases: 'patch', classes: [], late: 'final' },
      ],
      ...picks,
    },
    ...rest,
  });
}
