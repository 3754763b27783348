import { PLAN_FLAGS, REASON, YES } from '../flags.ts';
import { RELEASE } from './arguments.ts';
import type { CommandSpec } from '../command-spec.ts';

/** Between the last candidate and its promotion. */
export const FINALIZING: readonly CommandSpec[] = [
  {
    group: 'RELEASE',
    words: ['milestone', 'validate'],
    asks: false,
    summary: 'record that a closed issue was validated',
    detail:
      'Without ITEM it lists where every closed item of the milestone stands. People validate one by a comment in the form of the train (final.milestone), or it is recorded here, bound to the files of the candidate: another candidate that changes files of its repository asks again.',
    arguments: [
      RELEASE,
      { name: 'ITEM', summary: 'number in core, REPO#NUMBER, or address', kind: 'text', optional: true },
    ],
    flags: [
      { ...REASON, summary: 'what was seen, or why it needs none; kept in the log' },
      { name: 'not-needed', summary: 'decide that it needs no validation' },
      { name: 'revoke', summary: 'take back what was recorded' },
      YES,
    ],
    examples: ['signalbox milestone validate 2.8.1', 'signalbox milestone validate 2.8.1 157801 -m "ran the script"'],
    exits: ['blocked', 'not-allowed', 'refused', 'stale'],
    load: () => import('./milestone-validate.ts'),
  },
  {
    group: 'RELEASE',
    words: ['milestone', 'ask'],
    summary: 'ask authors once whether it works on the candidate',
    detail:
      'Plans a comment under every closed item of the milestone that nobody validated on the candidate. An author who was asked for this release is not asked again.',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox milestone ask 2.8.0 --dry-run'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'interrupted'],
    load: () => import('./milestone-ask.ts'),
  },
  {
    group: 'GATES',
    words: ['validation', 'open'],
    summary: 'open the issue in which a release is validated',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox validation open 2.8.0 --dry-run'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'stale', 'interrupted'],
    load: () => import('./validation-open.ts'),
  },
  {
    group: 'GATES',
    words: ['validation', 'sync'],
    summary: 'rewrite it: what was done by whom',
    detail:
      'Boxes are ticked with the names of those who say in a comment, in the form of the train (final.issue), that they have done an item on the candidate. What people wrote below its end stays.',
    arguments: [RELEASE],
    flags: [YES],
    examples: ['signalbox validation sync 2.8.0'],
    exits: ['refused', 'stale'],
    load: () => import('./validation-sync.ts'),
  },
  {
    group: 'GATES',
    words: ['perf', 'compare'],
    summary: 'benchmark results of two versions, noise told apart',
    detail:
      'A and B are versions, whose results lie where the train file says (final.performance), or two files (paths or addresses) in a shape of docs/performance.md, TorchBench or pytest-benchmark. Ends with 3 for a regression, and with 9 where it cannot be told.',
    arguments: [
      { name: 'A', summary: 'version or file before', kind: 'file' },
      { name: 'B', summary: 'version or file after', kind: 'file' },
    ],
    flags: [
      { name: 'suite', value: 'NAME', kind: 'text', summary: 'only this suite of the train' },
      { name: 'threshold', value: 'PERCENT', kind: 'text', summary: 'how much worse is a regression' },
      { name: 'repeats', value: 'N', kind: 'text', summary: 'repetitions that either needs' },
    ],
    examples: ['signalbox perf compare 2.7.1 2.8.0-rc3', 'signalbox perf compare old.json new.json'],
    exits: ['blocked', 'stale'],
    load: () => import('./perf-compare.ts'),
  },
];
