import type { ArtifactCell, ArtifactsView } from '../../api/views/artifacts.ts';
import { CELL_STATES } from '../../domain/cell-state.ts';
import { shortName } from '../../domain/expected/short-name.ts';
import type { GridCell, Inline, PageRoom } from '../doc.ts';

/** Files that are built alike: a package's wheels, its archives of one variant. */
export interface Build {
  readonly name: string;
  readonly cells: readonly ArtifactCell[];
  readonly skipped: ArtifactsView['skipped'];
}

type Placed = Pick<ArtifactCell, 'package' | 'kind' | 'variant' | 'platform' | 'accelerator' | 'python'>;

/** The builds of the packages that are asked for, in the order of the train file. */
export function buildsOf({ cells, skipped }: ArtifactsView, { query }: PageRoom): readonly Build[] {
  const asked = query['pkg'] ?? '';
  const chosen = asked === '' || asked === 'all' ? cells : cells.filter((cell) => cell.package === asked);
  return [...Map.groupBy(chosen, buildName)].map(([name, those]) => ({
    name,
    cells: those,
    skipped: skipped.filter((cell) => buildName(cell) === name),
  }));
}

function buildName({ package: name, kind, variant }: Placed): string {
  return [name, kind, variant ?? ''].join(' ').trim();
}

/** Whether a file is not as it must be, or not known to be. */
export function isProblem({ state }: ArtifactCell): boolean {
  return state !== 'present';
}

/** `148 of 152`. */
export function presentText(cells: readonly ArtifactCell[]): string {
  return `${cells.filter((cell) => !isProblem(cell)).length} of ${cells.length}`;
}

export function cellState({ state }: ArtifactCell): Inline {
  return { kind: 'state', state: CELL_STATES[state].state, word: CELL_STATES[state].word };
}

const ANY = 'any';

/** The columns of a build, by platform, and its Pythons. A platform's column that no cell has is left out. */
export function axesOf(build: Build, { platforms }: ArtifactsView) {
  const all: readonly Placed[] = [...build.cells, ...build.skipped];
  const names = [...new Set(build.cells.map(({ platform }) => platform ?? ANY))];
  const accelerators = [...new Set(build.cells.map(({ accelerator }) => accelerator ?? ANY))];
  const heads = names.map((platform) => ({
    platform,
    title: platforms.find(({ name }) => name === platform)?.title ?? platform,
    accelerators: [
      ...new Set(
        build.cells.filter((cell) => (cell.platform ?? ANY) === platform).map(({ accelerator }) => accelerator ?? ANY),
      ),
    ],
  }));
  const pythons = [...new Set(all.map(({ python }) => python ?? ANY))];
  return { heads, pythons, short: (accelerator: string): string => shortName(accelerator, accelerators) };
}

/** Which cell stands where in a build. */
export function cellsByPlace(build: Build): {
  readonly cell: (platform: string, accelerator: string, python: string) => ArtifactCell | undefined;
  readonly skipped: (
    platform: string,
    accelerator: string,
    python: string,
  ) => ArtifactsView['skipped'][number] | undefined;
} {
  const cells = new Map(build.cells.map((cell) => [placeOf(cell), cell]));
  const skipped = new Map(build.skipped.map((cell) => [placeOf(cell), cell]));
  return {
    cell: (...words) => cells.get(words.join(' ')),
    skipped: (...words) => skipped.get(words.join(' ')),
  };
}

function placeOf({ platform, accelerator, python }: Placed): string {
  return [platform ?? ANY, accelerator ?? ANY, python ?? ANY].join(' ');
}

/** What a cell is, said whole: `torch, Python 3.12, linux x86_64, cu128: present`. */
export function cellName(cell: Placed, title: string, word: string): string {
  const words = [
    cell.package,
    ...(cell.variant === null ? [] : [cell.variant]),
    ...(cell.python === null ? [] : [`Python ${cell.python}`]),
    ...(cell.platform === null ? [] : [title]),
    ...(cell.accelerator === null ? [] : [cell.accelerator]),
  ];
  return `${words.join(', ')}: ${word}`;
}

/** The address with some members changed; null takes one out. */
export function addressWith(
  { query }: PageRoom,
  changes: Readonly<Record<string, string | null>>,
  anchor = '',
): string {
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) search.delete(name);
    else search.set(name, value);
  }
  return `?${search.toString()}${anchor}`;
}

/** A place of the grid where nothing is expected. */
export function noCell(name: string): GridCell {
  return { state: 'skipped', name };
}
