import type { App } from '../app/app.ts';
import { startClockwork } from '../app/bot/clockwork.ts';
import { handleDelivery, handleLastTry } from '../app/bot/handle.ts';
import { hookPlaces, type HookPlaces } from '../app/bot/hooks.ts';
import { keepUp } from '../app/bot/keep.ts';
import { inTurn } from '../app/bot/turn.ts';
import type { HandleDelivery } from '../app/deliveries.ts';
import { startVerdictWatch } from '../app/verdicts/watch.ts';
import { elapsedMillis, type Instant } from '../domain/instant.ts';
import { failureCode } from '../domain/observation.ts';
import { every } from './every.ts';

export type Log = (event: string, facts: Readonly<Record<string, unknown>>) => void;

/** How often the clock is looked at. */
const TICK_MILLIS = 60_000;
/** A tracker is edited at most so often (ux.md 4.4): deliveries come in bursts. */
const KEEP_EVERY_MILLIS = 30_000;

/** Acts on deliveries as the bot: does what was asked, then brings comments and trackers up to date. */
export function actOnDeliveries(app: App, log: Log): HandleDelivery {
  const keeper = keeperOf(app, log);
  return async (delivery, isLast) => {
    await (isLast ? handleLastTry(app, delivery) : handleDelivery(app, delivery));
    await keeper.soon();
  };
}

/** What is due by the clock, and gates whose verdicts turned, looked for every minute until it is stopped. */
export async function startTicking(app: App, log: Log): Promise<{ stop(): Promise<void> }> {
  const [clockwork, verdicts] = [await startClockwork(app, log), await startVerdictWatch(app, log)];
  const failing =
    (event: string) =>
    (error: unknown): void =>
      log(event, { reason: error instanceof Error ? error.message : String(error) });
  // Side by side: judging a large train takes its time, and reminders do not wait for it.
  const ends = [
    every(TICK_MILLIS, () => clockwork.tick(), failing('clockwork-failed')),
    every(TICK_MILLIS, () => verdicts.tick(), failing('verdicts-not-recorded')),
  ];
  return {
    stop: async () => {
      verdicts.leave();
      for (const end of ends) await end();
      await clockwork.stop();
      await verdicts.stop();
    },
  };
}

/**
 * Brings comments and trackers up to date after what came in, not more often than is good for the forge. A failure is told and no more: the delivery was acted
 * on, and the clockwork looks again.
 */
function keeperOf(app: App, log: Log): { readonly soon: () => Promise<void> } {
  let last: Instant | null = null;
  return {
    async soon() {
      const now = app.clock.now();
      if (last !== null && elapsedMillis(last, now) < KEEP_EVERY_MILLIS) return;
      last = now;
      try {
        const kept = await inTurn(app, () => keepUp(app));
        if (kept !== null && kept.failed.length > 0) log('not-kept-up', { failed: kept.failed });
      } catch (error) {
        if (failureCode(error) === null || !(error instanceof Error)) throw error;
        log('not-kept-up', { failed: [error.message] });
      }
    },
  };
}

/** Where deliveries that were lost are looked for; said when they cannot be. */
export async function hooksOf(app: App, log: Log): Promise<HookPlaces | null> {
  const hooks = await hookPlaces(app);
  if (hooks === null || hooks.places.length > 0) return hooks;
  log('webhooks-not-readable', { why: 'lost deliveries are not looked for: that needs the token of an admin' });
  return null;
}
