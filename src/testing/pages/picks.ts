/** Made-up cherry-picks as a board. */
import { addSeconds } from '../../domain/instant.ts';
import type { Block, Doc } from '../../web/doc.ts';
import { NOW, WAIVE, action, day } from './parts.ts';

function pickCard(
  number: number,
  lane: string,
): Extract<Block, { readonly kind: 'board' }>['columns'][number]['cards'][number] {
  return {
    key: String(number),
    href: `/pr/pytorch/${number}`,
    title: `#${number}`,
    lines: [
      ['regression, critical, docs, fixnewfeature'.split(', ')[number % 4] ?? ''],
      ['fixes ', { kind: 'link', href: `https://example.org/issues/${number - 7}`, text: `#${number - 7}` }],
      [
        { kind: 'person', login: ['alice', 'bob', 'carol', 'dan'][number % 4] ?? '' },
        ' ',
        { kind: 'time', at: addSeconds(NOW, -(number % 90) * 4000), form: 'ago' },
      ],
    ],
    ...(lane === 'needs-you'
      ? { actions: [action(`approve-${number}`, 'Approve'), action(`refuse-${number}`, 'Refuse', WAIVE)] }
      : {}),
  };
}

export function picks(count = 21): Doc {
  const lanes = ['requested', 'needs-you', 'conflict', 'in-ci', 'landed', 'no'];
  const names = ['Requested', 'Needs you', 'Conflict', 'In CI', 'Landed', 'No'];
  return {
    title: 'Picks to release/2.8, train',
    heading: 'Picks to release/2.8',
    lead: [
      { kind: 'state', state: 'running', word: 'window open' },
      ' Phase 2, until 14 Jul 17:00 UTC, ',
      { kind: 'time', at: day(2), form: 'until' },
    ],
    tab: 'picks',
    release: '2.8.0',
    command: 'signalbox pick list 2.8',
    blocks: [
      {
        kind: 'filter',
        label: 'Show',
        fields: [
          { name: 'author', label: 'Author', kind: 'text' },
          {
            name: 'class',
            label: 'Class',
            kind: 'choice',
            choices: [
              { value: '', label: 'all' },
              { value: 'regression', label: 'regression' },
            ],
          },
        ],
      },
      {
        kind: 'board',
        id: 'picks',
        caption: 'Nominations by state',
        empty:
          'No picks requested for release/2.8. The window is open until 14 Jul 17:00 UTC. Ask with: @bot cherry-pick --onto release/2.8 -c regression',
        columns: lanes.map((lane, at) => ({
          key: lane,
          name: names[at] ?? lane,
          cards: Array.from({ length: count }, (_none, index) => index)
            .filter((index) => index % lanes.length === at)
            .map((index) => pickCard(158_000 + index * 13, lane)),
        })),
      },
    ],
  };
}
