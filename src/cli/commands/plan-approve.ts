import { approvePlan, showPlan, type PlanView } from '../../app/plans.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { renderPlanView } from '../output/render-plan.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAnswer } from './plan-answer.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const id = session.required('PLAN');
  session.progress.doing('Reading the plan ...');
  const shown = valueOf(await showPlan(app, id));
  session.say(...renderPlanView(shown, { width: session.width, now: session.now }));
  await confirm(session, `Approve exactly this plan, ${shown.plan.digest.slice(0, 19)}...?`);
  const view = valueOf(await approvePlan(app, id));
  return { ...planAnswer(view), lines: (room) => approvedLines(view, room.width) };
}

/** Only what is new: the plan itself was shown before the question. */
function approvedLines(view: PlanView, width: number): readonly Line[] {
  const { plan, approvals, approvalsNeeded } = view;
  const people = approvals.map(({ by }) => `@${by}`).join(', ');
  const counted = `${approvals.length} of ${approvalsNeeded} approvals: ${people}`;
  const next = approvals.length < approvalsNeeded ? '' : `. Its author may now: signalbox apply ${plan.id}`;
  return paragraph(line(shape('pass'), ` Approved; nothing was started. ${counted}${next}`), width, 0, 2);
}
