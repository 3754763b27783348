import type { App } from '../app/app.ts';
import { COMMANDS } from '../cli/commands/index.ts';
import { commandHost, type CommandHost } from '../cli/commands/serve-commands.ts';
import { execute } from '../cli/execute.ts';
import { Instant } from '../domain/instant.ts';
import { commandRoutes } from '../server/command-route.ts';
import { listen, urlOf } from '../server/listen.ts';
import { cliRun, type CliOutside, type CliRan } from './cli-terminal.ts';
import { tokenGuard } from './token-guard.ts';

const runAnother: CommandHost['runAnother'] = (argv, terminal, own) =>
  execute({
    commands: COMMANDS,
    argv,
    terminal,
    openApp: () => (own === undefined ? Promise.reject(new Error('a server has its app')) : Promise.resolve(own)),
  });

/** A server that runs command lines for the token `token`. */
export interface CommandServer {
  readonly url: string;
  /** Lets go of the port; a second time is nothing. */
  close(): Promise<void>;
}

export async function startCommandServer(app: App, at: string): Promise<CommandServer> {
  const guard = tokenGuard({ token: { login: await app.who(), roles: [], how: 'token', scope: 'write' } });
  const { routes } = commandRoutes({
    app,
    guard,
    run: commandHost({ commands: COMMANDS, runAnother, now: () => Instant.parse(at) }),
    log: () => undefined,
  });
  const server = await listen(routes.fetch, { host: '127.0.0.1', port: 0 });
  let closed: Promise<void> | null = null;
  return { url: urlOf('127.0.0.1', server.port), close: () => (closed ??= server.close()) };
}

/** Runs one command line on a server that listens for the time of it, over HTTP, and keeps what it wrote here. */
export async function cliRunOnServer(argv: readonly string[], outside: CliOutside = {}): Promise<CliRan> {
  const { app, ...caller } = outside;
  if (app === undefined) return cliRun(argv, outside);
  const server = await startCommandServer(app, outside.now ?? '2025-06-24T14:05:00Z');
  const env = { ...caller.env, SIGNALBOX_SERVER: server.url, SIGNALBOX_TOKEN: 'token' };
  try {
    // Without an app: whatever is not run on the server fails.
    return await cliRun(argv, { ...caller, env });
  } finally {
    await server.close();
  }
}
