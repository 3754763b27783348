import type { App } from '../app/app.ts';
import { followOnce } from '../app/notices/follow.ts';
import { NOTICES, queueDue, sendAsked } from '../app/notices/send.ts';
import type { Log } from './duties.ts';
import { every } from './every.ts';

/** Digests and the ends of quiet hours are looked for so often. */
const TICK_MILLIS = 15_000;

/** Tells people what is new and what waits for them. */
export interface NoticeWorker {
  /** Something was written into the ledger, here or elsewhere: looked at at once. */
  changed(): void;
  /** Lets what is under way finish; the rest is another process's. */
  stop(): Promise<void>;
}

/** Follows the ledger, and sends what is due. Any number of processes may do it: each step is one process's, and each message sent by one. */
export async function startNoticeWorker(app: App, log: Log, site: string | null): Promise<NoticeWorker> {
  const jobs = await app.jobs();
  const worker = await jobs.work(NOTICES, ({ data, isLast }) => sendAsked(app, { order: data, isLast, site }));
  const turn = async (): Promise<void> => {
    const followed = await followOnce(app);
    for (const { release, reason } of followed?.unread ?? []) log('notices-not-looked-for', { release, reason });
    const messages = await queueDue(app);
    if (messages > 0) log('notices-queued', { messages });
  };
  let isAsked = false;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    do {
      isAsked = false;
      await turn();
    } while (isAsked);
  };
  const soon = (): Promise<void> => {
    isAsked = true;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
  const failed = (error: unknown): void =>
    log('notices-failed', { reason: error instanceof Error ? error.message : String(error) });
  const end = every(TICK_MILLIS, soon, failed);
  return {
    changed: () => {
      soon().catch(failed);
    },
    stop: async () => {
      await end();
      await running?.catch(failed);
      await worker.stop();
    },
  };
}
