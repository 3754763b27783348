import { planAgain } from '../../app/plan-again.ts';
import { comparePlans, diffPlans, showPlan, type PlanDifference } from '../../app/plans.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderDifference } from '../output/render-difference.ts';
import { stepText } from '../../domain/plan/step-text.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

/** Two saved plans, or one against the plan that would be made now. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the plan ...');
  const app = await session.app();
  const id = session.required('PLAN');
  const other = session.argument('OTHER');
  if (other !== null) return differenceAnswer(valueOf(await diffPlans(app, id, other)));
  const { plan } = valueOf(await showPlan(app, id));
  session.progress.doing('Planning again, to compare ...');
  const now = valueOf(await planAgain(app, plan));
  return now === null ? nothingLeft(plan) : differenceAnswer(comparePlans(plan, now));
}

function differenceAnswer(difference: PlanDifference): Answer {
  const { added, removed, changed } = difference;
  return {
    schema: 'plan-diff',
    asOf: null,
    stale: false,
    exit: exitCode(added.length + removed.length + changed.length === 0 ? 'done' : 'conflict'),
    data: { from: difference.from.id, to: difference.to.id, added, removed, changed, same: difference.same },
    records: [
      ...removed.map((step) => ['removed', step.key, stepText(step)]),
      ...added.map((step) => ['added', step.key, stepText(step)]),
      ...changed.map(({ to }) => ['changed', to.key, stepText(to)]),
    ],
    lines: (room) => renderDifference(difference, room),
  };
}

function nothingLeft(plan: Plan): Answer {
  if (plan.body.purpose === 'undo' || plan.body.purpose === 'cherry-pick')
    throw usage(
      `plan ${plan.id} cannot be made again by itself; compare two plans: signalbox plan diff ${plan.id} OTHER`,
    );
  return differenceAnswer({ from: plan, to: plan, added: [], removed: plan.body.steps, changed: [], same: 0 });
}
