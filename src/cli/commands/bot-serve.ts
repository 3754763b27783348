import { readFile } from 'node:fs/promises';
import type { App } from '../../app/app.ts';
import { handleDelivery, handleLastTry } from '../../app/bot/handle.ts';
import { hookPlaces, type HookPlaces } from '../../app/bot/hooks.ts';
import { startClockwork } from '../../app/bot/clockwork.ts';
import { keepUp } from '../../app/bot/keep.ts';
import { inTurn } from '../../app/bot/turn.ts';
import { readEnvironment } from '../../config/environment.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import { failureCode } from '../../domain/observation.ts';
import { every } from '../../server/every.ts';
import { IntakeError, startIntake, type Intake } from '../../server/intake.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Session } from '../session.ts';

const PORT = 8787;
/** How often the clock is looked at. */
const TICK_MILLIS = 60_000;

type Log = (event: string, facts: Readonly<Record<string, unknown>>) => void;

/** Takes webhooks in and answers commands until Ctrl-C. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const me = await app.who();
  const log: Log = (event, facts) => session.say(line(`${app.clock.now()} ${event} ${JSON.stringify(facts)}`));
  const intake = await start(session, portOf(session), log);
  const clockwork = await startClockwork(app, log);
  const endTicking = every(
    TICK_MILLIS,
    () => clockwork.tick(),
    (error) => log('clockwork-failed', { reason: error instanceof Error ? error.message : String(error) }),
  );
  session.say(
    line(`Listening at ${intake.url} as ${me}; end it with Ctrl-C.`),
    line(
      'The forge sends issue comments, pull requests, pushes and checks there, signed with SIGNALBOX_WEBHOOK_SECRET.',
    ),
  );
  await new Promise<void>((ended) => {
    const off = session.terminal.onInterrupt(() => {
      off();
      ended();
    });
  });
  await intake.stop();
  await endTicking();
  await clockwork.stop();
  return {
    schema: 'bot-serve',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: {},
    records: [],
    lines: () => [line('Stopped; what came in and was not acted on yet waits for the next start.')],
  };
}

function portOf(session: Session): number {
  const text = session.flags.text('port');
  if (text === null) return PORT;
  const port = Number(text);
  if (/^\d{1,5}$/u.test(text) && port <= 65_535) return port;
  throw usage(`--port ${text.slice(0, 20)} is no port: a number from 0 (any free one) to 65535`);
}

async function start(session: Session, port: number, log: Log): Promise<Intake> {
  const app = await session.app();
  const environment = await readEnvironment(session.terminal.env, (path) => readFile(path, 'utf8'));
  const keeper = keeperOf(app, log);
  const secret = environment.ok ? environment.value.webhookSecret : null;
  try {
    return await startIntake({
      jobs: await app.jobs(),
      clock: app.clock,
      hook: await hooksOf(session, app),
      secrets: secret === null ? [] : [secret.reveal()],
      handle: async (delivery, isLast) => {
        await (isLast ? handleLastTry(app, delivery) : handleDelivery(app, delivery));
        await keeper.soon();
      },
      port,
      log,
    });
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    throw new CommandStop('usage', error.message, {
      next: ['set SIGNALBOX_WEBHOOK_SECRET; see: signalbox help environment'],
      cause: error,
    });
  }
}

/** Where deliveries that were lost are looked for; said when they cannot be. */
async function hooksOf(session: Session, app: App): Promise<HookPlaces | null> {
  const hooks = await hookPlaces(app);
  if (hooks === null || hooks.places.length > 0) return hooks;
  session.say(
    line(
      'No webhook of the train could be read, so lost deliveries are not looked for: that needs the token of an admin.',
    ),
  );
  return null;
}

/** A tracker is edited at most so often (ux.md 4.4): deliveries come in bursts. */
const KEEP_EVERY_MILLIS = 30_000;

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
