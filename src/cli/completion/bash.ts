import { nameOf, type CommandData } from '../command.ts';
import { GLOBAL_FLAGS } from '../flags.ts';
import { TOPIC_NAMES } from '../topic-names.ts';
import { firstWords, flagWords, kindsOf, nouns, quote, SHELLS, takingPattern, verbsOf } from './words.ts';

const reply = (words: string): string => `mapfile -t COMPREPLY < <(compgen -W ${words} -- "$cur")`;

/** For bash 4 and later. */
export function bash(commands: readonly CommandData[]): string {
  return `# bash completion of signalbox; made by: signalbox completion bash
_signalbox() {
${READ_WORDS.replace('TAKING', takingPattern(commands))}
  case $prev in
${choiceCases(commands)}
  ${takingPattern(commands)}) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
  esac
  first=\${words[0]-}
  second=\${words[1]-}
  if [[ -z $first && $cur != -* ]]; then
    ${reply(quote(firstWords(commands).join(' ')))}
    return
  fi
  case $first in
  help)
    ${reply(quote([...TOPIC_NAMES.map((topic) => topic.name), ...firstWords(commands)].join(' ')))}
    return ;;
${nouns(commands)
  .map((noun) => nounCase(commands, noun))
  .join('\n')}
  *) second='' ;;
  esac
  case "$first\${second:+ $second}" in
${commands.map((command) => `  ${quote(nameOf(command))}) flags=${quote(flagWords(command.flags))} kinds=${quote(kindsOf(command).join(' '))} ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    ${reply(`"$flags ${flagWords(GLOBAL_FLAGS)}"`)}
    return
  fi
${COMPLETE_KINDS}
}
complete -F _signalbox signalbox
`;
}

const READ_WORDS = `  local cur prev words=() word first second flags='' kinds='' skip=0 i
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((skip)); then skip=0; continue; fi
    case $word in
    TAKING) skip=1 ;;
    -*) ;;
    *) words+=("$word") ;;
    esac
  done`;

const add = (words: string): string => `mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen ${words} -- "$cur")`;

const COMPLETE_KINDS = `  for word in $kinds; do
    case $word in
    release | repo) ${add('-W "$(signalbox config names "$word" 2>/dev/null)"')} ;;
    file) ${add('-f')} ;;
    folder) ${add('-d')} ;;
    shell) ${add(`-W ${quote(SHELLS.join(' '))}`)} ;;
    esac
  done`;

function choiceCases(commands: readonly CommandData[]): string {
  const flags = [...GLOBAL_FLAGS, ...commands.flatMap((command) => command.flags)].filter(
    (flag) => flag.choices !== undefined,
  );
  return flags.map((flag) => `  --${flag.name}) ${reply(quote((flag.choices ?? []).join(' ')))}; return ;;`).join('\n');
}

function nounCase(commands: readonly CommandData[], noun: string): string {
  return `  ${noun})
    if [[ -z $second && $cur != -* ]]; then
      ${reply(quote(verbsOf(commands, noun).join(' ')))}
      return
    fi ;;`;
}
