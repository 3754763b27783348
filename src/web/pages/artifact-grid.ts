import type { ArtifactsView } from '../../api/views/artifacts.ts';
import { CELL_STATES } from '../../domain/cell-state.ts';
import type { Block, GridCell, PageRoom } from '../doc.ts';
import {
  addressWith,
  axesOf,
  cellName,
  cellsByPlace,
  isProblem,
  noCell,
  presentText,
  type Build,
} from './artifact-parts.ts';

/** One build as a grid: Pythons down, accelerators of each platform across. */
export function gridOf(build: Build, view: ArtifactsView, room: PageRoom): Block {
  const { heads, pythons, short } = axesOf(build, view);
  const at = cellsByPlace(build);
  const rows = pythons.map((python) => {
    const cells = heads.flatMap(({ platform, title, accelerators }) =>
      accelerators.map((accelerator): { readonly grid: GridCell; readonly wrong: boolean } => {
        const cell = at.cell(platform, accelerator, python);
        if (cell === undefined) {
          const skipped = at.skipped(platform, accelerator, python);
          const where = `${build.name}, Python ${python}, ${title}, ${accelerator}`;
          const grid = noCell(
            skipped === undefined
              ? `${where}: not built`
              : cellName(skipped, title, `not built, by policy: ${skipped.reason}`),
          );
          return { grid, wrong: false };
        }
        const { state, word } = CELL_STATES[cell.state];
        const name = cellName(cell, title, `${word}${cell.experimental ? ', experimental' : ''}`);
        return { grid: { state, name, href: addressWith(room, { cell: cell.key }, '#cell') }, wrong: isProblem(cell) };
      }),
    );
    return { name: python, cells: cells.map(({ grid }) => grid), wrong: cells.some(({ wrong }) => wrong) };
  });
  const isOnlyProblems = room.query['only'] === 'problems';
  return {
    kind: 'grid',
    id: `matrix-${build.name.replaceAll(' ', '-')}`,
    caption: `${build.name}: ${presentText(build.cells)} present`,
    heads: heads.map(({ title, accelerators }) => ({ name: title, columns: accelerators.map(short) })),
    rows: rows.filter(({ wrong }) => wrong || !isOnlyProblems).map(({ name, cells }) => ({ name, cells })),
    empty: isOnlyProblems
      ? [
          `All ${build.cells.length} files of ${build.name} are present. `,
          { kind: 'link', href: addressWith(room, { only: null }), text: 'Show them' },
        ]
      : `Nothing is built of ${build.name} on this line.`,
  };
}
