/** A made-up release with its gates. */
import type { Block, Doc } from '../../web/doc.ts';
import { GATE_COLUMNS, NOW, action, day, gateRow, opened } from './parts.ts';

export const RELEASE_GATES: Extract<Block, { readonly kind: 'table' }> = {
  kind: 'table',
  id: 'gates',
  caption: 'Gates of 2.8.0, before rc3',
  columns: GATE_COLUMNS,
  empty: 'No gates are set for this release. Add them to train.yaml.',
  groups: [
    {
      name: 'Health',
      rows: [
        gateRow('ci-green torch', 'pass', '412 of 412 jobs'),
        gateRow('ci-green vision', 'running', '37 of 40 jobs, 3 running'),
        gateRow('docs-build', 'failing', 'no entry for 2.8 in pytorch/docs', opened('docs-build')),
        gateRow('nightly-queue', 'queued', 'waits for a runner, linux.aws.a100'),
      ],
    },
    {
      name: 'Content',
      rows: [
        gateRow('milestone-open', 'pass', '0 open'),
        gateRow('milestone-in', 'failing', '2 of 61 not in the branch', opened('milestone-in')),
        gateRow('picks-reviewed', 'needs-you', '2 picks wait for a release manager', opened('picks-reviewed')),
        gateRow('reverts', 'pass', '0 missing'),
      ],
    },
    {
      name: 'Binaries',
      rows: [
        gateRow('validate', 'pass', 'run 9812, 148 of 148'),
        gateRow('pypi-size', 'no-data', 'last report 3 d ago, older than its budget of 1 d'),
        gateRow('perf-bench', 'waived', 'infra outage, @atalman, until 18 Jul', opened('perf-bench')),
        gateRow('conda', 'skipped', 'no conda packages since 2.6'),
        gateRow('pypi 2.7.1', 'permanent', '24 files, 28 Apr'),
      ],
    },
  ],
};

const BURN_DOWN: Block = {
  kind: 'picture',
  id: 'burn-down',
  caption:
    'What kept 2.8.0 back: gates that block the next step, picks that are open, and those of them that wait for a person',
  picture: {
    kind: 'steps',
    unit: '',
    series: [
      {
        name: 'Blocking gates',
        points: [7, 6, 6, 4, 5, 3].map((value, index) => ({ at: day(4 * index - 22), value })),
      },
      { name: 'Open picks', points: [0, 5, 11, 9, 6, 4].map((value, index) => ({ at: day(4 * index - 22), value })) },
      { name: 'Waiting picks', points: [0, 2, 6, 1, 3, 3].map((value, index) => ({ at: day(4 * index - 22), value })) },
    ],
    marks: [
      { name: 'Branch cut', at: day(-18) },
      { name: 'M3.1', at: day(-4) },
      { name: 'M4', at: day(9) },
      { name: 'M4.1', at: day(10) },
      { name: 'Release day', at: day(18) },
    ],
    now: NOW,
  },
};

export function release(): Doc {
  return {
    title: '2.8.0-rc2 not ready, train',
    heading: '2.8.0-rc2',
    lead: [
      { kind: 'state', state: 'failing', word: 'not ready' },
      ' 13 gates: 4 pass, 2 fail, 1 needs you. ',
      { kind: 'code', text: 'release/2.8 @ a1b2c3d' },
    ],
    tab: 'release',
    release: '2.8.0',
    command: 'signalbox gate list 2.8.0',
    blocks: [
      {
        kind: 'notice',
        tone: 'warn',
        text: 'PyPI sizes have not been reported for 3 d: no data counts as closed.',
        next: 'Run: signalbox doctor --sources',
      },
      RELEASE_GATES,
      BURN_DOWN,
      {
        kind: 'section',
        id: 'publish',
        heading: 'Publish',
        blocks: [
          {
            kind: 'actions',
            actions: [
              action('promote-pypi', 'Promote to PyPI', {
                undo: 'none',
                phrase: 'torch 2.8.0',
                tells: '24 files, 9.8 GB; afterwards only the whole release can be yanked.',
                command: 'signalbox promote pypi 2.8.0',
              }),
              action('promote-stable', 'Promote to stable', {
                undo: 'partial',
                tells: 'Copies 152 wheels within the store.',
              }),
            ],
          },
        ],
      },
    ],
  };
}
