import type { SupportView } from '../../api/views/support.ts';
import type { Block, Doc } from '../doc.ts';

/** The support matrix by line. */
export function supportDoc(view: SupportView): Doc {
  return {
    title: 'Support matrix',
    heading: 'Support matrix',
    lead: view.rows.length === 0 ? [] : `${view.rows.length} lines, newest first`,
    tab: 'support',
    release: null,
    command: 'signalbox support show',
    blocks: [
      matrixTable(view),
      {
        kind: 'paragraph',
        text: [
          'This is what the train file says. The policies of the matrix are not judged here yet; the form of the README is ',
          { kind: 'code', text: 'signalbox support show --markdown' },
          '.',
        ],
      },
    ],
  };
}

function matrixTable({ head, columns, rows }: SupportView): Block {
  return {
    kind: 'table',
    id: 'support',
    caption: 'What each line is built for',
    columns: [{ key: 'line', name: head }, ...columns.map(({ id, title }) => ({ key: id, name: title }))],
    groups: [
      {
        name: null,
        rows: rows.map(({ line, cells, excluded }) => ({
          key: line,
          cells: [line, ...cells],
          ...(excluded.length === 0
            ? {}
            : {
                details: [
                  {
                    kind: 'list' as const,
                    items: excluded.map(({ what, reason }) => [
                      { kind: 'state' as const, state: 'skipped' as const, word: 'not built' },
                      ` ${what}: ${reason}`,
                    ]),
                  },
                ],
              }),
        })),
      },
    ],
    empty: [
      'The train file has no support matrix. What it may say: ',
      { kind: 'code', text: 'signalbox config explain support' },
    ],
  };
}
