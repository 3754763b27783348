import { columnsOf, neutral, padEnd, wrapText } from '../../domain/plain-text.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import { STATES, type Action, type Block, type PageRoom, type Row } from '../doc.ts';
import { boardAsTable, gridAsTable } from '../as-table.ts';
import { pictureData } from '../picture-data.ts';
import { isListed } from '../view.ts';
import { neutralLines, plainText, STATE_SIGNS } from '../words.ts';
import { linksOf } from './links.ts';
import { textTable } from './table.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { readonly kind: Kind }>;

export interface Paper {
  readonly room: PageRoom;
  readonly width: number;
}

function indented(lines: readonly string[], by = 2): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}

function narrower(paper: Paper, by = 2): Paper {
  return { ...paper, width: Math.max(24, paper.width - by) };
}

/** A first line after a sign, the rest under its text. */
function hung(sign: string, text: string, paper: Paper): readonly string[] {
  const lines = wrapText(text, paper.width - columnsOf(sign));
  return lines.map((line, index) => (index === 0 ? sign : ' '.repeat(columnsOf(sign))) + line);
}

/** What can be done, as the command that does it; what cannot is said with its reason. */
function actionLines(actions: readonly Action[], paper: Paper): readonly string[] {
  return actions.flatMap((action) => [
    `${neutral(action.label)}: ${neutral(action.command)}`,
    ...(action.barred === null ? [] : indented(wrapText(neutral(action.barred), paper.width - 2))),
    ...(action.undo === 'none' ? ['  Cannot be undone.'] : []),
  ]);
}

function rowMore(row: Row, paper: Paper): readonly string[] {
  const inner = narrower(paper, 4);
  const lines = [...blockLines(row.details ?? [], inner), ...actionLines(row.actions ?? [], inner)];
  return lines.length === 0 ? [] : indented(lines, 4);
}

function table(block: Of<'table'>, paper: Paper): readonly string[] {
  const rows = block.groups.flatMap((group) => group.rows);
  if (rows.length === 0)
    return [neutral(block.caption), ...indented(wrapText(plainText(block.empty, paper.room), paper.width - 2))];
  const columns = block.columns.map((column) => ({
    name: neutral(column.name),
    ...(column.align === undefined ? {} : { align: column.align }),
  }));
  const lines = block.groups.flatMap((group) => {
    if (group.rows.length === 0) return [];
    const cells = group.rows.map((row) => row.cells.map((cell) => plainText(cell, paper.room)));
    return [
      ...(group.name === null ? [] : [`${neutral(group.name)} (${group.rows.length})`]),
      ...indented(textTable(columns, cells, paper.width - 2)),
    ];
  });
  const more = rows.flatMap((row) => {
    const under = rowMore(row, paper);
    return under.length === 0 ? [] : [`  ${plainText(row.cells[0] ?? row.key, paper.room)}`, ...under];
  });
  return [`${neutral(block.caption)} (${rows.length})`, ...lines, ...(more.length === 0 ? [] : ['', ...more])];
}

