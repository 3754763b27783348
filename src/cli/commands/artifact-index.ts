import { publishIndex } from '../../app/publish-index.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput, releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const channel = session.flags.text('channel') ?? 'test';
  const removals = session.flags.list('remove');
  session.progress.doing(`Comparing the index of ${channel} with what lies there ...`);
  const input = { ...planInput(session), release, channel, removals };
  const again = [
    'signalbox artifact index',
    release,
    `--channel ${channel}`,
    ...removals.map((name) => `--remove ${name}`),
  ];
  return planAndApply(session, 'artifact-index', valueOf(await publishIndex(app, input)), again.join(' '));
}
