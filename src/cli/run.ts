import type { CommandSpec } from './command-spec.ts';
import { COMMANDS } from './commands/index.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { helpAll, helpCommand, helpNoun } from './help.ts';
import { closest } from '../domain/suggest.ts';
import { TOPIC_NAMES } from './topic-names.ts';
import type { Terminal, TrainPlace } from './session.ts';
import type { App } from '../app/app.ts';
import { asksHelp, findCommand } from './words.ts';

/** What a test may replace; the process's own otherwise. */
export interface CliOutside {
  readonly terminal?: Terminal;
  readonly commands?: readonly CommandSpec[];
  readonly openApp?: (place: TrainPlace) => Promise<App>;
}

/**
 * Runs one command line to its end and answers with the exit code; throws nothing. Help needs the tree only; everything else is loaded when
 * it is asked for, so that `signalbox --help` starts as fast as Node does.
 */
export async function runCli(argv: readonly string[], outside: CliOutside = {}): Promise<ExitCode> {
  const commands = outside.commands ?? COMMANDS;
  const help = await helpAnswer(commands, argv);
  if (help !== null) {
    write(outside.terminal, help.exit === 0 ? 'stdout' : 'stderr', help.text);
    return help.exit;
  }
  const { execute } = await import('./execute.ts');
  const { processTerminal } = await import('./terminal.ts');
  const openApp = outside.openApp ?? (async (place) => (await import('./open-app.ts')).openApp(place));
  return execute({ commands, argv, terminal: outside.terminal ?? processTerminal(), openApp });
}

function write(terminal: Terminal | undefined, stream: 'stdout' | 'stderr', text: string): void {
  if (terminal === undefined) process[stream].write(text);
  else terminal[stream].write(text);
}

interface HelpAnswer {
  readonly exit: ExitCode;
  readonly text: string;
}

/** Whether help was asked for, and which; null for everything else, wrong words included. */
async function helpAnswer(commands: readonly CommandSpec[], argv: readonly string[]): Promise<HelpAnswer | null> {
  const asked = findCommand(commands, argv, GLOBAL_FLAGS);
  if (asked.kind === 'nothing' && (argv.length === 0 || asksHelp(argv))) return ok(helpAll(commands, TOPIC_NAMES));
  if (asked.kind === 'noun')
    return { exit: asksHelp(argv) ? 0 : exitCode('usage'), text: helpNoun(commands, asked.noun) };
  if (asked.kind === 'command' && asksHelp(argv)) return ok(helpCommand(asked.command));
  const [word, ...rest] = argv.filter((each) => !each.startsWith('-'));
  if (asked.kind !== 'unknown' || word !== 'help') return null;
  return rest.length === 0 ? ok(helpAll(commands, TOPIC_NAMES)) : helpOn(commands, rest);
}

function ok(text: string): HelpAnswer {
  return { exit: exitCode('done'), text };
}

/** `signalbox help rc cut`, `signalbox help exit-codes`. */
async function helpOn(commands: readonly CommandSpec[], words: readonly string[]): Promise<HelpAnswer> {
  const topic = TOPIC_NAMES.find((each) => each.name === words[0]);
  if (topic !== undefined) {
    const { topicText } = await import('./topics.ts');
    return ok(topicText(topic.name));
  }
  const asked = findCommand(commands, words, GLOBAL_FLAGS);
  if (asked.kind === 'command') return ok(helpCommand(asked.command));
  if (asked.kind === 'noun') return ok(helpNoun(commands, asked.noun));
  const known = [...TOPIC_NAMES.map((each) => each.name), ...new Set(commands.map((command) => command.words[0]))];
  const near = closest(words[0] ?? '', known);
  const hint = near === null ? `topics: ${TOPIC_NAMES.map((each) => each.name).join(', ')}` : `did you mean ${near} ?`;
  return { exit: exitCode('usage'), text: `error: no help for ${shown(words.join(' '))}\n  ${hint}\n` };
}

function shown(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 60);
}
