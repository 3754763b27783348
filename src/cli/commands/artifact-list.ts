import { viewCandidate } from '../../app/artifacts/view.ts';
import type { Answer } from '../output/answer.ts';
import { renderFiles } from '../output/render-artifacts.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { cellChoice } from './cell-choice.ts';
import { viewAnswer } from './view-answer.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const choice = cellChoice(session);
  session.progress.doing(`Reading the files of ${candidate} ...`);
  const app = await session.app();
  const view = valueOf(await viewCandidate(app, candidate, choice));
  return viewAnswer(view, 'artifact-list', (room) => renderFiles(view, app.loaded.train.product, room));
}
