import { PlanPageView } from '../../api/views/plan.ts';
import { showPlan } from '../../app/plans.ts';
import { succeed } from '../../domain/result.ts';
import { planDoc } from '../../web/pages/plan.ts';
import { pageOf } from '../page.ts';
import { planPage as read } from './plan-view.ts';

/** One plan: what it does, how each step is undone, who agreed, what was done of it. */
export const planPage = pageOf<PlanPageView>({
  name: 'plan',
  path: '/plans/:id',
  summary: 'A plan: steps with their undo, approvals, what was done of it, and how it differs from another or from now',
  schema: PlanPageView,
  reads: ['against'],
  budget: 5000,
  read: async ({ app, params, query }) => {
    const shown = await showPlan(app, params['id'] ?? '');
    if (!shown.ok) return shown;
    const view = await read(app, shown.value, query['against']);
    return succeed({ view, asOf: app.clock.now(), stale: view.differenceProblem !== null });
  },
  doc: planDoc,
});
