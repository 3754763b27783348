import type { App } from '../app/app.ts';
import { followOnce } from '../app/notices/follow.ts';
import { NOTICES, queueDue, sendAsked } from '../app/notices/send.ts';
import type { Log } from './duties.ts';
import { everyAndOnChange, type Following } from './every.ts';

/** Digests and the ends of quiet hours are looked for so often. */
const TICK_MILLIS = 15_000;

/** Follows the ledger, and tells people what is due. Any number of processes may do it: each step is one process's, and each message sent by one. */
export async function startNoticeWorker(app: App, log: Log, site: string | null): Promise<Following> {
  const jobs = await app.jobs();
  const worker = await jobs.work(NOTICES, ({ data, isLast }) => sendAsked(app, { order: data, isLast, site }));
  const turn = async (): Promise<void> => {
    const followed = await followOnce(app);
    for (const { release, reason } of followed?.unread ?? []) log('notices-not-looked-for', { release, reason });
    const messages = await queueDue(app);
    if (messages > 0) log('notices-queued', { messages });
  };
  const following = everyAndOnChange(TICK_MILLIS, turn, (error) =>
    log('notices-failed', { reason: error instanceof Error ? error.message : String(error) }),
  );
  return {
    changed: () => following.changed(),
    stop: async () => {
      await following.stop();
      await worker.stop();
    },
  };
}
