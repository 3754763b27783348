import { askStandings } from '../../app/asks.ts';
import type { Answer } from '../output/answer.ts';
import { askRecord, isUnread, renderAsks } from '../output/render-asks.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

/** Every ask of a release, as the world shows it now. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Looking at what is asked for ${release} ...`);
  const asks = await askStandings(app, release);
  return {
    schema: 'asks',
    asOf: session.now,
    stale: asks.some(isUnread),
    exit: 0,
    data: { release, asks },
    records: asks.map((ask) => askRecord(ask)),
    lines: (room) => renderAsks(asks, release, room),
  };
}
