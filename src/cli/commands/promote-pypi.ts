import { promotePypi } from '../../app/promotion/pypi.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing('Looking at the index, the staged wheels and the gates ...');
  const planned = valueOf(await promotePypi(app, { ...planInput(session), release }));
  return planAndApply(session, 'promote-pypi', planned, `signalbox promote pypi ${release}`);
}
