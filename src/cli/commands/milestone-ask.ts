import { askAuthors } from '../../app/final/milestone-ask.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading the milestone of ${release} ...`);
  return planAndApply(session, 'milestone-ask', valueOf(await askAuthors(app, { ...planInput(session), release })));
}
