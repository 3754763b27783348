import { syncTracker } from '../../app/picks.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';
import { syncedLines } from './tracker-lines.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  await confirm(session, `Rewrite the trackers of ${release}, but for what people wrote below their ends?`);
  session.progress.doing(`Rendering the trackers of ${release} ...`);
  const synced = valueOf(await syncTracker(app, release));
  return {
    schema: 'tracker',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, ...synced },
    records: [
      ...synced.trackers.map(({ repo, number, changed, link }) => [
        repo,
        String(number),
        changed ? 'changed' : 'same',
        link,
      ]),
      ...synced.held.map(({ repo, reason }) => [repo, '', 'held', reason]),
    ],
    lines: (room) => syncedLines(synced, room),
  };
}
