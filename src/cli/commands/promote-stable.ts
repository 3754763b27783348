import { promoteStable } from '../../app/promotion/stable.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing('Comparing the stable channels with the record ...');
  const planned = valueOf(await promoteStable(app, { ...planInput(session), release }));
  return planAndApply(session, 'promote-stable', planned, `signalbox promote stable ${release}`);
}
