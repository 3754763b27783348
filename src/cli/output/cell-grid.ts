import type { Cell } from '../../domain/artifact.ts';
import { shortName } from '../../domain/expected/short-name.ts';
import type { Train } from '../../domain/train/train.ts';
import { BLANK, line, lineColumns, padLine, span, type Line, type Span } from './line.ts';

/** One cell of a grid, shown as one letter or shape. */
export interface GridCell {
  readonly cell: Pick<Cell, 'platform' | 'accelerator' | 'python'>;
  readonly mark: Span;
}

interface Column {
  readonly platform: string;
  readonly accelerator: string;
}

/** Cells as a grid: a row for each Python, columns for the accelerators of each platform; in several grids where the width asks for it. */
export function cellGrid(
  cells: readonly GridCell[],
  { platforms }: Train['artifacts'],
  width: number,
): readonly Line[] {
  const pythons = unique(cells.map(({ cell }) => cell.python ?? ANY));
  const accelerators = unique(cells.map(({ cell }) => cell.accelerator ?? ANY));
  const labels = new Map(accelerators.map((name) => [name, shortName(name, accelerators)]));
  const marks = new Map(cells.map(({ cell, mark }) => [placeOf(columnOf(cell), cell.python ?? ANY), mark]));
  const blocks = unique(cells.map(({ cell }) => cell.platform ?? ANY)).map((platform) => {
    const columns = unique(
      cells.filter(({ cell }) => (cell.platform ?? ANY) === platform).map(({ cell }) => cell.accelerator ?? ANY),
    );
    return blockOf({ platform, title: platforms[platform]?.short ?? platform, columns, labels, pythons, marks });
  });
  const side = [BLANK, BLANK, ...pythons.map((python) => line(`  ${python}`))];
  return inRows(blocks, width - widthOf(side) - GAP).flatMap((row, index) => [
    ...(index === 0 ? [] : [BLANK]),
    ...beside([side, ...row]),
  ]);
}

const ANY = 'any';
const GAP = 2;

function columnOf(cell: GridCell['cell']): Column {
  return { platform: cell.platform ?? ANY, accelerator: cell.accelerator ?? ANY };
}

function placeOf({ platform, accelerator }: Column, python: string): string {
  return `${platform} ${accelerator} ${python}`;
}

interface Block {
  readonly platform: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly pythons: readonly string[];
  readonly marks: ReadonlyMap<string, Span>;
}

/** The columns of a platform, its name above. */
function blockOf({ platform, title, columns, labels, pythons, marks }: Block): readonly Line[] {
  const widths = columns.map((accelerator) => (labels.get(accelerator) ?? accelerator).length);
  const row = (parts: readonly Line[]): Line =>
    parts.flatMap((part, index) =>
      padLine([...(index === 0 ? [] : [span(' ')]), ...part], (widths[index] ?? 0) + (index === 0 ? 0 : 1)),
    );
  return [
    line(span(title, 'strong')),
    row(columns.map((accelerator) => line(span(labels.get(accelerator) ?? accelerator, 'mute')))),
    ...pythons.map((python) =>
      row(
        columns.map((accelerator, index) => {
          const mark = marks.get(placeOf({ platform, accelerator }, python)) ?? span(' ');
          return [span(' '.repeat(Math.floor(((widths[index] ?? 1) - 1) / 2))), mark];
        }),
      ),
    ),
  ];
}

/** As many blocks beside each other as fit; one that is too wide alone stands alone. */
function inRows(blocks: readonly (readonly Line[])[], width: number): readonly (readonly (readonly Line[])[])[] {
  const rows: (readonly Line[])[][] = [];
  let used = 0;
  for (const block of blocks) {
    const last = rows.at(-1);
    const needs = widthOf(block) + GAP;
    if (last === undefined || used + needs > width + GAP) {
      rows.push([block]);
      used = needs;
    } else {
      last.push(block);
      used += needs;
    }
  }
  return rows;
}

function beside(blocks: readonly (readonly Line[])[]): readonly Line[] {
  const widths = blocks.map(widthOf);
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap((block, index) => {
      const isLast = index === blocks.length - 1;
      const here = block[row] ?? BLANK;
      return isLast ? here : [...padLine(here, widths[index] ?? 0), span(' '.repeat(GAP))];
    }),
  );
}

function widthOf(block: readonly Line[]): number {
  return Math.max(0, ...block.map(lineColumns));
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
