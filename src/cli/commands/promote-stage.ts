import { promoteStage } from '../../app/promotion/stage.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing('Reading what each wheel becomes ...');
  const progress = (done: number, of: number): void =>
    session.progress.doing(`Reading what each wheel becomes: ${done} of ${of} ...`);
  const planned = valueOf(await promoteStage(app, { ...planInput(session), release, progress }));
  return planAndApply(session, 'promote-stage', planned, `signalbox promote stage ${release}`);
}
