import type { CommandData, FlagSpec } from '../command.ts';
import { GLOBAL_FLAGS } from '../flags.ts';
import { TOPIC_NAMES } from '../topic-names.ts';
import { firstWords, kindsOf, nouns, quote, SHELLS, verbsOf } from './words.ts';

const seen = (words: readonly string[]): string =>
  words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');

export function fish(commands: readonly CommandData[]): string {
  const lines = [
    '# fish completion of signalbox; made by: signalbox completion fish',
    'complete -c signalbox -f',
    ...firstWords(commands).map((word) => firstLine(commands, word)),
    ...nouns(commands).flatMap((noun) => verbLines(commands, noun)),
    ...TOPIC_NAMES.map(
      (topic) => `complete -c signalbox -n ${quote(seen(['help']))} -a ${topic.name} -d ${quote(topic.summary)}`,
    ),
    ...commands.flatMap(commandLines),
    ...GLOBAL_FLAGS.map((flag) => `complete -c signalbox ${flagText(flag)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function firstLine(commands: readonly CommandData[], word: string): string {
  const bare = commands.find((command) => command.words.length === 1 && command.words[0] === word);
  return `complete -c signalbox -n __fish_use_subcommand -a ${word} -d ${quote(bare?.summary ?? verbsOf(commands, word).join(', '))}`;
}

function verbLines(commands: readonly CommandData[], noun: string): readonly string[] {
  const verbs = verbsOf(commands, noun).join(' ');
  const unsaid = `${seen([noun])}; and not __fish_seen_subcommand_from ${verbs}`;
  return commands.flatMap((command) =>
    command.words[0] === noun && command.words[1] !== undefined
      ? [`complete -c signalbox -n ${quote(unsaid)} -a ${command.words[1]} -d ${quote(command.summary)}`]
      : [],
  );
}

function commandLines(command: CommandData): readonly string[] {
  const said = quote(seen(command.words));
  const kinds = kindsOf(command);
  return [
    ...command.flags.map((flag) => `complete -c signalbox -n ${said} ${flagText(flag)}`),
    ...kinds
      .filter((kind) => kind === 'release' || kind === 'repo')
      .map((kind) => `complete -c signalbox -n ${said} -a ${quote(`(signalbox config names ${kind} 2>/dev/null)`)}`),
    ...(kinds.includes('shell') ? [`complete -c signalbox -n ${said} -a ${quote(SHELLS.join(' '))}`] : []),
    ...(kinds.some((kind) => kind === 'file' || kind === 'folder') ? [`complete -c signalbox -n ${said} -F`] : []),
  ];
}

function flagText(flag: FlagSpec): string {
  const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
  return `-l ${flag.name}${short}${valueText(flag)} -d ${quote(flag.summary)}`;
}

function valueText(flag: FlagSpec): string {
  if (flag.value === undefined || flag.valueOptional === true) return '';
  return flag.choices === undefined ? ' -r -F' : ` -x -a ${quote(flag.choices.join(' '))}`;
}
