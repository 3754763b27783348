import type { App } from '../app/app.ts';
import { deliverAsked, PARTNERS } from '../app/partners/deliver.ts';
import { queuePartnerEvents } from '../app/partners/follow.ts';
import type { Log } from './duties.ts';
import { every } from './every.ts';

/** New entries are looked for so often, besides at once when this or another process says that there are some. */
const TICK_MILLIS = 30_000;

/** Tells partners what the ledger has taken in. */
export interface PartnerWorker {
  /** Something was written into the ledger. */
  changed(): void;
  /** Lets what is being sent come to its end; the rest is the next process's. */
  stop(): Promise<void>;
}

/** Follows the ledger and sends; any number of processes may, each message is one job. */
export async function startPartnerWorker(app: App, log: Log): Promise<PartnerWorker> {
  const jobs = await app.jobs();
  const worker = await jobs.work(PARTNERS, ({ data }) => deliverAsked(app, data));
  // Where this process stands; one that begins looks at all once more, and the queue knows what it had.
  let after = 0;
  let looking: Promise<void> | null = null;
  let isAsked = false;
  const lookOn = async (): Promise<void> => {
    do {
      isAsked = false;
      after = await queuePartnerEvents(app, after);
    } while (isAsked);
  };
  const look = (): Promise<void> => {
    isAsked = true;
    looking ??= lookOn().finally(() => {
      looking = null;
    });
    return looking;
  };
  const failed = (error: unknown): void =>
    log('partners-not-told', { reason: error instanceof Error ? error.message : String(error) });
  const end = every(TICK_MILLIS, look, failed);
  return {
    changed: () => {
      look().catch(failed);
    },
    stop: async () => {
      await end();
      await looking?.catch(failed);
      await worker.stop();
    },
  };
}
