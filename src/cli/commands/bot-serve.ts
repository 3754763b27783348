import { readFile } from 'node:fs/promises';
import type { App } from '../../app/app.ts';
import { hookPlaces, type HookPlaces } from '../../app/bot/hooks.ts';
import { readEnvironment } from '../../config/environment.ts';
import { actOnDeliveries, startTicking, type Log } from '../../server/duties.ts';
import { startIntake, type Intake } from '../../server/intake.ts';
import { IntakeError } from '../../server/listen.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Session } from '../session.ts';

const PORT = 8787;
/** Takes webhooks in and answers commands until Ctrl-C. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const me = await app.who();
  const log: Log = (event, facts) => session.say(line(`${app.clock.now()} ${event} ${JSON.stringify(facts)}`));
  const intake = await start(session, portOf(session), log);
  const ticking = await startTicking(app, log);
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
  await ticking.stop();
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
  const secret = environment.ok ? environment.value.webhookSecret : null;
  try {
    return await startIntake({
      jobs: await app.jobs(),
      clock: app.clock,
      hook: await hooksOf(session, app),
      secrets: secret === null ? [] : [secret.reveal()],
      handle: actOnDeliveries(app, log),
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
