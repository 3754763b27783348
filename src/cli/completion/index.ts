import type { CommandData } from '../command.ts';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import type { Shell } from './words.ts';
import { zsh } from './zsh.ts';

export { SHELLS } from './words.ts';

/** A completion script made from the tree: nouns, verbs, flags and their choices; releases and repositories are asked of the train. */
export function completionScript(shell: Shell, commands: readonly CommandData[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
  }
}
