import { syncTracker } from '../../app/picks.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  await confirm(session, `Rewrite the tracker issue of ${release}, but for what people wrote below its end?`);
  session.progress.doing(`Rendering the tracker of ${release} ...`);
  const synced = valueOf(await syncTracker(app, release));
  const text = synced.changed ? 'is rewritten' : 'says already what it has to say';
  return {
    schema: 'tracker',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: { release, ...synced },
    records: [[release, String(synced.number), synced.changed ? 'changed' : 'same', synced.link]],
    lines: (room) =>
      paragraph(line(shape('pass'), ` The tracker #${synced.number} ${text}: ${synced.link}`), room.width, 0, 2),
  };
}
