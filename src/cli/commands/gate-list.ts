import { listGates } from '../../app/gates.ts';
import { withSince } from '../../app/verdicts/gate-history.ts';
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
  const all = await withSince(app, release, judged.gates);
  const gates = session.flags.has('waived') ? all.filter((gate) => gate.verdict === 'waived') : all;
  return gatesAnswer({ schema: 'gates', subject: release, gates, at: judged.at, who: await app.who(), form: 'list' });
}
