import { listGates } from '../../app/gates.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { gatesAnswer } from './gates-answer.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Judging the gates of ${release} ...`);
  const judged = await listGates(app, release);
  const gates = session.flags.has('waived') ? judged.gates.filter((gate) => gate.verdict === 'waived') : judged.gates;
  return gatesAnswer({ schema: 'gates', subject: release, gates, at: judged.at, who: await app.who(), form: 'list' });
}
