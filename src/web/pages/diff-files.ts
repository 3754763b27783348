import type { DiffView } from '../../api/views/diff.ts';
import { sizeText } from '../../domain/size.ts';
import { many } from '../../domain/words.ts';
import type { Block, Row } from '../doc.ts';
import { cut } from './pick-parts.ts';

const MOST = 40;

/** Files that came, went and changed by cell, with sizes; and requirements that changed, among them the pins of other packages. */
export function filesBlocks({ files, from, to }: DiffView): readonly Block[] {
  if (!files.known) {
    const text = `Files and requirements of ${from} and ${to} cannot be compared: ${files.reason}`;
    return [{ kind: 'notice', tone: 'info', text }];
  }
  const { added, removed, changed, same, requirements } = files;
  const byChange = changed.toSorted(
    (left, right) => Math.abs(right.after - right.before) - Math.abs(left.after - left.before),
  );
  const rows: readonly Row[] = [
    ...removed.map(({ cell, size }) => ({ key: `-${cell}`, cells: [cell, 'gone', sizeText(size), '', ''] })),
    ...added.map(({ cell, size }) => ({ key: `+${cell}`, cells: [cell, 'new', '', sizeText(size), ''] })),
    ...byChange.map(({ cell, before, after }) => ({
      key: `~${cell}`,
      cells: [cell, 'changed', sizeText(before), sizeText(after), shareText(before, after)],
    })),
  ];
  return [
    {
      kind: 'table',
      id: 'files',
      caption: `Files: ${added.length} new, ${removed.length} gone, ${changed.length} changed, ${same} the same${rows.length > MOST ? `; the ${MOST} that changed most` : ''}`,
      columns: [
        { key: 'cell', name: 'Cell', mono: true },
        { key: 'what', name: 'What' },
        { key: 'before', name: 'Before', align: 'right' },
        { key: 'after', name: 'After', align: 'right' },
        { key: 'share', name: 'By', align: 'right' },
      ],
      groups: [{ name: null, rows: rows.slice(0, MOST) }],
      empty: `All ${same} files are the same.`,
    },
    {
      kind: 'table',
      id: 'requirements',
      caption: 'Requirements of the wheels, pins of other packages among them',
      columns: [
        { key: 'change', name: 'Change' },
        { key: 'requirement', name: 'Requirement', mono: true },
        { key: 'cells', name: 'In', align: 'right' },
      ],
      groups: [
        {
          name: null,
          rows: requirements.map(({ requirement, change, cells }) => ({
            key: `${change}-${requirement}`,
            cells: [change, cut(requirement, 200), many(cells, 'file')],
          })),
        },
      ],
      empty: 'No wheel requires anything else than before.',
    },
  ];
}

/** `+1.6 %`. */
function shareText(before: number, after: number): string {
  const share = ((after - before) / before) * 100;
  return `${share > 0 ? '+' : ''}${share.toFixed(1)} %`;
}
