import { neutral } from '../../domain/plain-text.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import { gridAsTable, gridColumns } from '../as-table.ts';
import { STATES, type Block, type GridCell, type State } from '../doc.ts';
import { mayBeFollowed, queryWith } from '../href.ts';
import { idOf } from '../identity.ts';
import { isListed } from '../view.ts';
import { icon } from './icon.tsx';
import { live, type Child, type Node, type Stage } from './stage.ts';
import { emptyOf, scrolling, tableOf } from './table.tsx';

type Grid = Extract<Block, { readonly kind: 'grid' }>;

interface Place {
  readonly grid: Grid;
  readonly row: string;
  readonly column: string;
}

function cellId({ grid, row, column }: Place): string {
  return idOf('g', grid.id, row, column);
}

function face(cell: GridCell): Child {
  return cell.text === undefined ? icon(cell.state) : [<span class={`t t-${cell.state}`}>{neutral(cell.text)}</span>];
}

function cellOf(cell: GridCell, place: Place, stage: Stage): Node {
  const name = neutral(cell.name);
  const id = cellId(place);
  return live(stage, id, () =>
    cell.href === undefined || !mayBeFollowed(cell.href) ? (
      <td id={id} role="gridcell" class={`c c-${cell.state}`} aria-label={name}>
        {face(cell)}
      </td>
    ) : (
      <td id={id} role="gridcell" class={`c c-${cell.state}`}>
        <a href={cell.href} aria-label={name}>
          {face(cell)}
        </a>
      </td>
    ),
  );
}

function heads(grid: Grid): Node {
  return (
    <thead>
      <tr>
        <td></td>
        {grid.heads.map((head) => (
          <th scope="colgroup" colspan={head.columns.length}>
            {neutral(head.name)}
          </th>
        ))}
      </tr>
      <tr>
        <td></td>
        {grid.heads.flatMap((head) =>
          head.columns.map((column, index) => (
            <th scope="col" class={index === 0 ? 'first' : undefined}>
              {neutral(column)}
            </th>
          )),
        )}
      </tr>
    </thead>
  );
}

/** Every state that is in the grid, with its shape, its word and how often. */
function legend(grid: Grid, stage: Stage): Node {
  const counts = new Map<State, number>();
  for (const cell of grid.rows.flatMap((row) => row.cells)) counts.set(cell.state, (counts.get(cell.state) ?? 0) + 1);
  const id = idOf('g', grid.id, 'legend');
  return live(stage, id, () => (
    <ul id={id} class="legend" aria-label={`States in ${neutral(grid.caption)}`}>
      {STATES.filter((state) => counts.has(state)).map((state) => (
        <li class={`st st-${state}`}>
          {icon(state)}
          <span class="w">
            {counts.get(state)} {STATE_WORDS[state].word}
          </span>
        </li>
      ))}
    </ul>
  ));
}

function switcher(listed: boolean, stage: Stage): Node {
  return (
    <p class="views">
      <a href={queryWith(stage.room.query, { view: null })} aria-current={listed ? undefined : 'true'}>
        Grid
      </a>
      <a href={queryWith(stage.room.query, { view: 'list' })} aria-current={listed ? 'true' : undefined}>
        List
      </a>
    </p>
  );
}

export function gridOf(grid: Grid, stage: Stage): Node {
  if (grid.rows.every((row) => row.cells.length === 0)) return emptyOf(idOf('g', grid.id, 'empty'), grid, stage);
  if (isListed(stage.room.query)) {
    return (
      <div class="viewed">
        {switcher(true, stage)}
        {tableOf(gridAsTable(grid), stage)}
      </div>
    );
  }
  const captionId = idOf('g', grid.id, 'caption');
  const columns = gridColumns(grid);
  return (
    <div class="viewed">
      {switcher(false, stage)}
      {legend(grid, stage)}
      {scrolling(
        captionId,
        <table id={idOf('g', grid.id)} class="grid" role="grid" aria-labelledby={captionId} aria-readonly="true">
          <caption id={captionId}>{neutral(grid.caption)}</caption>
          {heads(grid)}
          <tbody>
            {grid.rows.map((row) => (
              <tr>
                <th scope="row">{neutral(row.name)}</th>
                {row.cells.map((cell, index) =>
                  cellOf(cell, { grid, row: row.name, column: columns[index] ?? String(index) }, stage),
                )}
              </tr>
            ))}
          </tbody>
        </table>,
      )}
      <p class="reads js" aria-hidden="true" data-reads={idOf('g', grid.id)}></p>
    </div>
  );
}
