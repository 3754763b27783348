import { changeBranches } from '../../app/change-branches.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Planning the release-only changes of ${release} ...`);
  return planAndApply(
    session,
    'branch-changes',
    valueOf(await changeBranches(app, { ...planInput(session), release })),
  );
}
