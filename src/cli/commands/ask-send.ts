import { sendAsk } from '../../app/asks.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { releaseOf } from './release-of.ts';

/** Plans the issue of an ask, and opens it once confirmed. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const ask = session.required('ASK');
  session.progress.doing(`Looking whether ${ask} was sent ...`);
  const planned = valueOf(await sendAsk(app, { release, ask, dryRun: session.flags.has('dry-run') }));
  return planAndApply(session, 'ask-send', planned, `signalbox ask send ${release} ${ask}`);
}
