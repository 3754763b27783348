import { flagForm, nameOf, type CommandData, type FlagSpec } from '../command.ts';
import { GLOBAL_FLAGS } from '../flags.ts';
import { parseArguments } from '../parse.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Flags } from '../session.ts';
import type { Environment } from '../output/style.ts';
import { findCommand } from '../words.ts';

/**
 * Why a command line cannot be run on a server: it reads or writes files of the machine it is typed on, or starts something there. Null where
 * it can, or where it is no command at all, which the server says better.
 */
export function notForServers(commands: readonly CommandData[], argv: readonly string[]): CommandStop | null {
  const asked = findCommand(commands, argv, GLOBAL_FLAGS);
  if (asked.kind !== 'command') return null;
  const { command } = asked;
  if (isHere(command)) return usage(`${nameOf(command)} is about this machine`, 'run it without --server');
  const given = fileFlagOf(command, asked.rest);
  return given === null
    ? null
    : usage(`${flagForm(given)} is about this machine`, 'leave it out: the server has a train of its own');
}

function fileFlagOf(command: CommandData, rest: readonly string[]): FlagSpec | null {
  const flags = [...command.flags, ...GLOBAL_FLAGS].filter(({ kind }) => kind === 'file' || kind === 'folder');
  try {
    const parsed = parseArguments(command, rest);
    return flags.find(({ name }) => parsed.flags.text(name) !== null) ?? null;
  } catch (error) {
    // What is wrong with the line is told by the command itself.
    if (error instanceof CommandStop) return null;
    throw error;
  }
}

/** Whether a server is to run the command. */
export function asksServer(flags: Flags, env: Environment): boolean {
  return flags.text('server') !== null || (env['SIGNALBOX_SERVER'] ?? '') !== '';
}

/** Whether a command is about this machine: it says so, or it takes files. */
export function isHere(command: CommandData): boolean {
  return command.here === true || command.arguments.some(({ kind }) => kind === 'file' || kind === 'folder');
}
