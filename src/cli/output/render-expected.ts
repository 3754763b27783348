import type { ExpectedAnswer } from '../../app/expected.ts';
import type { ExpectedCell } from '../../domain/expected/expectation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Room } from './answer.ts';
import { cellGrid, type GridCell } from './cell-grid.ts';
import { BLANK, line, span, type Line, type Span } from './line.ts';
import { paragraph } from './paragraph.ts';
import { many } from '../../domain/words.ts';
import { shape } from './shapes.ts';

/** Every file of a release in grids, what is left out with the rule, and what changed since the release before. */
export function renderExpected(expected: ExpectedAnswer, train: Train, room: Room): readonly Line[] {
  const { release, cells, skipped } = expected;
  const tried = cells.filter(({ stage }) => stage === 'experimental').length;
  const head = `${train.product} ${release}: ${many(cells.length, 'file')} expected, ${tried} experimental; ${skipped.length} not built by policy`;
  return [
    ...paragraph(line(span(head, 'strong')), room.width),
    ...gridsOf(expected).flatMap(({ title, grid }) => [
      BLANK,
      line(title),
      ...cellGrid(grid, train.artifacts, room.width),
    ]),
    BLANK,
    line(
      MARKS.stable,
      ' expected  ',
      MARKS.experimental,
      ' experimental  ',
      MARKS.published,
      ' goes to a package index too  ',
      shape('skipped'),
      ' by policy',
    ),
    ...byReason(skipped.map(({ rule }) => rule.reason)).flatMap(({ reason, count }) =>
      paragraph(line(shape('skipped'), ` ${count}: ${reason}`), room.width, 0, 2),
    ),
    ...changeLines(expected, room),
  ];
}

const MARKS = {
  stable: span('o', 'text'),
  experimental: span('e', 'run'),
  published: span('p', 'strong'),
} as const satisfies Record<string, Span>;

interface TitledGrid {
  readonly title: string;
  readonly grid: readonly GridCell[];
}

/** A grid for each package, kind and variant; packages with the same grid share one. */
function gridsOf({ cells, skipped }: ExpectedAnswer): readonly TitledGrid[] {
  const groups = new Map<
    string,
    { readonly what: string; readonly names: Set<string>; readonly cells: readonly ExpectedCell[] }
  >();
  const byBuild = Map.groupBy(cells, ({ cell }) => `${cell.package} ${cell.kind} ${cell.variant ?? ''}`);
  for (const built of byBuild.values()) {
    const [first] = built;
    if (first === undefined) continue;
    const { cell, version } = first;
    const name = `${cell.package} ${version.replace(/\+.*$/, '')}`;
    const what = `${cell.kind}${cell.variant === undefined ? '' : ` ${cell.variant}`}`;
    const same = [what, ...built.map(placeText)].join('\n');
    const known = groups.get(same);
    if (known === undefined) groups.set(same, { what, names: new Set([name]), cells: built });
    else known.names.add(name);
  }
  return [...groups.values()].map(({ what, names, cells: built }) => ({
    title: `${[...names].join(', ')}: ${what}, ${many(built.length, 'file')}${names.size > 1 ? ' each' : ''}`,
    grid: [...built.map((each) => ({ cell: each.cell, mark: markOf(each) })), ...leftOut(built, skipped)],
  }));
}

function placeText({ cell, stage, publish }: ExpectedCell): string {
  return `${cell.platform} ${cell.accelerator} ${cell.python} ${stage} ${publish.length}`;
}

function markOf({ stage, publish }: ExpectedCell): Span {
  return publish.length > 0 ? MARKS.published : MARKS[stage];
}

/** What is left out in columns that have files. */
function leftOut(built: readonly ExpectedCell[], skipped: ExpectedAnswer['skipped']): readonly GridCell[] {
  const columns = new Set(built.map(({ cell }) => `${cell.platform} ${cell.accelerator}`));
  const [first] = built;
  return skipped
    .filter(
      ({ cell }) =>
        cell.package === first?.cell.package &&
        cell.kind === first.cell.kind &&
        cell.variant === first.cell.variant &&
        columns.has(`${cell.platform} ${cell.accelerator}`),
    )
    .map(({ cell }) => ({ cell, mark: shape('skipped') }));
}

function changeLines({ changes }: ExpectedAnswer, room: Room): readonly Line[] {
  if (changes === null) return [];
  const { since, added, removed } = changes;
  if (added.length + removed.length === 0) return [BLANK, line(`The same files as ${since}.`)];
  return [
    BLANK,
    line(`Since ${since}: ${added.length} added, ${removed.length} removed`),
    ...byReason(removed.map(({ reason }) => reason)).flatMap(({ reason, count }) =>
      paragraph(line(`  removed ${count}: ${reason}`), room.width, 0, 4),
    ),
  ];
}

function byReason(reasons: readonly string[]): readonly { readonly reason: string; readonly count: number }[] {
  return [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => ({ reason, count: all.length }));
}
