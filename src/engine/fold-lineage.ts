import type { Digest } from '../domain/canonical-json.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { CopyFileStep, FileAt, ReversionFileStep } from '../domain/plan/step.ts';

/** Which bytes became which, and where the new ones were put. */
export interface Lineage {
  readonly source: Digest;
  readonly to: FileAt;
  readonly size: number;
  readonly digest: Digest;
}

type Staging = CopyFileStep | ReversionFileStep;

/**
 * The lineage of staged files: what plans of purpose `stage` said each source becomes. A plan names both digests before anything is made, and nothing else
 * is put there by it. Of several plans the last counts.
 */
export function foldLineage(entries: readonly LedgerEntry[]): readonly Lineage[] {
  const lineages = entries.flatMap(({ event }) => {
    if (event.type !== 'plan-made' || event.plan.body.purpose !== 'stage') return [];
    return event.plan.body.steps.filter(
      (step): step is Staging => step.kind === 'copy-file' || step.kind === 'reversion-file',
    );
  });
  return lineages.map((step) => ({
    source: step.kind === 'reversion-file' ? step.source.digest : step.digest,
    to: step.to,
    size: step.size,
    digest: step.digest,
  }));
}

/** What a source was made into at a place; null when that was never planned. */
export function lineageOf(lineages: readonly Lineage[], source: Digest, to: FileAt): Lineage | null {
  const found = lineages.findLast(
    (each) =>
      each.source === source && each.to.channel === to.channel && each.to.place === to.place && each.to.key === to.key,
  );
  return found ?? null;
}
