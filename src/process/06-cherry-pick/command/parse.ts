import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { closest } from '../../../domain/suggest.ts';
import type { Train } from '../../../domain/train/train.ts';
import { parseArguments, type Given } from './arguments.ts';
import { grammarOf, type CommandName, type CommandSpec } from './grammar.ts';
import { commandLines, type CommandLine } from './lines.ts';
import type { CommandProblem } from './problem.ts';
import { splitWords } from './split.ts';

/** What a line of a comment asks for. Texts are as they were typed: nothing of them has been checked against the train. */
export type BotCommand =
  | {
      readonly is: 'cherry-pick';
      readonly onto: readonly [string, ...string[]];
      readonly fixes: string | null;
      readonly class: string;
    }
  | { readonly is: 'pick-status'; readonly onto: readonly string[] }
  | { readonly is: 'pick-retry'; readonly onto: readonly string[]; readonly lateOk: { readonly reason: string } | null }
  | { readonly is: 'pick-withdraw'; readonly onto: readonly string[]; readonly reason: string }
  | { readonly is: 'approve' | 'where' | 'blockers' | 'status' }
  | { readonly is: 'refuse'; readonly reason: string }
  | { readonly is: 'needs-info'; readonly question: string }
  /** Help for one command, or for all of them. */
  | { readonly is: 'help'; readonly of: CommandName | null };

/** One line that calls the bot, with what it asks for or why it is not understood. */
export interface ReadCommand {
  readonly line: CommandLine;
  readonly command: Result<BotCommand, CommandProblem>;
}

/** What a comment asks for, line by line, in its order. */
export interface ReadComment {
  readonly commands: readonly ReadCommand[];
  /** Set where the comment as a whole is not carried out, or not all of it. */
  readonly problem: Extract<CommandProblem, { readonly code: 'comment-too-long' | 'too-many-commands' }> | null;
}

/**
 * Reads a comment. Only the creation of a comment may call the bot: whoever may edit could otherwise change what was asked, unseen. Commands of
 * another bot that has the same name are none of ours, and are left out.
 */
export function readComment(comment: string, train: Train, action: 'created' | 'edited' | 'deleted'): ReadComment {
  if (action !== 'created') return { commands: [], problem: null };
  const { lines, beyond, tooLong } = commandLines(comment, [train.picks.bot, ...train.picks.otherNames]);
  if (tooLong) return { commands: [], problem: { code: 'comment-too-long' } };
  const commands = lines.flatMap((line) => {
    const command = readCommand(line.text, train);
    return command === null ? [] : [{ line, command }];
  });
  return { commands, problem: beyond === 0 ? null : { code: 'too-many-commands', beyond } };
}

/** Reads what follows the bot's name; null when it is a command of another bot of that name. */
function readCommand(text: string, train: Train): Result<BotCommand, CommandProblem> | null {
  const first = /^\S+/.exec(text)?.[0] ?? '';
  if (train.picks.othersCommands.includes(first)) return null;
  const words = splitWords(text);
  if (!words.ok) return words;
  const [word = '', ...rest] = words.value;
  if (word === '-h' || word === '--help') return succeed({ is: 'help', of: null });
  const grammar = grammarOf(train);
  const longer = grammar.find(({ name }) => name === `${word} ${rest[0] ?? ''}`);
  const spec = longer ?? grammar.find(({ name }) => name === word);
  if (spec === undefined) {
    const names = [...new Set(grammar.map(({ name }) => name.split(' ')[0] ?? name))];
    return refuse({
      code: 'unknown-command',
      word: word.slice(0, 60),
      suggestion: suggestion(word, names),
      known: names,
    });
  }
  return parsed(longer === undefined ? rest : rest.slice(1), spec);
}

/** The command that was probably meant: `cherrypick`, `pick`, `aprove`. */
function suggestion(word: string, names: readonly string[]): string | null {
  const plain = word.toLowerCase();
  return (
    closest(plain, names) ??
    names.find((name) => plain.length > 3 && (name.includes(plain) || plain.includes(name))) ??
    null
  );
}

function parsed(words: readonly string[], spec: CommandSpec): Result<BotCommand, CommandProblem> {
  const outcome = parseArguments(words, spec.options);
  switch (outcome.is) {
    case 'help':
      return succeed({ is: 'help', of: spec.name });
    case 'error':
    case 'unrecognized':
      return refuse({
        code: 'bad-arguments',
        command: spec.name,
        message: outcome.message,
        ofBot: outcome.is === 'unrecognized',
      });
    case 'given':
      return built(spec.name, outcome.given);
  }
}

function built(name: CommandName, given: Given): Result<BotCommand, CommandProblem> {
  const values = (option: string): readonly string[] => given.get(option) ?? [];
  const [message = ''] = values('-m');
  const empty = (option: string): Result<BotCommand, CommandProblem> =>
    refuse({ code: 'bad-arguments', command: name, message: `argument ${option}: must not be empty`, ofBot: false });
  if ((name === 'refuse' || name === 'needs-info') && message.trim() === '') return empty('-m/--message');
  const onto = values('--onto');
  switch (name) {
    case 'cherry-pick': {
      const [first, ...more] = onto;
      const [chosen] = values('-c');
      const [fixes = ''] = values('--fixes');
      if (first === undefined || chosen === undefined) return empty('--onto/--into');
      return succeed({ is: 'cherry-pick', onto: [first, ...more], fixes: fixes === '' ? null : fixes, class: chosen });
    }
    case 'cherry-pick status':
      return succeed({ is: 'pick-status', onto });
    case 'cherry-pick retry': {
      const isLate = given.has('--late-ok');
      if (isLate && message.trim() === '') return empty('-m/--message');
      return succeed({ is: 'pick-retry', onto, lateOk: isLate ? { reason: message } : null });
    }
    case 'cherry-pick withdraw':
      return succeed({ is: 'pick-withdraw', onto, reason: message });
    case 'refuse':
      return succeed({ is: 'refuse', reason: message });
    case 'needs-info':
      return succeed({ is: 'needs-info', question: message });
    case 'help':
      return succeed({ is: 'help', of: null });
    case 'approve':
    case 'where':
    case 'blockers':
    case 'status':
      return succeed({ is: name });
  }
}
