import { revokeApproval } from '../../app/plans.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAnswer } from './plan-answer.ts';

export async function run(session: Session): Promise<Answer> {
  const id = session.required('PLAN');
  const reason = await reasonFor(session);
  await confirm(session, `Take your approval of plan ${id} back?`);
  const view = valueOf(await revokeApproval(await session.app(), { id, reason }));
  return planAnswer(view, [
    line(shape('pass'), ` Revoked. ${view.approvals.length} of ${view.approvalsNeeded} approvals.`),
  ]);
}