function grid(block: Of<'grid'>, paper: Paper): readonly string[] {
  const names = block.heads.flatMap((head) => head.columns);
  if (isListed(paper.room.query) || block.rows.every((row) => row.cells.length === 0))
    return table(gridAsTable(block), paper);
  const sign = (cell: (typeof block.rows)[number]['cells'][number]): string =>
    neutral(cell.text ?? STATE_SIGNS[cell.state]);
  const wide = Math.max(...block.rows.map((row) => columnsOf(row.name)));
  const size = (column: number): number =>
    Math.max(
      columnsOf(names[column] ?? ''),
      ...block.rows.map((row) => columnsOf(sign(row.cells[column] ?? { state: 'skipped', name: '' }))),
    );
  const widths = names.map((_name, column) => size(column));
  const line = (name: string, cells: readonly string[]): string =>
    [padEnd(name, wide), ...cells.map((cell, index) => padEnd(cell, widths[index] ?? 0))].join(' ').trimEnd();
  const used = new Set(block.rows.flatMap((row) => row.cells.map((cell) => cell.state)));
  const troubled = block.rows
    .flatMap((row) => row.cells)
    .filter((cell) => cell.state === 'failing' || cell.state === 'no-data' || cell.state === 'needs-you');
  return [
    neutral(block.caption),
    ...hung(
      '  ',
      block.heads.map((head) => `${neutral(head.name)}: ${head.columns.map(neutral).join(' ')}`).join('; '),
      paper,
    ),
    ...indented([
      line('', names.map(neutral)),
      ...block.rows.map((row) => line(neutral(row.name), row.cells.map(sign))),
    ]),
    ...hung(
      '  ',
      STATES.filter((state) => used.has(state))
        .map((state) => `${STATE_SIGNS[state]} ${STATE_WORDS[state].word}`)
        .join('  '),
      paper,
    ),
    ...troubled.flatMap((cell) => hung(`  ${STATE_SIGNS[cell.state]} `, neutral(cell.name), paper)),
  ];
}

function picture(block: Of<'picture'>, paper: Paper): readonly string[] {
  const data = pictureData(block.picture, paper.room);
  const rows = data.rows.map((cells) => cells.map((cell) => plainText(cell, paper.room)));
  return [
    ...hung('', `${neutral(block.caption)}: ${data.says}`, paper),
    ...indented(
      textTable(
        data.columns.map((name) => ({ name: neutral(name) })),
        rows,
        paper.width - 2,
      ),
    ),
  ];
}

function facts(block: Of<'facts'>, paper: Paper): readonly string[] {
  const wide = Math.min(24, Math.max(0, ...block.rows.map((row) => columnsOf(neutral(row.name))))) + 2;
  return block.rows.flatMap((row) => hung(padEnd(neutral(row.name), wide), plainText(row.value, paper.room), paper));
}

const TONES = { info: '', warn: '! ', error: '✗ ' } as const;

function lines(block: Block, paper: Paper): readonly string[] {
  const { room, width } = paper;
  switch (block.kind) {
    case 'section':
      return [
        [neutral(block.heading), ...(block.aside === undefined ? [] : [plainText(block.aside, room)])].join('   '),
        ...indented(blockLines(block.blocks, narrower(paper))),
      ];
    case 'paragraph':
      return [...wrapText(plainText(block.text, room), width), ...linksOf(block.text)];
    case 'list':
      return block.items.flatMap((item) => [...hung('- ', plainText(item, room), paper), ...indented(linksOf(item))]);
    case 'facts':
      return facts(block, paper);
    case 'code':
      return [
        ...(block.label === undefined ? [] : [neutral(block.label)]),
        ...indented(neutralLines(block.text).split('\n'), 4),
      ];
    case 'notice':
      return [
        ...hung(TONES[block.tone], plainText(block.text, room), paper),
        ...(block.next === undefined ? [] : hung('  ', plainText(block.next, room), paper)),
      ];
    case 'table':
      return table(block, paper);
    case 'board':
      return table(boardAsTable(block), paper);
    case 'grid':
      return grid(block, paper);
    case 'phases':
      return block.steps.flatMap((step) =>
        hung(
          `${STATE_SIGNS[step.state]} `,
          `${neutral(step.name)}: ${STATE_WORDS[step.state].word}, ${neutral(step.text)}${step.current ? ' (now)' : ''}`,
          paper,
        ),
      );
    case 'picture':
      return picture(block, paper);
    case 'actions':
      return actionLines(block.actions, paper);
    case 'filter':
      return [];
  }
}

/** Blocks one under another, a blank line between. */
export function blockLines(blocks: readonly Block[], paper: Paper): readonly string[] {
  return blocks
    .map((block) => lines(block, paper))
    .filter((each) => each.length > 0)
    .flatMap((each, index) => (index === 0 ? each : ['', ...each]));
}
