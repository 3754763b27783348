import { releaseStatus } from '../../app/status.ts';
import { withSince } from '../../app/verdicts/gate-history.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { gatesAnswer } from './gates-answer.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading the world of ${release} ...`);
  const status = await releaseStatus(app, release);
  const subject = status.next === null ? release : status.next.what;
  return gatesAnswer({
    schema: 'blockers',
    subject,
    gates: await withSince(
      app,
      release,
      status.gates.filter((gate) => !status.later.includes(gate)),
    ),
    later: await withSince(app, release, status.later),
    at: status.at,
    who: await app.who(),
    form: 'blockers',
  });
}
