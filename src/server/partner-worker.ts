import type { App } from '../app/app.ts';
import { deliverAsked, PARTNERS } from '../app/partners/deliver.ts';
import { queuePartnerEvents } from '../app/partners/follow.ts';
import type { Log } from './duties.ts';
import { everyAndOnChange, type Following } from './every.ts';

/** New entries are looked for so often, besides at once when this or another process says that there are some. */
const TICK_MILLIS = 30_000;

/** Follows the ledger, and tells partners what it has taken in. Any number of processes may do it: each message is one job. */
export async function startPartnerWorker(app: App, log: Log): Promise<Following> {
  const jobs = await app.jobs();
  const worker = await jobs.work(PARTNERS, ({ data }) => deliverAsked(app, data));
  // Where this process stands; one that begins looks at all once more, and the queue knows what it had.
  let after = 0;
  const look = async (): Promise<void> => {
    after = await queuePartnerEvents(app, after);
  };
  const following = everyAndOnChange(TICK_MILLIS, look, (error) =>
    log('partners-not-told', { reason: error instanceof Error ? error.message : String(error) }),
  );
  return {
    changed: () => following.changed(),
    stop: async () => {
      await following.stop();
      await worker.stop();
    },
  };
}
