import { Command, CommanderError, Option } from 'commander';
import { flagForm, nameOf, synopsisOf, type CommandData, type FlagSpec } from './command.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { usage } from './problem.ts';
import type { Flags } from './session.ts';
import { closest } from '../domain/suggest.ts';
import { valueFlags } from './words.ts';

export interface Parsed {
  readonly flags: Flags;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Reads the arguments of one command, whose words are already taken away. Every mistake is a usage error, and nothing was run. */
export function parseArguments(spec: CommandData, argv: readonly string[]): Parsed {
  const known = [...GLOBAL_FLAGS, ...spec.flags];
  const command = new Command(nameOf(spec))
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .helpOption(false)
    .allowExcessArguments(true)
    .argument('[values...]')
    .action(() => undefined);
  for (const flag of known) command.addOption(optionOf(flag));
  try {
    command.parse([...withBareValues(argv, known)], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw usageOf(error, spec, known);
    throw error;
  }
  return { flags: flagsOf(command.opts<Record<string, unknown>>()), values: bind(spec, command.args) };
}

function optionOf(flag: FlagSpec): Option {
  const long =
    flag.value === undefined
      ? `--${flag.name}`
      : `--${flag.name} ${flag.valueOptional === true ? '[value]' : '<value>'}`;
  const made = new Option(flag.short === undefined ? long : `-${flag.short}, ${long}`, flag.summary);
  // `--no-input` is a flag of its own here, not the opposite of another.
  made.negate = false;
  if (flag.choices !== undefined) made.choices([...flag.choices]);
  if (flag.many === true) {
    made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return made;
}

/** `--json` alone would take the next word for its value; `--json=` does not. */
function withBareValues(argv: readonly string[], known: readonly FlagSpec[]): readonly string[] {
  const optional = new Set(known.filter((flag) => flag.valueOptional === true).map((flag) => `--${flag.name}`));
  const taking = valueFlags(known);
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    const isValue = taking.has(argv[index - 1] ?? '');
    return optional.has(word) && !isValue && (end === -1 || index < end) ? `${word}=` : word;
  });
}

function usageOf(error: CommanderError, spec: CommandData, known: readonly FlagSpec[]): Error {
  const see = `see: signalbox help ${nameOf(spec)}`;
  const quoted = /'([^']*)'/u.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownOption') {
    const near = closest(
      quoted.replace(/^-+/u, '').split('=')[0] ?? '',
      known.map((flag) => flag.name),
    );
    return usage(`unknown flag ${quoted}`, ...(near === null ? [] : [`did you mean --${near} ?`]), see);
  }
  const flag = known.find((each) => quoted.includes(`--${each.name}`));
  if (error.code === 'commander.optionMissingArgument' && flag !== undefined) {
    return usage(`--${flag.name} needs a value: ${flagForm(flag)}`, see);
  }
  if (error.code === 'commander.invalidArgument' && flag?.choices !== undefined) {
    return usage(`--${flag.name} takes one of: ${flag.choices.join(', ')}`, see);
  }
  return usage(error.message.replace(/^error: /u, ''), see);
}

function flagsOf(values: Readonly<Record<string, unknown>>): Flags {
  const read = (name: string): unknown =>
    values[name.replaceAll(/-([a-z])/gu, (_all, letter: string) => letter.toUpperCase())];
  return {
    has: (name) => read(name) !== undefined && read(name) !== false,
    text: (name) => {
      const value = read(name);
      return typeof value === 'string' ? value : null;
    },
    list: (name) => {
      const value = read(name);
      if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
      return typeof value === 'string' ? [value] : [];
    },
  };
}

/** Gives the values to the arguments in order; optional ones go without first, wherever they stand. */
function bind(spec: CommandData, values: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const required = spec.arguments.filter((argument) => argument.optional !== true);
  const see = `see: signalbox help ${nameOf(spec)}`;
  if (values.length < required.length) {
    const missing = required.slice(values.length).map((argument) => argument.name);
    throw usage(`${missing.join(' and ')} missing: signalbox ${synopsisOf(spec)}`, see);
  }
  const takesMany = spec.arguments.at(-1)?.many === true;
  const surplus = values[spec.arguments.length];
  if (surplus !== undefined && !takesMany)
    throw usage(`one argument too many: ${surplus}`, `signalbox ${synopsisOf(spec)}`, see);
  const bound = new Map<string, readonly string[]>();
  let spare = values.length - required.length;
  let next = 0;
  for (const argument of spec.arguments) {
    const value = values[next];
    if (value === undefined) break;
    if (argument.optional === true) {
      if (spare === 0) continue;
      spare -= 1;
    }
    const taken = argument.many === true ? values.slice(next) : [value];
    bound.set(argument.name, taken);
    next += taken.length;
  }
  return bound;
}
