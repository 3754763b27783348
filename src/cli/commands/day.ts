import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON } from '../flags.ts';
import { RELEASE, RELEASE_OR_NEWEST } from './arguments.ts';

/** The day a release comes out. */
export const DAY: readonly CommandSpec[] = [
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['day', 'check'],
    summary: 'release-day list: what is done, by whom, what is next',
    detail:
      'Each step with its time, who answers for it, how it is undone, and where it can be seen. Steps of kind auto and gate are observed, manual ones are what somebody said.',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox day check 2.8.0'],
    exits: ['blocked', 'stale'],
    load: () => import('./day-check.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['day', 'run'],
    asks: false,
    summary: 'do the next step of the release day, or the one named',
    detail:
      'A step of kind auto makes its plan and carries it out, one of kind gate collects its evidence again, a manual one is said to be done. A step is refused while one before it is open.',
    arguments: [
      RELEASE,
      { name: 'STEP', summary: 'name or number of the step; the next one otherwise', kind: 'text', optional: true },
    ],
    flags: [
      { name: 'evidence', value: 'URL', summary: 'where it can be seen that a manual step is done' },
      { name: 'reopen', summary: 'take back that a manual step is done; needs a reason' },
      { ...REASON, summary: 'a note to a manual step, or why it is taken back; kept in the log' },
      ...PLAN_FLAGS,
    ],
    examples: ['signalbox day run 2.8.0', 'signalbox day run 2.8.0 blog --evidence https://example.com/blog/2-8'],
    exits: ['blocked', 'not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
    load: () => import('./day-run.ts'),
  },
];
