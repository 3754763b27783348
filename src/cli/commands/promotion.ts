import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON } from '../flags.ts';
import { CANDIDATE, RELEASE } from './arguments.ts';

const common = {
  group: 'ARTIFACTS AND PROMOTION',
  exits: ['blocked', 'not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
} as const;

/** Copies of candidates, and their way to everybody. */
export const PROMOTION: readonly CommandSpec[] = [
  {
    ...common,
    words: ['artifact', 'backup'],
    summary: 'copy a candidate into the backup, below its tag',
    detail:
      'Copies exactly the files that were recorded, inside the store where it can, each held to its digest. What is there already stays.',
    arguments: [CANDIDATE],
    flags: PLAN_FLAGS,
    examples: ['signalbox artifact backup 2.8.0-rc3'],
    load: () => import('./artifact-backup.ts'),
  },
  {
    ...common,
    words: ['artifact', 'restore'],
    summary: "bring a candidate's files back from the backup",
    detail:
      'Plans the way back of every recorded file, wheels, archives and conda packages, into the channel they were recorded in. Planning downloads nothing.',
    arguments: [CANDIDATE],
    flags: PLAN_FLAGS,
    examples: ['signalbox artifact restore 2.8.0-rc3 --dry-run'],
    load: () => import('./artifact-restore.ts'),
  },
  {
    ...common,
    words: ['artifact', 'repair'],
    summary: 'record the sha256 of files that were stored without',
    detail: 'Reads each of them whole; only what has the digest of the record gets it written beside it.',
    arguments: [CANDIDATE],
    flags: [
      { name: 'channel', value: 'NAME', summary: "channel of the train; the candidates' otherwise" },
      ...PLAN_FLAGS,
    ],
    examples: ['signalbox artifact repair 2.8.0-rc3 --channel stable'],
    load: () => import('./artifact-repair.ts'),
  },
  {
    ...common,
    words: ['promote', 'stage'],
    summary: 'copy to PyPI staging',
    detail:
      'Makes of each wheel that goes to the package index one without its local version. Every wheel is read once when it is planned, so that the plan says what comes out, byte for byte.',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox promote stage 2.8.0'],
    load: () => import('./promote-stage.ts'),
  },
  {
    ...common,
    words: ['promote', 'stable'],
    summary: 'step 1: object store and conda, can be restored',
    detail:
      'Copies exactly the files of the final candidate into the stable channels and their mirrors, then writes their indexes, then reads all of it as everybody does. Two other people approve it. What lies there with other bytes is never written over.',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox promote stable 2.8.0 --dry-run', 'signalbox promote stable 2.8.0'],
    load: () => import('./promote-stable.ts'),
  },
  {
    ...common,
    words: ['promote', 'pypi'],
    summary: 'step 2: PyPI, cannot be undone',
    detail:
      'Uploads the staged wheels one after the other, reads the index back, then sets the final tags and publishes the releases on the forge. Possible once step 1 was verified from outside. Two other people approve it, and the name of the release is typed.',
    arguments: [RELEASE],
    flags: PLAN_FLAGS,
    examples: ['signalbox promote pypi 2.8.0 --dry-run', 'signalbox promote pypi 2.8.0'],
    load: () => import('./promote-pypi.ts'),
  },
  {
    ...common,
    words: ['promote', 'yank'],
    summary: 'take a published release out of use on PyPI',
    detail: 'The only undo there is: installers no longer choose the version by themselves; its files and names stay.',
    arguments: [RELEASE],
    flags: [
      { name: 'package', value: 'NAME', many: true, summary: 'only this package' },
      { ...REASON, summary: 'why; shown to whoever installs it all the same' },
      ...PLAN_FLAGS,
    ],
    examples: ['signalbox promote yank 2.8.0 --reason "broken on aarch64"'],
    load: () => import('./promote-yank.ts'),
  },
];
