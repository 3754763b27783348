import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import type { Session } from '../session.ts';
import { open, portOf, serverLog, tillInterrupted } from './serve-open.ts';

const HOST = '127.0.0.1';

/** Serves the pages and takes webhooks in until Ctrl-C. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const server = await open(session, {
    app,
    env: session.terminal.env,
    host: session.flags.text('host') ?? HOST,
    port: portOf(session),
    log: serverLog('info'),
  });
  await tillInterrupted(session);
  session.say(line('Finishing what is under way ...'));
  await server.stop();
  return {
    schema: 'serve',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: {},
    records: [],
    lines: () => [line('Stopped. What came in and was not acted on yet waits for the next start.')],
  };
}
