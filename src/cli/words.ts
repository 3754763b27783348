import { nameOf, type CommandData, type FlagSpec } from './command.ts';
import { usage, type CommandStop } from './problem.ts';
import { closest } from '../domain/suggest.ts';

/** The forms of flags whose next word is their value. */
export function valueFlags(flags: readonly FlagSpec[]): ReadonlySet<string> {
  const taking = flags.filter((flag) => flag.value !== undefined && flag.valueOptional !== true);
  return new Set(taking.flatMap((flag) => [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]));
}

/** What the command line asks for, before its arguments are read. */
export type Asked<Command extends CommandData> =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'noun'; readonly noun: string }
  /** `rest` is everything but the words of the command. */
  | { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
  | { readonly kind: 'unknown'; readonly stop: CommandStop };

/** Finds the words of a command among flags that may stand anywhere. No abbreviations; an unknown word is told, with the nearest known one. */
export function findCommand<Command extends CommandData>(
  commands: readonly Command[],
  argv: readonly string[],
  flags: readonly FlagSpec[],
): Asked<Command> {
  const places = wordPlaces(argv, valueFlags([...flags, ...commands.flatMap((command) => command.flags)]));
  const [first, second] = places;
  const noun = first === undefined ? undefined : argv[first];
  if (noun === undefined || first === undefined) return { kind: 'nothing' };
  const without = (...gone: readonly number[]): readonly string[] =>
    argv.filter((_word, index) => !gone.includes(index));
  const bare = commands.find((command) => command.words.length === 1 && command.words[0] === noun);
  if (bare !== undefined) return { kind: 'command', command: bare, rest: without(first) };
  const verbs = commands.filter((command) => command.words.length === 2 && command.words[0] === noun);
  if (verbs.length === 0) return { kind: 'unknown', stop: unknownWord(commands, noun) };
  const verb = second === undefined ? undefined : argv[second];
  if (verb === undefined || second === undefined) return { kind: 'noun', noun };
  const command = verbs.find((each) => each.words[1] === verb);
  if (command !== undefined) return { kind: 'command', command, rest: without(first, second) };
  const near = closest(
    verb,
    verbs.map((each) => each.words[1] ?? ''),
  );
  const known = verbs.map((each) => each.words[1]).join(', ');
  return {
    kind: 'unknown',
    stop: usage(
      `no command ${noun} ${verb}`,
      ...(near === null ? [`there are: ${known}`] : [`did you mean ${noun} ${near} ?`]),
      `see: signalbox help ${noun}`,
    ),
  };
}

function unknownWord(commands: readonly CommandData[], word: string): CommandStop {
  const firsts = [...new Set(commands.map((command) => command.words[0]))];
  const near = closest(word, firsts);
  // A verb without its noun: `cut` is `branch cut` or `rc cut`.
  const asVerb = commands.filter((command) => command.words[1] === word).map((command) => nameOf(command));
  const meant = near !== null ? [near] : asVerb;
  return usage(
    `no command ${word}`,
    ...(meant.length === 0 ? [] : [`did you mean ${meant.join(' or ')} ?`]),
    'see: signalbox help',
  );
}

function wordPlaces(argv: readonly string[], taking: ReadonlySet<string>): readonly number[] {
  const places: number[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') break;
    if (word.startsWith('-') && word !== '-') {
      if (taking.has(word)) index += 1;
      continue;
    }
    places.push(index);
  }
  return places;
}

/** Whether `-h` or `--help` is given, before `--`. */
export function asksHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--help' || word === '-h');
}
