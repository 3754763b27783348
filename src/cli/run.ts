import { COMMANDS } from './commands/index.ts';
import type { ExitCode } from './exit-codes.ts';
import { runCommands, type CliOutside } from './run-commands.ts';

const openApp: CliOutside['openApp'] = async (place) => (await import('./open-app.ts')).openApp(place);

/** Runs one command line to its end and answers with the exit code; throws nothing. A test may replace what is outside. */
export function runCli(argv: readonly string[], outside: Partial<CliOutside> = {}): Promise<ExitCode> {
  return runCommands(argv, { commands: COMMANDS, openApp, ...outside });
}
