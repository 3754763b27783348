import { sizeText } from '../../domain/size.ts';
import type { Step } from '../../domain/plan/step.ts';
import { rowsOf, type StepRow } from './step.ts';

/** Steps that are shown as one row, with the first of them for its undo. */
export interface ShownSteps {
  readonly rows: readonly [StepRow, ...StepRow[]];
  readonly first: Step;
}

/** From so many alike on, a row says how many there are; the plan's file and --plain have each. */
const FEW = 8;

/** The steps of a plan as rows that a person can read: many files of one folder are one row, with their number and size. */
export function shownSteps(steps: readonly Step[]): readonly ShownSteps[] {
  const groups = Map.groupBy(steps, (step) => groupOf(step) ?? step.key);
  return steps.flatMap((step): readonly ShownSteps[] => {
    const some = groups.get(groupOf(step) ?? step.key) ?? [];
    if (some.length <= FEW) return [{ rows: rowsOf(step), first: step }];
    if (some[0] !== step) return [];
    const [row] = rowsOf(step);
    return [{ rows: [{ ...row, what: whatOf(some, row) }], first: step }];
  });
}

/** What steps have in common that are shown as one; null for a step that is shown by itself. */
function groupOf(step: Step): string | null {
  const sign = rowsOf(step)[0].sign;
  const common = [step.kind, step.repo, step.reversible, sign].join(' ');
  const place = placeOf(step);
  return place === null ? null : `${common} ${place}`;
}

function placeOf(step: Step): string | null {
  if (step.kind === 'copy-file' || step.kind === 'reversion-file') {
    return `${step.from.channel} ${step.to.channel}#${step.to.place}/${folderOf(step.to.key)}`;
  }
  if (step.kind === 'remove-file' || step.kind === 'record-digest') {
    return `${step.at.channel}#${step.at.place}/${folderOf(step.at.key)}`;
  }
  if (step.kind === 'upload-file') return `${step.to.channel} ${step.project}`;
  if (step.kind === 'publish-page' || step.kind === 'publish-metadata') return `${step.channel}#${step.place}`;
  return null;
}

function folderOf(key: string): string {
  const slash = key.lastIndexOf('/');
  return slash === -1 ? '' : key.slice(0, slash + 1);
}

function whatOf(steps: readonly Step[], row: StepRow): string {
  const [first] = steps;
  if (first?.kind === 'publish-page') return `${first.channel}${mirrorOf(first.place)}  ${steps.length} pages`;
  if (first?.kind === 'publish-metadata') return `${first.channel}${mirrorOf(first.place)}  ${steps.length} folders`;
  const total = steps.reduce((sum, step) => sum + ('size' in step ? step.size : 0), 0);
  const count = `${steps.length} files, ${sizeText(total)}`;
  if (first?.kind === 'upload-file') return `${first.project} ${first.version}  ${count} to ${first.to.channel}`;
  const where = (row.what.split('  ')[0] ?? '').replace(/[^/]*$/u, '');
  const from = first?.kind === 'copy-file' || first?.kind === 'reversion-file' ? ` from ${first.from.channel}` : '';
  return `${where}  ${count}${from}`;
}

function mirrorOf(place: number): string {
  return place === 0 ? '' : `#${place}`;
}
