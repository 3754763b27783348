import { WHEELS } from './commands/wheels.ts';
import type { ExitCode } from './exit-codes.ts';
import { runCommands } from './run-commands.ts';

/**
 * The same for the commands on wheels. Most of them end sooner than Node reads the fifty files of which a command consists, so these are bundled into one
 * (scripts/build.mjs).
 */
export function runCli(argv: readonly string[]): Promise<ExitCode> {
  return runCommands(argv, { commands: WHEELS });
}
