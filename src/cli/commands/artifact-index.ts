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
  const types = session.flags.has('types');
  session.progress.doing(`Comparing the index of ${channel} with what lies there ...`);
  const input = { ...planInput(session), release, channel, removals, types };
  const again = [
    'signalbox artifact index',
    release,
    `--channel ${channel}`,
    ...removals.map((name) => `--remove ${name}`),
    ...(types ? ['--types'] : []),
  ];
  return planAndApply(session, 'artifact-index', valueOf(await publishIndex(app, input)), again.join(' '));
}
