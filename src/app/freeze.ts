import { succeed, type Result } from '../domain/result.ts';
import { freezeOf, type Decision } from '../engine/fold-decisions.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRole } from './releases.ts';

/** The freeze of a train, and whether it was this call that began or ended it. */
export interface FreezeAnswer {
  readonly freeze: Decision | null;
  readonly isNew: boolean;
}

/**
 * Freezes the train: nothing is carried out on it, and what is being carried out ends before its next step, until it is thawed. Whoever may approve may do
 * it: stopping must be easy. Frozen already, the first freeze and its reason stay.
 */
export async function freezeTrain(app: App, reason: string): Promise<Result<FreezeAnswer, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager', 'approver']);
  if (!allowed.ok) return allowed;
  const before = freezeOf(await entriesOf(app));
  if (before !== null) return succeed({ freeze: before, isNew: false });
  await record(app, { type: 'train-frozen', reason });
  return succeed({ freeze: freezeOf(await entriesOf(app)), isNew: true });
}

/** Thaws the train; only a release manager does. The answer has the freeze that ended, null where there was none. */
export async function thawTrain(app: App, reason: string): Promise<Result<FreezeAnswer, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const before = freezeOf(await entriesOf(app));
  if (before === null) return succeed({ freeze: null, isNew: false });
  await record(app, { type: 'train-thawed', reason });
  return succeed({ freeze: before, isNew: true });
}

/** Since when nothing is carried out on the train, by whom and why; null while it is not frozen. */
export async function frozenBy(app: App): Promise<Decision | null> {
  return freezeOf(await entriesOf(app));
}
