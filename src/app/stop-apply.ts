import type { Instant } from '../domain/instant.ts';
import { succeed, type Result } from '../domain/result.ts';
import { planState } from '../engine/fold.ts';
import { closedProblem } from '../engine/problem.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import { findPlan } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { record } from './record.ts';
import { requireRole } from './releases.ts';

/** Who is carrying plans of the release out now, and so was asked to stop. */
export interface StopAnswer {
  readonly plan: string;
  readonly holder: string;
  readonly since: Instant;
}

/**
 * Asks the process that carries a plan out, wherever it runs, to start nothing more: it sees that before its next step. What is running is finished; what
 * was done is recorded. Its author may ask it, and everybody whose approval counts.
 */
export async function stopApply(
  app: App,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<Result<StopAnswer, AppProblem>> {
  const found = await findPlan(app, id);
  if (!found.ok) return found;
  const { plan } = found.value;
  const { release, author } = plan.body;
  if ((await app.who()) !== author) {
    const allowed = await requireRole(app, ['release-manager', 'approver']);
    if (!allowed.ok) return allowed;
  }
  const closed = closedProblem(found.value);
  if (closed !== null) return refuseByEngine([closed]);
  const leases = await app.leases();
  const held = (await leases.holders(app.loaded.train.train)).find(({ key }) => key === `release:${release}`);
  if (held === undefined) return refuseByEngine([{ code: 'not-applied', id: plan.id, state: planState(found.value) }]);
  await record(app, { type: 'apply-stop-asked', release, plan: plan.id, reason });
  return succeed({ plan: plan.id, ...held.by });
}
