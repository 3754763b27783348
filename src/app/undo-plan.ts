import { succeed, type Result } from '../domain/result.ts';
import type { Step } from '../domain/plan/step.ts';
import { decideUndo } from '../engine/undo.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import { findPlan, savePlan, type PlanView } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { requireRole } from './releases.ts';
import { stepPorts } from './step-ports.ts';

/** Plans the reverse of what a plan did; carried out by `apply` like any other plan. */
export async function planUndo(
  app: App,
  id: string,
): Promise<Result<{ readonly view: PlanView; readonly stays: readonly Step[] }, AppProblem>> {
  const found = await findPlan(app, id);
  if (!found.ok) return found;
  const who = await app.who();
  if (who !== found.value.plan.body.author) {
    const allowed = await requireRole(app, ['release-manager']);
    if (!allowed.ok) return allowed;
  }
  const decided = decideUndo(found.value, stepPorts(app), { author: who, trainDigest: app.loaded.digest });
  if (!decided.ok) return refuseByEngine(decided.problems);
  return succeed({ view: await savePlan(app, decided.value.plan), stays: decided.value.stays });
}
