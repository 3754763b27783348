/** Grids: one stop for Tab, arrows inside (WAI-ARIA grid). */
import { all, through } from './find.ts';

/** What of a cell is focused: its link, else the cell. */
function stopOf(cell: HTMLElement): HTMLElement {
  return cell.querySelector('a') ?? cell;
}

function cellsOf(grid: Element): readonly (readonly HTMLElement[])[] {
  return all('tbody tr', grid).map((row) => all('[role=gridcell]', row));
}

/** Makes exactly one cell of each grid a stop of Tab: the one that was it, else the first. */
export function rove(): void {
  for (const grid of all('table.grid')) {
    const stops = all('[role=gridcell]', grid).map(stopOf);
    const current = stops.find((stop) => stop.getAttribute('tabindex') === '0') ?? stops[0];
    for (const stop of stops) {
      const wanted = stop === current ? '0' : '-1';
      if (stop.getAttribute('tabindex') !== wanted) stop.setAttribute('tabindex', wanted);
    }
  }
}

function placeOf(rows: readonly (readonly HTMLElement[])[], cell: HTMLElement): readonly [number, number] {
  const row = rows.findIndex((cells) => cells.includes(cell));
  return [row, rows[row]?.indexOf(cell) ?? -1];
}

/** Where a key leads from a cell; null where it is not a key of grids. */
function target(event: KeyboardEvent, cell: HTMLElement, grid: Element): HTMLElement | null | undefined {
  const rows = cellsOf(grid);
  const [row, column] = placeOf(rows, cell);
  const across = event.ctrlKey;
  switch (event.key) {
    case 'ArrowRight':
      return rows[row]?.[column + 1];
    case 'ArrowLeft':
      return rows[row]?.[column - 1];
    case 'ArrowDown':
      return rows[row + 1]?.[column];
    case 'ArrowUp':
      return rows[row - 1]?.[column];
    case 'Home':
      return across ? rows[0]?.[0] : rows[row]?.[0];
    case 'End':
      return across ? rows.at(-1)?.at(-1) : rows[row]?.at(-1);
    default:
      return null;
  }
}

function onKey(event: KeyboardEvent): void {
  const cell = through(event, '[role=gridcell]');
  const grid = cell?.closest('table.grid') ?? null;
  if (cell === null || grid === null) return;
  const next = target(event, cell, grid);
  if (next === null) return;
  event.preventDefault();
  if (next !== undefined) stopOf(next).focus();
}

function onFocus(event: FocusEvent): void {
  const cell = through(event, '[role=gridcell]');
  const grid = cell?.closest('table.grid') ?? null;
  if (cell === null || grid === null) return;
  for (const other of all('[tabindex="0"]', grid)) other.setAttribute('tabindex', '-1');
  stopOf(cell).setAttribute('tabindex', '0');
  read(cell, grid);
}

/** Under the grid, for eyes: what the cell says to a screen reader by itself. */
function read(cell: HTMLElement, grid: Element): void {
  const line = all('[data-reads]').find((each) => each.dataset['reads'] === grid.id);
  if (line !== undefined) line.textContent = stopOf(cell).getAttribute('aria-label') ?? '';
}

export function startGrids(): void {
  rove();
  document.addEventListener('keydown', onKey);
  document.addEventListener('focusin', onFocus);
  document.addEventListener('pointerover', (event) => {
    const cell = through(event, '[role=gridcell]');
    const grid = cell?.closest('table.grid') ?? null;
    if (cell !== null && grid !== null) read(cell, grid);
  });
  sizeRegions();
  window.addEventListener('resize', sizeRegions);
}

/** A region is a stop of Tab only where it can be scrolled. */
function sizeRegions(): void {
  const regions = all('.scroll');
  const wide = regions.map((region) => region.scrollWidth > region.clientWidth);
  for (const [index, region] of regions.entries()) {
    if (wide[index] === true) region.setAttribute('tabindex', '0');
    else if (region !== document.activeElement) region.removeAttribute('tabindex');
  }
}
