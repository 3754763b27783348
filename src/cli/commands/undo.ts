import { planUndo } from '../../app/undo-plan.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { stepText } from '../../domain/plan/step-text.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading what the plan did ...');
  const { view, stays } = valueOf(await planUndo(await session.app(), session.required('PLAN')));
  for (const step of stays)
    session.say(...paragraph(line(shape('permanent'), ` stays: ${stepText(step)}, ${step.undo}`), session.width, 2, 2));
  return planAndApply(session, 'undo', {
    kind: 'planned',
    view,
    held: [],
    notes: [],
    documents: [],
    gates: [],
    saved: true,
  });
}
