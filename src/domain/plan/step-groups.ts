import { sizeText } from '../size.ts';
import type { Step } from './step.ts';
import { rowsOf, type StepRow } from './step-text.ts';

/** Steps that are shown as one row, with the first of them for its undo. */
export interface ShownSteps {
  readonly rows: readonly [StepRow, ...StepRow[]];
  readonly first: Step;
  /** Every step that is shown so. */
  readonly all: readonly Step[];
}

/** So many alike have a row each; of more, one row says how many there are. The plan's file and --plain have each. */
const FEW = 6;
const FEW_PAGES = 12;

/** The steps of a plan as rows that a person can read: many files of one folder are one row, with their number and size. */
export function shownSteps(steps: readonly Step[]): readonly ShownSteps[] {
  const groups = Map.groupBy(steps, (step) => groupOf(step) ?? step.key);
  return steps.flatMap((step): readonly ShownSteps[] => {
    const some = groups.get(groupOf(step) ?? step.key) ?? [];
    if (some.length <= (isOfIndex(step) ? FEW_PAGES : FEW)) return [{ rows: rowsOf(step), first: step, all: [step] }];
    if (some[0] !== step) return [];
    const [row] = rowsOf(step);
    const repos = new Set(some.map(({ repo }) => repo));
    return [
      { rows: [{ ...row, repo: repos.size === 1 ? row.repo : 'all', what: whatOf(some) }], first: step, all: some },
    ];
  });
}

/** What steps have in common that are shown as one; null for a step that is shown by itself. */
function groupOf(step: Step): string | null {
  const sign = rowsOf(step)[0].sign;
  const common = [step.kind, step.repo, step.reversible, sign].join(' ');
  const place = placeOf(step);
  if (place === null) return null;
  // The pages of an index belong together, whoever's projects they list.
  return isOfIndex(step) ? `${step.kind} ${sign} ${place}` : `${common} ${place}`;
}

function isOfIndex({ kind }: Step): boolean {
  return kind === 'publish-page' || kind === 'publish-metadata';
}

function placeOf(step: Step): string | null {
  if (step.kind === 'copy-file' || step.kind === 'reversion-file') {
    return `${step.from.channel} ${step.to.channel}#${step.to.place}`;
  }
  if (step.kind === 'remove-file' || step.kind === 'record-digest') {
    return `${step.at.channel}#${step.at.place}`;
  }
  if (step.kind === 'upload-file') return `${step.to.channel} ${step.project}`;
  if (step.kind === 'publish-page' || step.kind === 'publish-metadata') return `${step.channel}#${step.place}`;
  return null;
}

function whatOf(steps: readonly Step[]): string {
  const [first] = steps;
  if (first?.kind === 'publish-page') return `${first.channel}${mirrorOf(first.place)}  ${steps.length} pages`;
  if (first?.kind === 'publish-metadata') return `${first.channel}${mirrorOf(first.place)}  ${steps.length} folders`;
  const total = steps.reduce((sum, step) => sum + ('size' in step ? step.size : 0), 0);
  const count = `${steps.length} files, ${sizeText(total)}`;
  if (first?.kind === 'upload-file') return `${first.project} ${first.version}  ${count} to ${first.to.channel}`;
  const where = commonFolder(steps.map((step) => rowsOf(step)[0].what.split('  ')[0] ?? ''));
  const from = first?.kind === 'copy-file' || first?.kind === 'reversion-file' ? ` from ${first.from.channel}` : '';
  return `${where}  ${count}${from}`;
}

function mirrorOf(place: number): string {
  return place === 0 ? '' : `#${place}`;
}

/** The folders that all paths begin with: `backup/v2.8.0-rc2/wheel/`. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const shared: string[] = [];
  for (const [index, part] of (folders[0] ?? []).entries()) {
    if (folders.some((folder) => folder[index] !== part)) break;
    shared.push(part);
  }
  return `${shared.join('/')}/`;
}
