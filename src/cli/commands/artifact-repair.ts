import { repairDigests } from '../../app/promotion/repair.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const app = await session.app();
  const channel = session.flags.text('channel') ?? app.loaded.train.candidates.channel;
  session.progress.doing(`Looking at the files of ${candidate} in ${channel} ...`);
  const planned = valueOf(await repairDigests(app, { ...planInput(session), candidate, channel }));
  const again = `signalbox artifact repair ${candidate} --channel ${channel}`;
  return planAndApply(session, 'artifact-repair', planned, again);
}
