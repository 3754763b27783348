import { PlansView } from '../../api/views/plan.ts';
import { frozenBy } from '../../app/freeze.ts';
import { listPlans } from '../../app/plans.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { plansDoc } from '../../web/pages/plans.ts';
import { pageOf } from '../page.ts';
import { planRow } from './plan-view.ts';

/** Every plan of the train, or of one release. */
export const plansPage = pageOf<PlansView>({
  name: 'plans',
  path: '/plans',
  summary: 'Saved plans and where they stand; those that wait come first',
  schema: PlansView,
  reads: ['release'],
  budget: 10_000,
  read: async ({ app, query }) => {
    const typed = query['release'] ?? '';
    const release = typed === '' ? null : parseRelease(typed);
    if (release?.ok === false) return release;
    const plans = await listPlans(app, release === null ? {} : { release: release.value });
    const { train, title } = app.loaded.train;
    const view = { train, title, freeze: await frozenBy(app), plans: plans.toReversed().map((plan) => planRow(plan)) };
    return succeed({ view, asOf: app.clock.now(), stale: false });
  },
  doc: plansDoc,
});
