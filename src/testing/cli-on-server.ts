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

/** Runs one command line on a server that listens for the time of it, over HTTP, and keeps what it wrote here. */
export async function cliRunOnServer(argv: readonly string[], outside: CliOutside = {}): Promise<CliRan> {
  const { app, ...caller } = outside;
  if (app === undefined) return cliRun(argv, outside);
  const now = (): Instant => Instant.parse(outside.now ?? '2025-06-24T14:05:00Z');
  const guard = tokenGuard({ token: { login: await app.who(), roles: [], how: 'token', scope: 'write' } });
  const { routes } = commandRoutes({
    app,
    guard,
    run: commandHost({ commands: COMMANDS, runAnother, now }),
    log: () => undefined,
  });
  const server = await listen(routes.fetch, { host: '127.0.0.1', port: 0 });
  const env = { ...caller.env, SIGNALBOX_SERVER: urlOf('127.0.0.1', server.port), SIGNALBOX_TOKEN: 'token' };
  try {
    // Without an app: whatever is not run on the server fails.
    return await cliRun(argv, { ...caller, env });
  } finally {
    await server.close();
  }
}
