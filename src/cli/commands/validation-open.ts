import { openValidation } from '../../app/final/validation-open.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Looking for the validation issue of ${release} ...`);
  return planAndApply(
    session,
    'validation-open',
    valueOf(await openValidation(app, { ...planInput(session), release })),
  );
}
