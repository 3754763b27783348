import type { CandidateView, ViewedCell } from '../../app/artifacts/view.ts';
import { isOpen } from '../../domain/gate.ts';
import { sizeText } from '../../domain/size.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Room } from './answer.ts';
import { cellGrid } from './cell-grid.ts';
import { CELL_STATES } from '../../domain/cell-state.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

const LEGEND = line(
  shape('pass'),
  ' present  ',
  shape('failing'),
  ' wrong  ',
  shape('queued'),
  ' missing  ',
  shape('no-data'),
  ' not known  ',
  shape('skipped'),
  ' by policy',
);

/** A candidate's files in grids, one for each package and kind, and what is wrong with how to mend it. */
export function renderMatrix(view: CandidateView, train: Train, room: Room): readonly Line[] {
  const byBuild = Map.groupBy(view.cells, ({ expected: { cell } }) => buildOf(cell));
  const grids = [...byBuild].flatMap(([build, cells]) => {
    const columns = new Set(cells.map(({ expected: { cell } }) => `${cell.platform} ${cell.accelerator}`));
    const left = view.skipped.filter(
      ({ cell }) => buildOf(cell) === build && columns.has(`${cell.platform} ${cell.accelerator}`),
    );
    const grid = [
      ...cells.map(({ expected, state }) => ({ cell: expected.cell, mark: shape(CELL_STATES[state].state) })),
      ...left.map(({ cell }) => ({ cell, mark: shape('skipped') })),
    ];
    return [BLANK, line(`${build}: ${countOf(cells)}`), ...cellGrid(grid, train.artifacts, room.width)];
  });
  return [...headOf(view, train.product, room), ...grids, BLANK, LEGEND, ...wrongLines(view, room)];
}

function buildOf(cell: ViewedCell['expected']['cell']): string {
  return [cell.package, cell.kind, cell.variant ?? ''].join(' ').trim();
}

function countOf(cells: readonly ViewedCell[]): string {
  return `${cells.filter(({ state }) => state === 'present').length} of ${cells.length}`;
}

function headOf(
  { candidate, channel, from, cells, at, recorded }: CandidateView,
  product: string,
  room: Room,
): readonly Line[] {
  const where = from === 'channel' ? `at ${channel}` : 'as recorded';
  const head = line(span(`${product} ${candidate} ${where}: ${countOf(cells)} present`, 'strong'));
  return [
    ...(from === 'channel' ? spread(head, freshness(at, room.now), room.width) : [head]),
    line(
      recorded === null
        ? 'not recorded yet'
        : `recorded ${recorded.at} by @${recorded.by} as ${recorded.digest.slice(0, 19)}, digests ${recorded.proof === 'read' ? 'read' : 'as told by the store'}`,
    ),
  ];
}

function wrongLines({ gates, candidate, recorded, from }: CandidateView, room: Room): readonly Line[] {
  const closed = gates.filter((gate) => !isOpen(gate));
  const mend = closed.flatMap((gate) => [
    ...paragraph(line(shape(gate.verdict), ` ${gate.id}: ${gate.summary}`), room.width, 0, 2),
    ...gate.evidence.slice(0, MOST_EVIDENCE).flatMap(({ text }) => paragraph(line(text), room.width, 4, 2)),
    ...(gate.evidence.length > MOST_EVIDENCE
      ? [line(`    more: signalbox gate show ${candidate.replace(/-rc\d+$/u, '')} ${gate.id}`)]
      : []),
    ...(gate.fix === null ? [] : paragraph(line(`fix: ${gate.fix}`), room.width, 2, 2)),
  ]);
  const next =
    from === 'channel' && closed.length === 0 && recorded === null
      ? [line(`Every file is there. Record them: signalbox artifact record ${candidate}`)]
      : [];
  return [...mend, ...next];
}

const MOST_EVIDENCE = 8;

/** A candidate's files, one to a line. */
export function renderFiles(view: CandidateView, product: string, room: Room): readonly Line[] {
  const rows = view.cells.map(({ expected, state, key, size, digest }) => [
    line(shape(CELL_STATES[state].state), ` ${CELL_STATES[state].word}`),
    line(key ?? (expected.folder === '' ? expected.file : `${expected.folder}/${expected.file}`)),
    line(size === null ? '' : sizeText(size)),
    line(digest === null ? '' : digest.slice('sha256:'.length, 'sha256:'.length + 12)),
  ]);
  const columns = [
    { title: 'STATE', whole: true },
    { title: 'FILE' },
    { title: 'SIZE', whole: true, align: 'right' as const },
    { title: 'SHA256', whole: true, optional: true },
  ];
  return [...headOf(view, product, room), BLANK, ...table({ columns, rows, width: room.width })];
}
