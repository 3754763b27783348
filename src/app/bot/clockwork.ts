import { epochMillis, instantOf } from '../../domain/instant.ts';
import { failureCode } from '../../domain/observation.ts';
import type { App } from '../app.ts';
import { recheckDue } from '../promotion/rechecks.ts';
import { keepUp } from './keep.ts';
import { remindAsks } from './remind-asks.ts';
import { remindDue } from './remind.ts';
import { inTurn } from './turn.ts';

/** The queue of what is due by the clock. */
export const CLOCKWORK = 'clockwork';

const MINUTE = 60_000;
/** What is due is looked for so often; each such span is one job, whichever process gets to it. */
const SPAN_MILLIS = 5 * MINUTE;
/** Spans are remembered for two days. */
const REMEMBERED_MILLIS = 2 * 24 * 60 * MINUTE;

export interface Clockwork {
  /** Puts the job of the present span into the queue, unless some process has; to be called more often than spans change. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What the bot does because of the time and of nobody's word: reminders, and everything people read brought up to date. Nothing is kept in the process: a job is
 * known by its span, what was told by its marker, so that a restart neither loses nor repeats anything.
 */
export async function startClockwork(
  app: App,
  log: (event: string, facts: Readonly<Record<string, unknown>>) => void,
): Promise<Clockwork> {
  const jobs = await app.jobs();
  const worker = await jobs.work(CLOCKWORK, async () => {
    try {
      await inTurn(app, () => doDue(app, log));
    } catch (error) {
      // The world failed: the next span tries again, and a heap of dead jobs would tell nothing more. A bug goes on to the dead.
      if (failureCode(error) === null || !(error instanceof Error)) throw error;
      log('clockwork-failed', { reason: error.message });
    }
  });
  return {
    tick: async () => {
      const now = epochMillis(app.clock.now());
      const span = instantOf(now - (now % SPAN_MILLIS));
      await jobs.add(CLOCKWORK, [{ keys: [`span ${span}`], data: { span } }]);
      await jobs.forgetKeys(CLOCKWORK, instantOf(now - REMEMBERED_MILLIS));
    },
    stop: () => worker.stop(),
  };
}

async function doDue(app: App, log: Parameters<typeof startClockwork>[1]): Promise<void> {
  const reminders = (await remindDue(app)) + (await remindAsks(app));
  if (reminders > 0) log('reminded', { reminders });
  for (const { release, name, holds, findings } of await recheckDue(app)) {
    log('rechecked', { release, look: name, holds, findings });
  }
  const { failed } = await keepUp(app);
  if (failed.length > 0) log('not-kept-up', { failed });
}
