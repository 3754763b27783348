import { actOnDeliveries, hooksOf, startTicking, type Log } from '../../server/duties.ts';
import { startIntake, type Intake } from '../../server/intake.ts';
import { IntakeError } from '../../server/listen.ts';
import { environmentOf } from '../environment-of.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';
import { portOf, tillInterrupted } from './serve-open.ts';

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
  await tillInterrupted(session);
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

async function start(session: Session, port: number, log: Log): Promise<Intake> {
  const app = await session.app();
  const { webhookSecret: secret } = await environmentOf(session.terminal.env);
  try {
    return await startIntake({
      jobs: await app.jobs(),
      clock: app.clock,
      hook: await hooksOf(app, log),
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
