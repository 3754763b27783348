/** As much as pages have to hold (B14). */
import { STATES, type Doc } from '../../web/doc.ts';
import { cells } from './artifacts.ts';
import { gateRow, opened } from './parts.ts';
import { RELEASE_GATES } from './release.ts';
import { picks } from './picks.ts';

/** 300 gates, four packages of 152 cells, 500 picks on one page. */
export function large(turn = 0): Doc {
  return {
    title: 'Large',
    heading: 'A large page',
    tab: 'release',
    release: '2.8.0',
    command: 'signalbox status',
    blocks: [
      {
        ...RELEASE_GATES,
        groups: [
          {
            name: 'All',
            rows: Array.from({ length: 300 }, (_none, index) =>
              gateRow(
                `gate-${index}`,
                STATES[(index + turn) % STATES.length] ?? 'pass',
                `evidence ${index}, turn ${turn}`,
                index % 3 === 0 ? opened(`gate-${index}`) : {},
              ),
            ),
          },
        ],
      },
      ...['torch', 'vision', 'audio', 'torchtune'].map((name) => cells(name, turn)),
      ...picks(500).blocks,
    ],
  };
}
