import { supportMarkdown, supportOf, type SupportMatrix } from '../../app/support.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';
import { documentAnswer } from './document.ts';

export async function run(session: Session): Promise<Answer> {
  const { train } = await loadedTrain(session);
  const matrix = valueOf(supportOf(train, session.argument('LINE')));
  if (session.flags.has('markdown') && !session.flags.has('json'))
    return documentAnswer('support', supportMarkdown(matrix));
  return {
    schema: 'support',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: matrix,
    records: matrix.rows.map((row) => [row.line, ...row.cells.map((cell) => cell.text)]),
    lines: (room) => render(matrix, room),
  };
}

/** A block for each line: its cells are too long to stand beside each other in 80 columns. */
function render(matrix: SupportMatrix, room: Room): readonly Line[] {
  if (matrix.rows.length === 0)
    return [line('The train file has no support matrix. See: signalbox config explain support')];
  const width = Math.max(...matrix.columns.map((column) => column.title.length)) + 2;
  return matrix.rows.flatMap((row, index) => [
    ...(index === 0 ? [] : [BLANK]),
    line(span(`${matrix.head} ${row.line}`, 'strong')),
    ...row.cells.flatMap((cell) => {
      const title = matrix.columns.find((column) => column.id === cell.column)?.title ?? cell.column;
      return cell.text === ''
        ? []
        : paragraph(line(`  ${title.padEnd(width)}${cell.text}`), room.width, 0, Math.min(width + 2, 24));
    }),
    ...row.excluded.flatMap((each) => {
      const what = [each.package, each.kind, each.accelerator, each.python, each.system, each.architecture]
        .filter((part) => part !== undefined)
        .join(' ');
      return paragraph(line('  ', shape('skipped'), ` not built: ${what} (${each.reason})`), room.width, 0, 4);
    }),
  ]);
}
