import { listPlans, type PlanView } from '../../app/plans.ts';
import { parseRelease } from '../../app/releases.ts';
import type { Answer } from '../output/answer.ts';
import { renderPlans } from '../output/render-plan.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

const STATES: readonly PlanView['state'][] = ['made', 'partial', 'finished', 'dropped'];

export async function run(session: Session): Promise<Answer> {
  const wish = session.flags.text('state');
  const state = STATES.find((each) => each === wish);
  if (wish !== null && state === undefined) throw usage(`--state takes one of: ${STATES.join(', ')}`);
  const typed = session.argument('REL');
  const release = typed === null ? undefined : valueOf(parseRelease(typed));
  session.progress.doing('Reading the plans ...');
  const views = await listPlans(await session.app(), {
    ...(release === undefined ? {} : { release }),
    ...(state === undefined ? {} : { state }),
  });
  return {
    schema: 'plans',
    asOf: null,
    stale: false,
    exit: 0,
    data: views.map((view) => ({
      id: view.plan.id,
      state: view.state,
      title: view.plan.body.title,
      release: view.plan.body.release,
      author: view.plan.body.author,
      madeAt: view.madeAt,
      goodUntil: view.goodUntil,
      steps: view.plan.body.steps.length,
      done: view.receipts.length,
      digest: view.plan.digest,
    })),
    records: views.map((view) => [
      view.plan.id,
      view.state,
      view.plan.body.release,
      view.plan.body.title,
      `${view.receipts.length}/${view.plan.body.steps.length}`,
      view.plan.body.author,
      view.madeAt,
    ]),
    lines: (room) => renderPlans(views, room),
  };
}
