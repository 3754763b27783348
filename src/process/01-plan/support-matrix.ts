import type {
  BuildGroup,
  ExcludedBuild,
  PythonRange,
  Support,
  SupportColumn,
  SupportLine,
} from '../../domain/train/support.ts';
import { holdsFor } from '../../domain/train/span.ts';
import { compareVersions, Line } from '../../domain/version.ts';
import { markdownTable } from './markdown-table.ts';

export interface SupportCell {
  readonly column: string;
  /** As the table shows it: `CUDA 11.8 (CUDNN 9.1.0.70)`, `None`; empty where the line has no such column. */
  readonly text: string;
}

/** One line of the train in the matrix: its cells as text, and the facts they are made of. */
export interface SupportRow {
  readonly line: Line;
  readonly cells: readonly SupportCell[];
  readonly facts: SupportLine;
  /** Builds that are left out by policy: skipped, never missing. */
  readonly excluded: readonly ExcludedBuild[];
}

export interface SupportMatrix {
  readonly head: string;
  readonly columns: readonly { readonly id: string; readonly title: string }[];
  /** Newest line first. */
  readonly rows: readonly SupportRow[];
}

/** The support matrix of the given lines, or of all: every column that at least one of them has. */
export function supportMatrix(support: Support, only: readonly Line[] = []): SupportMatrix {
  const lines = Object.entries(support.lines)
    .map(([line, facts]) => ({ line: Line.parse(line), facts }))
    .filter(({ line }) => only.length === 0 || only.includes(line))
    .toSorted((left, right) => compareVersions(right.line, left.line));
  const columns = support.columns.filter((column) => lines.some(({ line }) => holdsFor(column, line)));
  return {
    head: support.head,
    columns: columns.map(({ id, title }) => ({ id, title })),
    rows: lines.map(({ line, facts }) => ({
      line,
      cells: columns.map((column) => ({
        column: column.id,
        text: holdsFor(column, line) ? cellText(column, line, facts) : '',
      })),
      facts,
      excluded: support.excluded.filter((excluded) => holdsFor(excluded, line)),
    })),
  };
}

/** The matrix as the Markdown table of the release documents. */
export function supportMarkdown(matrix: SupportMatrix): string {
  return markdownTable(
    [matrix.head, ...matrix.columns.map(({ title }) => title)],
    matrix.rows.map(({ line, cells }) => [line, ...cells.map(({ text }) => text)]),
  );
}

/** The operating systems as the Markdown table of the release documents. */
export function operatingSystemsMarkdown(support: Support): string {
  return markdownTable(
    ['Operating System family', 'Architecture', 'Notes'],
    support.operatingSystems.map(({ family, architectures, notes }) => [family, architectures.join(', '), notes]),
  );
}

function cellText(column: SupportColumn, line: Line, facts: SupportLine): string {
  switch (column.kind) {
    case 'python':
      return pythonText(facts.python);
    case 'text':
      return facts.texts[column.id] ?? '';
    case 'builds': {
      const since = column.companionInBracketsSince;
      const brackets = since !== undefined && compareVersions(line, since) >= 0;
      const groups = facts.builds[column.id];
      if (groups === undefined) return '';
      return groups.length === 0 ? 'None' : groups.map((group) => groupText(column, group, brackets)).join(', ');
    }
  }
}

function pythonText({ from, to, exclude, experimental }: PythonRange): string {
  const without = exclude.map((version) => `, !=${version}`).join('');
  const tried = experimental.length === 0 ? '' : `, (${experimental.join(', ')} experimental)`;
  return `>=${from}, <=${to}${without}${tried}`;
}

type BuildsColumn = Extract<SupportColumn, { kind: 'builds' }>;

function groupText(column: BuildsColumn, group: BuildGroup, brackets: boolean): string {
  const builds = group.versions.map((version) => `${column.accelerator} ${version}`).join(', ');
  if (group.companion === undefined) return builds;
  const companion = column.companion === undefined ? group.companion : `${column.companion} ${group.companion}`;
  return brackets ? `${builds} (${companion})` : `${builds}, ${companion}`;
}
