import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON } from '../flags.ts';
import { RELEASE, RELEASE_OR_NEWEST } from './arguments.ts';

const PLAN_EXITS = [
  'not-allowed',
  'refused',
  'conflict',
  'partial',
  'running',
  'changes',
  'interrupted',
  'stale',
] as const;

/** Commands that propose changes of the train file. */
export const PLANNING: readonly CommandSpec[] = [
  {
    group: 'RELEASE',
    words: ['calendar', 'propose'],
    summary: 'dates of a new minor, by those of the one before',
    detail:
      'Counts from the cut before as far as cuts, releases and patches lay apart, in days where both ends are days and in months otherwise. All dates are tentative. Plans one pull request for the train file; where the train file does not say where it lies, the change is only shown.',
    arguments: [RELEASE],
    flags: [
      {
        name: 'from',
        value: 'REL',
        kind: 'release',
        summary: 'the minor to take distances from; the one before otherwise',
      },
      { name: 'cut', value: 'DATE', kind: 'text', summary: 'when it is cut, as 2026-03-16 or 2026-03' },
      ...PLAN_FLAGS,
    ],
    examples: [
      'signalbox calendar propose 2.9.0 --from 2.8.0 --dry-run',
      'signalbox calendar propose 2.9.0 --cut 2025-08',
    ],
    exits: PLAN_EXITS,
    load: () => import('./calendar-propose.ts'),
  },
  {
    group: 'RELEASE',
    words: ['calendar', 'move'],
    summary: 'move a date; old date, who and why are kept',
    detail:
      'Plans one pull request for the train file; where the train file does not say where it lies, the change is only shown. Deadlines that are counted from the date move with it.',
    arguments: [
      RELEASE,
      { name: 'MILESTONE', summary: 'cut, release, or a milestone on the day of one, as M6', kind: 'text' },
      { name: 'DATE', summary: 'the new date, as 2025-07-30 or 2025-07', kind: 'text' },
    ],
    flags: [REASON, { name: 'fixed', summary: 'the date is not tentative any more' }, ...PLAN_FLAGS],
    examples: [
      'signalbox calendar move 2.8.0 release 2025-08-06 -m "ROCm 6.4 blocker"',
      'signalbox calendar move 2.8.1 release 2025-09-10 --fixed -m "as scheduled"',
    ],
    exits: PLAN_EXITS,
    load: () => import('./calendar-move.ts'),
  },
  {
    group: 'PATCH AND SUPPORT',
    words: ['support', 'propose'],
    summary: 'the change that the policy asks of the matrix',
    detail:
      'Shows what each finding changes, the builds that come and go, where it is shown and who is to be told, and plans one pull request for the train file; where the train file does not say where it lies, the change is only shown.',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox support propose 2.9.0 --dry-run', 'signalbox support propose 2.9.0'],
    exits: ['blocked', ...PLAN_EXITS],
    load: () => import('./support-propose.ts'),
  },
  {
    group: 'PATCH AND SUPPORT',
    words: ['support', 'export'],
    summary: 'what goes together in a release, as JSON',
    detail:
      'Versions, companions, Pythons, platforms and accelerators of each package: of the recorded files of the candidate, or of the train file while none was recorded (docs/compatibility.md).',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox support export 2.8.0 > compatibility-2.8.0.json'],
    exits: [],
    load: () => import('./support-export.ts'),
  },
];
