import { GLOBAL_FLAGS } from '../flags.ts';
import type { CommandData, FlagSpec, ValueKind } from '../command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** First words of the command line: nouns and commands of one word. */
export function firstWords(commands: readonly CommandData[]): readonly string[] {
  return [...new Set([...commands.map((command) => command.words[0]), 'help'])];
}

export function verbsOf(commands: readonly CommandData[], noun: string): readonly string[] {
  return commands.flatMap((command) =>
    command.words[0] === noun && command.words[1] !== undefined ? [command.words[1]] : [],
  );
}

export function nouns(commands: readonly CommandData[]): readonly string[] {
  return [...new Set(commands.flatMap((command) => (command.words.length === 2 ? [command.words[0]] : [])))];
}

export function flagWords(flags: readonly FlagSpec[]): string {
  return flags.flatMap((flag) => [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]).join(' ');
}

export function kindsOf(command: CommandData): readonly ValueKind[] {
  return [...new Set(command.arguments.map((argument) => argument.kind))];
}

/** Flags whose next word is their value, as a pattern of `case`. */
export function takingPattern(commands: readonly CommandData[]): string {
  const taking = [...GLOBAL_FLAGS, ...commands.flatMap((command) => command.flags)].filter(
    (flag) => flag.value !== undefined && flag.valueOptional !== true,
  );
  const forms = taking.flatMap((flag) => [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]);
  return [...new Set(forms)].join(' | ');
}

/** A word in single quotes, as all three shells read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
