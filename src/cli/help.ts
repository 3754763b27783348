import { flagForm, GROUPS, nameOf, synopsisOf, type CommandData, type FlagSpec } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './flags.ts';

/** Help is plain text in 80 columns, made from the tree alone: no other module is loaded for it. */
const COLUMNS = 80;

/** `signalbox --help`. */
export function helpAll(
  commands: readonly CommandData[],
  topics: readonly { readonly name: string; readonly summary: string }[],
): string {
  const groups = GROUPS.flatMap((group) => {
    const rows = commands
      .filter((command) => command.group === group)
      .map((command) => pair(synopsisOf(command), command.summary, 25));
    return rows.length === 0 ? [] : ['', group, ...rows.flat()];
  });
  return text([
    'Signalbox drives a software release over many repositories: every move is shown',
    'before it is made, every "no" says why and who can change it.',
    '',
    'USAGE',
    '  signalbox <noun> <verb> [subject] [flags]',
    ...groups,
    '',
    'FLAGS OF EVERY COMMAND',
    ...flagRows(GLOBAL_FLAGS),
    '',
    'TOPICS',
    ...topics.flatMap((topic) => pair(topic.name, topic.summary, 25)),
    '',
    'More: signalbox help COMMAND, signalbox help TOPIC, signalbox man | man -l -',
    'A first look: signalbox rehearse',
  ]);
}

/** `signalbox rc --help`. */
export function helpNoun(commands: readonly CommandData[], noun: string): string {
  const verbs = commands.filter((command) => command.words[0] === noun);
  return text([
    'USAGE',
    `  signalbox ${noun} <verb> [subject] [flags]`,
    '',
    'VERBS',
    ...verbs.flatMap((command) => pair(synopsisOf(command), command.summary, 25)),
    '',
    `More: signalbox help ${noun} VERB`,
  ]);
}

/** `signalbox rc cut --help`. */
export function helpCommand(command: CommandData): string {
  const own = command.flags.length === 0 ? '' : ' [flags]';
  return text([
    `signalbox ${nameOf(command)}: ${command.summary}`,
    '',
    'USAGE',
    `  signalbox ${synopsisOf(command)}${own}`,
    ...section('', command.detail === undefined ? [] : wrap(command.detail, COLUMNS)),
    ...section(
      'ARGUMENTS',
      command.arguments.flatMap((argument) => pair(argument.name, argument.summary, 22)),
    ),
    ...section('FLAGS', flagRows(command.flags)),
    ...section(
      'EXAMPLES',
      command.examples.map((example) => `  ${example}`),
    ),
    ...section('EXIT CODES', exitRows(command)),
    '',
    'Flags of every command: signalbox help',
  ]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return title === '' ? ['', ...lines] : ['', title, ...lines];
}

function exitRows(command: CommandData): readonly string[] {
  const names: readonly string[] = ['done', 'failed', 'usage', ...command.exits];
  return EXIT_CODES.filter((row) => names.includes(row.name)).map(
    (row) => `  ${String(row.code).padStart(3)}  ${row.meaning}`,
  );
}

function flagRows(flags: readonly FlagSpec[]): readonly string[] {
  return flags.flatMap((flag) => pair(`${flag.short === undefined ? '    ' : ''}${flagForm(flag)}`, flag.summary, 22));
}

/** Two columns; a left text that is too long takes a line of its own. */
export function pair(left: string, right: string, column: number): readonly string[] {
  const lines = wrap(right, COLUMNS - 3 - column);
  const rest = lines.slice(1).map((line) => `${' '.repeat(column + 3)}${line}`);
  if (left.length > column) return [`  ${left}`, ...lines.map((line) => `${' '.repeat(column + 3)}${line}`)];
  return [`  ${left.padEnd(column)} ${lines[0] ?? ''}`.trimEnd(), ...rest];
}

function wrap(words: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
