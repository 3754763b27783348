import { flagForm, GROUPS, synopsisOf, type CommandData, type FlagSpec } from './command.ts';
import { VARIABLES } from './environment.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { STATES } from './output/shapes.ts';

/** The manual page signalbox(1) as troff (man macros), made from the tree, the flags and the table of exit codes. */
export function manPage(commands: readonly CommandData[], version: string): string {
  const lines = [
    `.TH SIGNALBOX 1 "" "signalbox ${escape(version)}" "User Commands"`,
    '.SH NAME',
    String.raw`signalbox \- drives a software release over many repositories`,
    '.SH SYNOPSIS',
    String.raw`.B signalbox`,
    String.raw`.I noun verb`,
    String.raw`.RI [ subject ]`,
    String.raw`.RI [ flags ]`,
    '.SH DESCRIPTION',
    'From the first readiness check to general availability and its patch releases. Every move is shown before it is made, every no says why and',
    'who can change it, and nothing that cannot be undone happens by accident.',
    '.SH COMMANDS',
    ...GROUPS.flatMap((group) => groupOf(commands, group)),
    '.SH FLAGS OF EVERY COMMAND',
    ...GLOBAL_FLAGS.flatMap(flagOf),
    '.SH STATES',
    ...Object.values(STATES).flatMap((state) => [
      '.TP',
      String.raw`.B ${escape(state.ascii)} ${escape(state.word)}`,
      escape(state.means),
    ]),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap((row) => ['.TP', `.B ${row.code}`, `${escape(row.meaning)}. Next: ${escape(row.next)}`]),
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap((row) => ['.TP', `.B ${escape(row.name)}`, escape(row.summary)]),
    '.SH SEE ALSO',
    'signalbox help exit\\-codes, json, environment, plans, states',
  ];
  return `${lines.join('\n')}\n`;
}

function groupOf(commands: readonly CommandData[], group: (typeof GROUPS)[number]): readonly string[] {
  const own = commands.filter((command) => command.group === group);
  return own.length === 0 ? [] : [`.SS ${escape(group)}`, ...own.flatMap(commandOf)];
}

function commandOf(command: CommandData): readonly string[] {
  const codes = EXIT_CODES.filter((row) => command.exits.some((name) => name === row.name)).map((row) => row.code);
  return [
    '.TP',
    `.B ${escape(synopsisOf(command))}`,
    `${escape(sentence(command.summary))}${command.detail === undefined ? '' : ` ${escape(command.detail)}`}`,
    ...(codes.length === 0 ? [] : [`Also ends with ${codes.join(', ')}.`]),
    ...(command.flags.length === 0 ? [] : ['.RS', ...command.flags.flatMap(flagOf), '.RE']),
    ...command.examples.flatMap((example) => ['.RS', '.EX', escape(example), '.EE', '.RE']),
  ];
}

function flagOf(flag: FlagSpec): readonly string[] {
  return ['.TP', `.B ${escape(flagForm(flag))}`, escape(flag.summary)];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Backslashes and hyphens are escaped, and a line never begins with a control character of troff. */
function escape(text: string): string {
  const safe = text.replaceAll('\\', String.raw`\e`).replaceAll('-', String.raw`\-`);
  return /^[.']/u.test(safe) ? String.raw`\&${safe}` : safe;
}
