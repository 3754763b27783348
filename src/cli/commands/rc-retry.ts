import { retryBuilds } from '../../app/builds/retry.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { planAndApply } from './plan-and-apply.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const only = session.flags.text('only');
  session.progress.doing(`Reading the builds of ${candidate} ...`);
  const app = await session.app();
  const planned = await retryBuilds(app, { candidate, only, dryRun: session.flags.has('dry-run') });
  const again = `signalbox rc retry ${candidate}${only === null ? '' : ` --only ${only}`}`;
  return planAndApply(session, 'rc-retry', valueOf(planned), again);
}
