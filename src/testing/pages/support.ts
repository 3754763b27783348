/** A made-up support matrix. */
import type { Doc, Row, State } from '../../web/doc.ts';

function line(name: string, state: State, word: string, rest: readonly string[]): Row {
  return { key: name, cells: [name, { kind: 'state', state, word }, ...rest] };
}

export function support(): Doc {
  return {
    title: 'Support, train',
    heading: 'Support',
    lead: '2 findings of policy',
    tab: 'support',
    release: null,
    command: 'signalbox support show',
    blocks: [
      {
        kind: 'table',
        id: 'lines',
        caption: 'What each line supports',
        empty: 'No lines.',
        columns: ['Line', 'State', 'Python', 'CUDA', 'ROCm', 'C++'].map((name) => ({ key: name, name })),
        groups: [
          {
            name: null,
            rows: [
              line('2.9', 'queued', 'planned', ['3.10 to 3.14', '12.6 12.8 13.0', '6.4 7.0', '17']),
              line('2.8', 'running', 'in candidates', ['3.9 to 3.13', '12.6 12.8 12.9', '6.3 6.4', '17']),
              line('2.7', 'pass', 'patches', ['3.9 to 3.13', '11.8 12.6 12.8', '6.3', '17']),
              line('2.6', 'skipped', 'ended', ['3.9 to 3.13', '11.8 12.4 12.6', '6.2.4', '17']),
            ],
          },
        ],
      },
      {
        kind: 'notice',
        tone: 'warn',
        text: 'Python 3.9 ends in October 2025: drop it from 2.9.',
        next: ['Rule ', { kind: 'code', text: 'python-eol' }],
      },
    ],
  };
}
