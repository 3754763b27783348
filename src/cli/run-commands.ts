import type { App } from '../app/app.ts';
import type { CommandSpec } from './command-spec.ts';
import type { ExitCode } from './exit-codes.ts';
import { helpAnswer } from './help-answer.ts';
import type { Terminal, TrainPlace } from './session.ts';
import { TOPIC_NAMES } from './topic-names.ts';

/** The commands there are, what opens their train, and the terminal: the process's own when none is given. */
export interface CliOutside {
  readonly terminal?: Terminal;
  readonly commands: readonly CommandSpec[];
  readonly openApp: (place: TrainPlace) => Promise<App>;
}

/** Runs one command line to its end and answers with the exit code; throws nothing. What a command needs is loaded when it is called. */
export async function runCommands(argv: readonly string[], outside: CliOutside): Promise<ExitCode> {
  const { commands, openApp } = outside;
  const { processTerminal } = await import('./terminal.ts');
  const terminal = outside.terminal ?? processTerminal();
  const help = helpAnswer(commands, argv) ?? (await topicAnswer(argv));
  if (help !== null) {
    terminal[help.exit === 0 ? 'stdout' : 'stderr'].write(help.text);
    return help.exit;
  }
  const { execute } = await import('./execute.ts');
  return execute({ commands, argv, terminal, openApp });
}

/** `signalbox help exit-codes`; null for everything else. */
async function topicAnswer(argv: readonly string[]): Promise<ReturnType<typeof helpAnswer>> {
  const [word, name] = argv.filter((each) => !each.startsWith('-'));
  const topic = TOPIC_NAMES.find((each) => each.name === name);
  if (word !== 'help' || topic === undefined) return null;
  const { topicText } = await import('./topics.ts');
  return { exit: 0, text: topicText(topic.name) };
}
