import { cutBranches } from '../../app/cut-branches.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const from = session.flags.text('from');
  session.progress.doing(`Planning the cut of ${release} ...`);
  const planned = valueOf(
    await cutBranches(app, { ...planInput(session), release, ...(from === null ? {} : { from }) }),
  );
  return planAndApply(session, 'branch-cut', planned);
}
