import type { ObjectId } from '../../domain/git-names.ts';
import { releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { RepoKey } from '../../domain/repo.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

interface Base {
  readonly repo: RepoKey;
  readonly base: ObjectId;
}

/**
 * The base commits that cuts of this release have meant to make, by repository: what a cut that was killed half-way must go on from (CUT-11).
 * A receipt outweighs an intent without one; of several, the last counts.
 */
export function recordedBases(
  entries: readonly LedgerEntry[],
  release: ReleaseVersion,
): ReadonlyMap<RepoKey, ObjectId> {
  const planned = new Map<string, Base>();
  const intended = new Map<RepoKey, ObjectId>();
  const received = new Map<RepoKey, ObjectId>();
  for (const { event } of entries) {
    if (releaseOfEvent(event) !== release) continue;
    if (event.type === 'plan-made' && event.plan.body.purpose === 'cut') {
      for (const [key, base] of basesOf(event.plan)) planned.set(key, base);
    }
    if (event.type !== 'step-intended' && event.type !== 'step-receipt') continue;
    const found = planned.get(`${event.plan} ${event.step}`);
    if (found !== undefined) (event.type === 'step-receipt' ? received : intended).set(found.repo, found.base);
  }
  return new Map([...intended, ...received]);
}

function basesOf({ id, body }: Plan): readonly (readonly [string, Base])[] {
  return body.steps.flatMap((step) => {
    const base = step.kind === 'push-refs' ? (step.updates[0]?.to ?? null) : null;
    return base === null ? [] : [[`${id} ${step.key}`, { repo: step.repo, base }] as const];
  });
}
