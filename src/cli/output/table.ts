import { BLANK, fitLine, lineColumns, padLine, span, type Line } from './line.ts';
import { cutEnd, cutMiddle } from './text.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Never cut: an id that is not whole cannot be used. */
  readonly whole?: boolean;
  /** Holds sentences, which are cut at their ends; names are cut in the middle, since they differ at their ends. */
  readonly prose?: boolean;
  /** May be left out where the room is short; the last such column goes first. */
  readonly optional?: boolean;
  readonly align?: 'left' | 'right';
}

export interface TableShape {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Line[])[];
  readonly width: number;
  /** Blanks before each row. */
  readonly indent?: number;
}

const GAP = 2;
/** Below this a cut text says nothing, and an optional column goes instead. */
const LEAST = 8;

/** A table that fits its width: optional columns go, then texts are cut in the middle, ids never. */
export function table(shape: TableShape): readonly Line[] {
  const indent = shape.indent ?? 0;
  const room = shape.width - indent;
  let kept = shape.columns.map((_column, index) => index);
  let widths = fitWidths(shape, kept, room);
  while (widths === null) {
    const gone = kept.findLast((index) => shape.columns[index]?.optional === true);
    if (gone === undefined) break;
    kept = kept.filter((index) => index !== gone);
    widths = fitWidths(shape, kept, room);
  }
  const final = widths ?? kept.map((index) => naturalWidth(shape, index));
  const header = shape.columns.map((column) => [span(column.title, 'mute')]);
  const hasTitles = shape.columns.some((column) => column.title !== '');
  return [...(hasTitles ? [header] : []), ...shape.rows].map((cells) => {
    const parts = kept.flatMap((index, place) => {
      const isLast = place === kept.length - 1;
      const cell = alignCell(shape.columns[index], cells[index] ?? BLANK, final[place] ?? 0, isLast);
      return isLast ? cell : [...cell, span(' '.repeat(GAP))];
    });
    return [span(' '.repeat(indent)), ...parts];
  });
}

function alignCell(column: Column | undefined, cell: Line, width: number, isLast: boolean): Line {
  const fitted = column?.whole === true ? cell : fitLine(cell, width, column?.prose === true ? cutEnd : cutMiddle);
  if (column?.align === 'right') return [span(' '.repeat(Math.max(0, width - lineColumns(fitted)))), ...fitted];
  return isLast ? fitted : padLine(fitted, width);
}

function naturalWidth(shape: TableShape, index: number): number {
  const title = shape.columns[index]?.title.length ?? 0;
  return shape.rows.reduce((most, cells) => Math.max(most, lineColumns(cells[index] ?? BLANK)), title);
}

/** Widths of the kept columns, or null where they do not fit even when cut. */
function fitWidths(shape: TableShape, kept: readonly number[], room: number): readonly number[] | null {
  const widths = kept.map((index) => naturalWidth(shape, index));
  const gaps = GAP * (kept.length - 1);
  let over = widths.reduce((sum, width) => sum + width, gaps) - room;
  while (over > 0) {
    const place = widestThatGives(shape, kept, widths);
    if (place === null) return null;
    widths[place] = (widths[place] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

function widestThatGives(shape: TableShape, kept: readonly number[], widths: readonly number[]): number | null {
  let widest: number | null = null;
  for (const [place, index] of kept.entries()) {
    const column = shape.columns[index];
    const width = widths[place] ?? 0;
    if (column?.whole === true || width <= Math.max(LEAST, column?.title.length ?? 0)) continue;
    if (widest === null || width > (widths[widest] ?? 0)) widest = place;
  }
  return widest;
}
