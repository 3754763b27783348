import { yankRelease } from '../../app/promotion/yank.ts';
import type { Answer } from '../output/answer.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const reason = session.flags.text('reason');
  if (reason === null || reason.trim() === '')
    throw usage('a yank needs its reason: whoever installs the version reads it', 'add --reason "..."');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing('Looking at the index ...');
  const packages = session.flags.list('package');
  const planned = valueOf(await yankRelease(app, { ...planInput(session), release, reason, packages }));
  const again = [
    `signalbox promote yank ${release} --reason "${reason}"`,
    ...packages.map((name) => `--package ${name}`),
  ];
  return planAndApply(session, 'promote-yank', planned, again.join(' '));
}
