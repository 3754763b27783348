import { columnsOf, padEnd, wrapText } from '../../domain/plain-text.ts';

const GAP = 2;
const LEAST = 6;

export interface TextColumn {
  readonly name: string;
  readonly align?: 'left' | 'right';
}

/** Widths so that the line fits: the widest gives way, one column at a time. A table of many columns may be wider than asked for. */
function widthsOf(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  room: number,
): readonly number[] {
  const widths = columns.map((column, index) =>
    Math.max(columnsOf(column.name), ...rows.map((cells) => columnsOf(cells[index] ?? ''))),
  );
  let over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - room;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

function aligned(text: string, column: TextColumn | undefined, width: number): string {
  return column?.align === 'right' ? ' '.repeat(Math.max(0, width - columnsOf(text))) + text : padEnd(text, width);
}

/** Cells that do not fit go on in further lines under themselves: nothing is cut. */
function lineOf(
  cells: readonly string[],
  columns: readonly TextColumn[],
  widths: readonly number[],
): readonly string[] {
  const wrapped = widths.map((width, index) => pieces(cells[index] ?? '', width));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_none, line) =>
    widths
      .map((width, index) => aligned(wrapped[index]?.[line] ?? '', columns[index], width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** Wrapped at blanks, and words that are longer than the column cut hard: `wrapText` knows no line below 8 columns. */
function pieces(text: string, width: number): readonly string[] {
  if (columnsOf(text) <= width) return [text];
  if (width >= 8) return wrapText(text, width);
  return Array.from({ length: Math.ceil(text.length / width) }, (_none, at) =>
    text.slice(at * width, (at + 1) * width).trim(),
  );
}

/** A table within a width, its columns' names first. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  room: number,
): readonly string[] {
  const widths = widthsOf(columns, rows, room);
  const names = columns.map((column) => column.name.toUpperCase());
  return [names, ...rows].flatMap((cells) => lineOf(cells, columns, widths));
}
