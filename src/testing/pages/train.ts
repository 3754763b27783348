/** A made-up overview of a train. */
import { STATES, type Doc } from '../../web/doc.ts';
import { GATE_COLUMNS, PHASES, action, day, gateRow, opened } from './parts.ts';

export function train(): Doc {
  return {
    title: '(2) 2.8.0 rc3 blocked, train',
    heading: '2.8.0',
    lead: ['Release candidates, rc2 of about 3. Release day ', { kind: 'time', at: day(18), form: 'date' }],
    tab: 'train',
    release: '2.8.0',
    command: 'signalbox status 2.8.0',
    blocks: [
      PHASES,
      {
        kind: 'section',
        id: 'blocking',
        heading: 'Blocking rc3',
        aside: [{ kind: 'strong', text: '2 need you today' }],
        blocks: [
          {
            kind: 'table',
            id: 'blockers',
            caption: 'Gates that keep rc3 from being tagged',
            columns: GATE_COLUMNS,
            empty: 'Nothing blocks rc3.',
            groups: [
              {
                name: null,
                rows: [
                  gateRow('docs-build', 'failing', 'no entry for 2.8 in pytorch/docs', opened('docs-build')),
                  gateRow('picks-reviewed', 'needs-you', '2 picks wait for a release manager'),
                  gateRow('ci-green vision', 'running', '37 of 40 jobs, 3 running'),
                ],
              },
            ],
          },
          {
            kind: 'actions',
            actions: [
              action('rc-cut', 'Plan rc3', { tells: 'Makes a plan; nothing is done before it is applied.' }),
              action('freeze', 'Freeze release', { barred: 'Needs role release-manager; ask @atalman, @malfet' }),
            ],
          },
        ],
      },
      {
        kind: 'section',
        id: 'repos',
        heading: 'Repositories',
        blocks: [
          {
            kind: 'table',
            id: 'repos',
            caption: 'Branches of the train',
            columns: [
              { key: 'repo', name: 'Repository' },
              { key: 'branch', name: 'Branch', mono: true },
              { key: 'rc', name: 'Last candidate', mono: true },
              { key: 'ci', name: 'CI' },
              { key: 'picks', name: 'Picks', align: 'right' },
              { key: 'owner', name: 'Owner' },
            ],
            empty: 'No repositories.',
            groups: [
              {
                name: null,
                rows: ['pytorch', 'vision', 'audio', 'executorch', 'torchtune', 'xla'].map((repo, index) => ({
                  key: repo,
                  href: `/repos/${repo}`,
                  cells: [
                    repo,
                    repo === 'vision' ? 'release/0.23' : 'release/2.8',
                    repo === 'audio' ? 'none yet' : 'v2.8.0-rc2',
                    { kind: 'state', state: STATES[[0, 2, 7, 0, 1, 3][index] ?? 0] ?? 'pass' },
                    String([21, 3, 0, 4, 1, 0][index]),
                    {
                      kind: 'person',
                      login:
                        ['atalman', 'nicolashug', 'pearu', 'mergennachin', 'joecummings', 'ysiraichi'][index] ?? '',
                    },
                  ],
                })),
              },
            ],
          },
        ],
      },
      {
        kind: 'section',
        id: 'also',
        heading: 'Also live',
        blocks: [
          {
            kind: 'list',
            items: [
              [{ kind: 'link', href: '/r/2.7.2', text: '2.7.2' }, ' triage, day 9 of 14'],
              [
                { kind: 'link', href: '/r/2.9.0', text: '2.9.0' },
                ' branch cut ',
                { kind: 'time', at: day(45), form: 'until' },
              ],
            ],
          },
        ],
      },
    ],
  };
}
