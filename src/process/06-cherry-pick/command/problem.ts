import type { Train } from '../../../domain/train/train.ts';
import { grammarOf, type CommandName } from './grammar.ts';
import { usageOf, usageOfAll } from './help.ts';
import { LONGEST_COMMENT, MOST_COMMANDS } from './lines.ts';
import type { SplitProblem } from './split.ts';

/** Why a command is not understood. */
export type CommandProblem =
  | SplitProblem
  | { readonly code: 'comment-too-long' }
  | { readonly code: 'too-many-commands'; readonly beyond: number }
  | {
      readonly code: 'unknown-command';
      readonly word: string;
      readonly suggestion: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: 'bad-arguments';
      readonly command: CommandName;
      /** Worded as argparse does. */
      readonly message: string;
      /** Told under the name of the bot, not of the command: argparse does so with what no command knows. */
      readonly ofBot: boolean;
    };

/** What is wrong with a command and what to write instead, as plain text: whoever shows it puts it into a code fence. */
export function explainCommand(problem: CommandProblem, train: Train): string {
  const bot = `@${train.picks.bot}`;
  const error = (message: string): string => `${bot}: error: ${message}`;
  switch (problem.code) {
    case 'unclosed-quote':
      return error(
        `the quote ${problem.quote} at column ${problem.column} is not closed (${problem.near}). Close it, or write \\${problem.quote} for the character itself.`,
      );
    case 'trailing-escape':
      return error('the line ends with a backslash, which has nothing to escape. Leave it out.');
    case 'smart-quote':
      return error(
        `${problem.near} has a typographic quote ${problem.found}. Write it with plain quotes " or ', or without.`,
      );
    case 'smart-dash':
      return error(
        `${problem.near} begins with the dash ${problem.found}. Options begin with plain hyphens: -c, --onto.`,
      );
    case 'control-character':
      return error(
        `the line has the invisible character ${problem.codePoint} at column ${problem.column}. Type the command again.`,
      );
    case 'line-too-long':
      return error(`the line has ${problem.length} characters, more than ${problem.limit}. Say it shorter.`);
    case 'comment-too-long':
      return error(
        `the comment is longer than ${LONGEST_COMMENT} characters, so nothing of it was read. Ask in a short one.`,
      );
    case 'too-many-commands':
      return error(
        `a comment may have ${MOST_COMMANDS} commands; the last ${problem.beyond} were not carried out. Ask for them in another comment.`,
      );
    case 'unknown-command': {
      const hint = problem.suggestion === null ? '' : ` Did you mean ${bot} ${problem.suggestion} ?`;
      const list = problem.known.map((name) => `'${name}'`).join(', ');
      return `${error(`argument command: invalid choice: '${problem.word}' (choose from ${list})`)}${hint}\n\n${usageOfAll(train)}`;
    }
    case 'bad-arguments': {
      if (problem.ofBot) return `${error(problem.message)}\n\n${usageOfAll(train)}`;
      const spec = grammarOf(train).find(({ name }) => name === problem.command);
      return `${bot} ${problem.command}: error: ${problem.message}\n\n${spec === undefined ? '' : usageOf(train, spec)}`;
    }
  }
}
