import { WHEELS } from './commands/wheels.ts';
import type { ExitCode } from './exit-codes.ts';
import { runCommands } from './run-commands.ts';

/**
 * The same for the commands on wheels. Most of them end sooner than Node reads the fifty files of which a command consists, so these are bundled into one
 * (scripts/build.mjs). They read files and at most a train file; what opens a train's database and forge is no part of it.
 */
export function runCli(argv: readonly string[]): Promise<ExitCode> {
  return runCommands(argv, {
    commands: WHEELS,
    openApp: () => Promise.reject(new Error('commands on wheels open no train')),
  });
}
