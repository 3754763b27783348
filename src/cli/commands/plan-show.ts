import { showPlan } from '../../app/plans.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAnswer } from './plan-answer.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the plan ...');
  return planAnswer(valueOf(await showPlan(await session.app(), session.required('PLAN'))));
}
