import { readStanding } from '../../app/standing.ts';
import { CandidateVersion, candidateNumber, releaseOf } from '../../domain/version.ts';
import type { Answer } from '../output/answer.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { candidatesAnswer } from './rc-list.ts';

export async function run(session: Session): Promise<Answer> {
  const typed = session.required('RC');
  const parsed = CandidateVersion.safeParse(typed.replace(/^v(?=\d)/u, ''));
  if (!parsed.success) throw usage(`${typed} is not a candidate`, 'write it as X.Y.Z-rcN, for example 2.8.0-rc1');
  const candidate = parsed.data;
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
