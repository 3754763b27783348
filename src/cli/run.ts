import { COMMANDS } from './commands/index.ts';
import type { ExitCode } from './exit-codes.ts';
import { runCommands, type CliOutside } from './run-commands.ts';

/** Runs one command line to its end and answers with the exit code; throws nothing. */
export function runCli(argv: readonly string[], outside: Partial<CliOutside> = {}): Promise<ExitCode> {
  return runCommands(argv, { commands: COMMANDS, ...outside });
}
