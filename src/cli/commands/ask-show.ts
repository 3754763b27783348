import { showAsk } from '../../app/asks.ts';
import type { Answer } from '../output/answer.ts';
import { askRecord, isUnread, renderAsk } from '../output/render-asks.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

/** One ask with the text to copy. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const ask = valueOf(await showAsk(app, { release, ask: session.required('ASK') }));
  return {
    schema: 'ask',
    asOf: session.now,
    stale: isUnread(ask),
    exit: 0,
    data: { release, ...ask },
    records: [askRecord(ask)],
    lines: (room) => renderAsk(ask, release, room),
  };
}
