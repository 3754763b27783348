import type { App } from '../../app/app.ts';
import { makeSignInLink } from '../../app/sign-in/link.ts';
import type { Log } from '../../server/duties.ts';
import { IntakeError } from '../../server/listen.ts';
import { safeStart } from '../../server/safe-start.ts';
import { startServer, type Server } from '../../server/serve.ts';
import { environmentOf } from '../environment-of.ts';
import { line, span } from '../output/line.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Session, Terminal } from '../session.ts';
import { commandHost } from './serve-commands.ts';
import { packageVersion } from './version.ts';

export { serverLog } from '../../server/log.ts';

const PORT = 8787;

export interface Opening {
  readonly app: App;
  /** The variables that secrets are read from. */
  readonly env: Terminal['env'];
  readonly host: string;
  readonly port: number;
  readonly log: Log;
}

/** Starts the server for a session, and says where it is and how to get in. */
export async function open(session: Session, { app, env, host, port, log }: Opening): Promise<Server> {
  const environment = await environmentOf(env);
  const outside = session.flags.text('outside');
  const safe = safeStart({
    host,
    outside,
    behindTls: session.flags.has('behind-tls'),
    hasSignIn: app.signIn !== null,
    hasWebhookSecret: environment.webhookSecret !== null,
  });
  if (!safe.ok) {
    const [first, ...rest] = safe.problems;
    throw new CommandStop('refused', first.text, { next: rest.map(({ text }) => text), word: 'NOT_SAFE' });
  }
  try {
    const server = await startServer({
      app,
      host,
      port,
      safe: safe.value,
      behindProxy: session.flags.has('behind-tls'),
      webhookSecrets: environment.webhookSecret === null ? [] : [environment.webhookSecret.reveal()],
      works: !session.flags.has('no-work'),
      warmsUp: true,
      run: commandHost({
        commands: session.commands,
        runAnother: (...given) => session.runAnother(...given),
        now: () => app.clock.now(),
      }),
      version: packageVersion(),
      log,
    });
    const address = safe.value.outside ?? server.url;
    session.say(line('Open at ', span(address, 'strong'), '; end it with Ctrl-C.'));
    if (safe.value.local) {
      const link = await makeSignInLink(app);
      session.say(
        line(`Sign in as ${link.login} with this link, once, within ten minutes:`),
        line(span(`  ${server.url}${link.path}`, 'strong')),
      );
    }
    if (environment.webhookSecret === null)
      session.say(line('No webhooks are taken in: SIGNALBOX_WEBHOOK_SECRET is not set.'));
    return server;
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    throw new CommandStop('usage', error.message, { next: ['see: signalbox help environment'], cause: error });
  }
}

/** Resolves at the first Ctrl-C. */
export async function tillInterrupted(session: Session): Promise<void> {
  await new Promise<void>((ended) => {
    const off = session.terminal.onInterrupt(() => {
      off();
      ended();
    });
  });
}

/** --port, or the usual one. */
export function portOf(session: Session): number {
  const text = session.flags.text('port');
  if (text === null) return PORT;
  const port = Number(text);
  if (/^\d{1,5}$/u.test(text) && port <= 65_535) return port;
  throw usage(`--port ${text.slice(0, 20)} is no port: a number from 0 (any free one) to 65535`);
}
