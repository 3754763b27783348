import { familyOfGate } from '../../domain/gate-families.ts';
import { isOpen } from '../../domain/gate.ts';
import { listGates } from '../../app/gates.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { gatesAnswer } from './gates-answer.ts';
import { releaseOf } from './release-of.ts';

const BEFORE_CANDIDATE = ['release-only-landed', 'version-file-matches'];

/** The gates that bear on the next candidate. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Judging the gates of the next candidate of ${release} ...`);
  const judged = await listGates(app, release);
  const gates = judged.gates.filter((gate) => BEFORE_CANDIDATE.includes(familyOfGate(gate.id)));
  return gatesAnswer({
    schema: 'rc-check',
    subject: `the next candidate of ${release}`,
    gates,
    at: judged.at,
    who: await app.who(),
    form: gates.every(isOpen) ? 'list' : 'blockers',
  });
}
