import { releaseDay } from '../../app/announce/day.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { dayAnswer } from './day-answer.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Judging the steps of the release day of ${release} ...`);
  return dayAnswer(await releaseDay(app, release));
}
