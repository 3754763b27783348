import { isOpen } from '../../domain/gate.ts';
import { listGates } from '../../app/gates.ts';
import { CUT_GATES } from '../../app/judge.ts';
import { repoNamed } from '../../app/planned.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { gatesAnswer } from './gates-answer.ts';
import { releaseOf } from './release-of.ts';

/** The gates that bear on the cut of one repository, or of all. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const typed = session.argument('REPO');
  const repo = typed === null ? null : valueOf(repoNamed(app, typed));
  const release = await releaseOf(session, app);
  session.progress.doing(`Judging the gates of the cut of ${release} ...`);
  const judged = await listGates(app, release);
  const role = repo === null ? null : app.loaded.train.repos[repo]?.role;
  const gates = judged.gates.filter((gate) => {
    const [family = '', key] = gate.id.split(':');
    if (!CUT_GATES.includes(family) || (repo !== null && key !== undefined && key !== repo)) return false;
    return family !== 'core-rc-staged' || role === null || role === 'domain';
  });
  const subject = `the cut of ${release}${repo === null ? '' : ` in ${repo}`}`;
  return gatesAnswer({
    schema: 'branch-check',
    subject,
    gates,
    at: judged.at,
    who: await app.who(),
    form: gates.every(isOpen) ? 'list' : 'blockers',
  });
}
