import { releasePapers } from '../../app/sync-agenda.ts';
import { handoverMarkdown } from '../../app/sync-text.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { papersAnswer } from './papers-answer.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading where ${release} stands ...`);
  const papers = await releasePapers(app, release);
  return papersAnswer('people-handover', papers, handoverMarkdown(papers, app.loaded.train));
}
