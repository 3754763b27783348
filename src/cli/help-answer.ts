import { closest } from '../domain/suggest.ts';
import type { CommandData } from './command.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { helpAll, helpCommand, helpNoun } from './help.ts';
import { TOPIC_NAMES } from './topic-names.ts';
import { asksHelp, findCommand } from './words.ts';

export interface HelpAnswer {
  readonly exit: ExitCode;
  readonly text: string;
}

/** Whether help was asked for, and which; null for everything else, topics and wrong words included. Needs the tree and nothing else. */
export function helpAnswer(commands: readonly CommandData[], argv: readonly string[]): HelpAnswer | null {
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

/** `signalbox help rc cut`; null for a topic, whose text is loaded elsewhere. */
function helpOn(commands: readonly CommandData[], words: readonly string[]): HelpAnswer | null {
  if (TOPIC_NAMES.some((each) => each.name === words[0])) return null;
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
