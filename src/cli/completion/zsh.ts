import { nameOf, type CommandData, type FlagSpec } from '../command.ts';
import { GLOBAL_FLAGS } from '../flags.ts';
import { TOPIC_NAMES } from '../topic-names.ts';
import { firstWords, kindsOf, nouns, quote, SHELLS, takingPattern, verbsOf } from './words.ts';

const described = (names: readonly (readonly [string, string])[]): string =>
  names.map(([name, summary]) => quote(`${name}:${summary}`)).join(' ');

const flagsOf = (flags: readonly FlagSpec[]): string =>
  described(flags.map((flag) => [`--${flag.name}`, flag.summary]));

export function zsh(commands: readonly CommandData[]): string {
  return `#compdef signalbox
# zsh completion of signalbox; made by: signalbox completion zsh
_signalbox() {
  local -a found plain flags kinds
  local word skip=0
  for word in \${words[2,CURRENT-1]}; do
    if ((skip)); then skip=0; continue; fi
    case $word in
    ${takingPattern(commands)}) skip=1 ;;
    -*) ;;
    *) plain+=("$word") ;;
    esac
  done
  if ((\${#plain} == 0)) && [[ $PREFIX != -* ]]; then
    found=(${described(firsts(commands))})
    _describe command found
    return
  fi
  if ((\${#plain} == 1)) && [[ $PREFIX != -* ]]; then
    case $plain[1] in
    help) found=(${described(TOPIC_NAMES.map((topic) => [topic.name, topic.summary]))}); _describe topic found; return ;;
${nouns(commands)
  .map((noun) => nounCase(commands, noun))
  .join('\n')}
    esac
  fi
  case "$plain[1] $plain[2]" in
${commands.map(commandCase).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    flags+=(${flagsOf(GLOBAL_FLAGS)})
    _describe flag flags
    return
  fi
  for word in $kinds; do
    case $word in
    release | repo) found=(\${(f)"$(signalbox config names $word 2>/dev/null)"}); ((\${#found})) && compadd -a found ;;
    file) _files ;;
    folder) _files -/ ;;
    shell) compadd ${SHELLS.join(' ')} ;;
    esac
  done
}
if [[ \${funcstack[1]} == _signalbox ]]; then _signalbox "$@"; else compdef _signalbox signalbox; fi
`;
}

function firsts(commands: readonly CommandData[]): readonly (readonly [string, string])[] {
  return firstWords(commands).map((word) => {
    const bare = commands.find((command) => command.words.length === 1 && command.words[0] === word);
    return [
      word,
      bare?.summary ?? (word === 'help' ? 'help on a command or a topic' : verbsOf(commands, word).join(', ')),
    ];
  });
}

function nounCase(commands: readonly CommandData[], noun: string): string {
  const verbs = commands.filter((command) => command.words[0] === noun && command.words[1] !== undefined);
  return `    ${noun}) found=(${described(verbs.map((command) => [command.words[1] ?? '', command.summary]))}); _describe verb found; return ;;`;
}

function commandCase(command: CommandData): string {
  const pattern = command.words.length === 2 ? quote(nameOf(command)) : `${quote(`${nameOf(command)} `)}*`;
  return `  ${pattern}) flags=(${flagsOf(command.flags)}) kinds=(${kindsOf(command).join(' ')}) ;;`;
}
