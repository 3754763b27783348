/** Every kind of block. */
import { STATES, type Doc } from '../../web/doc.ts';
import { artifacts, cells } from './artifacts.ts';
import { GATE_COLUMNS, PHASES, gateRow, opened } from './parts.ts';
import { picks } from './picks.ts';
import { release } from './release.ts';
import { calendar } from './calendar.ts';

/** Every kind of block, every state. */
export function kinds(turn = 0): Doc {
  return {
    title: `Kinds ${turn}`,
    heading: 'Every kind of block',
    lead: [{ kind: 'state', state: 'running' }, ` turn ${turn}`],
    tab: 'system',
    release: '2.8.0',
    command: 'signalbox doctor',
    blocks: [
      {
        kind: 'table',
        id: 'states',
        caption: 'The nine states',
        empty: 'None.',
        columns: GATE_COLUMNS,
        groups: [
          {
            name: 'All',
            rows: STATES.map((_state, index) =>
              gateRow(
                `gate-${index}`,
                STATES[(index + turn) % STATES.length] ?? 'pass',
                `evidence ${turn}`,
                opened(`gate-${index}`),
              ),
            ),
          },
        ],
      },
      {
        kind: 'section',
        id: 'rest',
        heading: 'The rest',
        aside: 'beside the heading',
        blocks: [
          {
            kind: 'paragraph',
            text: [
              'A paragraph with ',
              { kind: 'code', text: 'code' },
              ' and ',
              { kind: 'strong', text: 'weight' },
              '.',
            ],
          },
          { kind: 'list', items: ['one', ['two ', { kind: 'person', login: 'you-know' }]] },
          {
            kind: 'facts',
            rows: [
              { name: 'Branch', value: { kind: 'code', text: 'release/2.8' } },
              { name: 'Turn', value: String(turn) },
            ],
          },
          { kind: 'code', label: 'Log', text: 'line one\n\tline two\u001b[31m' },
          { kind: 'notice', tone: 'info', text: 'An info.' },
          { kind: 'notice', tone: 'warn', text: 'A warning.', next: 'Do this.' },
          {
            kind: 'notice',
            tone: 'error',
            text: 'Reading GitHub failed (error e12). Data of 13:40 is shown.',
            next: 'Tried again in 30 s.',
          },
          {
            kind: 'table',
            id: 'none',
            caption: 'Picks',
            columns: GATE_COLUMNS,
            groups: [],
            empty: 'No picks requested. The window is open until 14 Jul 17:00 UTC.',
          },
          PHASES,
          cells('torch', turn),
        ],
      },
      ...release().blocks.slice(2),
      ...picks(6).blocks,
      ...calendar().blocks.slice(0, 3),
      ...artifacts().blocks.slice(1),
    ],
  };
}
