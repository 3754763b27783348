import { readStanding } from '../../app/standing.ts';
import { candidateNumber, releaseOf } from '../../domain/version.ts';
import type { Answer } from '../output/answer.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { candidatesAnswer } from './rc-list.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const release = releaseOf(candidate);
  session.progress.doing(`Reading the tags of ${candidate} ...`);
  const app = await session.app();
  const answer = candidatesAnswer(await readStanding(app, release), {
    release,
    only: candidateNumber(candidate),
    now: app.clock.now(),
  });
  if (answer.records.length > 0 || answer.stale) return answer;
  throw new CommandStop('usage', `there is no candidate ${candidate}`, { next: [`signalbox rc list ${release}`] });
}
