import type { PlanView } from '../../app/plans.ts';
import type { Answer } from '../output/answer.ts';
import type { Line } from '../output/line.ts';
import { renderPlanView } from '../output/render-plan.ts';
import { planRecords } from './plan-and-apply.ts';

/** A saved plan as an answer, with a last line of its own. */
export function planAnswer(view: PlanView, last: readonly Line[] = []): Answer {
  return {
    schema: 'plan',
    asOf: view.madeAt,
    stale: false,
    exit: 0,
    data: view,
    records: planRecords(view.plan),
    lines: (room) => [...renderPlanView(view, room), ...last],
  };
}
