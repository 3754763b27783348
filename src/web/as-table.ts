/** Boards and grids as plain tables: for long ones, for readers who want one, for plain text. */
import type { Block, Rich } from './doc.ts';
import { partsOf } from './words.ts';

type Table = Extract<Block, { readonly kind: 'table' }>;
type Board = Extract<Block, { readonly kind: 'board' }>;
type Grid = Extract<Block, { readonly kind: 'grid' }>;

/** The columns of a grid with the names of their groups. */
export function gridColumns(grid: Grid): readonly string[] {
  return grid.heads.flatMap((head) => head.columns.map((column) => `${head.name}.${column}`));
}

/** The lines of a card one after another, for the table. */
function joined(lines: readonly Rich[]): Rich {
  return lines.flatMap((line, index) => (index === 0 ? partsOf(line) : [', ', ...partsOf(line)]));
}

/** The same cards as a table. */
export function boardAsTable(board: Board): Table {
  return {
    kind: 'table',
    id: board.id,
    caption: board.caption,
    empty: board.empty,
    columns: [
      { key: 'card', name: 'What' },
      { key: 'lines', name: 'About' },
    ],
    groups: board.columns.map((column) => ({
      name: column.name,
      rows: column.cards.map((card) => ({
        key: card.key,
        href: card.href,
        cells: [card.title, joined(card.lines)],
        ...(card.actions === undefined ? {} : { actions: card.actions }),
      })),
    })),
  };
}

/** The same cells as a plain table. */
export function gridAsTable(grid: Grid): Table {
  const columns = gridColumns(grid);
  return {
    kind: 'table',
    id: grid.id,
    caption: grid.caption,
    empty: grid.empty,
    columns: [
      { key: 'cell', name: 'Cell' },
      { key: 'state', name: 'State' },
    ],
    groups: grid.rows.map((row) => ({
      name: row.name,
      rows: row.cells.map((cell, index) => ({
        key: `${row.name} ${columns[index] ?? index}`,
        ...(cell.href === undefined ? {} : { href: cell.href }),
        cells: [
          cell.name,
          [{ kind: 'state', state: cell.state } as const, ...(cell.text === undefined ? [] : [` ${cell.text}`])],
        ],
      })),
    })),
  };
}
