import type { AppProblem, ProblemKind } from '../app/problem.ts';
import type { Result } from '../domain/result.ts';
import type { ExitName } from './exit-codes.ts';
import { CommandStop } from './problem.ts';

const EXITS: Readonly<Record<ProblemKind, ExitName>> = {
  usage: 'usage',
  'gates-closed': 'blocked',
  'not-allowed': 'not-allowed',
  refused: 'refused',
  conflict: 'conflict',
  'no-data': 'stale',
};

/** The value, or the end of the command with the problems told and the code of the first. */
export function valueOf<Value>(result: Result<Value, AppProblem>): Value {
  if (result.ok) return result.value;
  throw stopOf(result.problems);
}

/** The end of the command with the problems told and the code of the first; `more` is to do next as well. */
export function stopOf(problems: readonly [AppProblem, ...AppProblem[]], more: readonly string[] = []): CommandStop {
  const [first, ...rest] = problems;
  const told = split(first.text);
  const exit = first.code === 'held-by-other' ? 'running' : EXITS[first.kind];
  const next = [
    ...told.next,
    ...rest.flatMap((problem) => {
      const each = split(problem.text);
      return [each.message, ...each.next];
    }),
    ...more,
  ];
  return new CommandStop(exit, told.message, { next, word: first.code.toUpperCase().replaceAll('-', '_') });
}

/** A sentence that ends in a command goes on a line of its own, so that the command can be copied. */
function split(text: string): { readonly message: string; readonly next: readonly string[] } {
  const match = /^(.*[.;!?)"]) ([^.;]{0,60}[:,] signalbox .+?)\.?$/su.exec(text);
  const [message, next] = [match?.[1], match?.[2]];
  return message === undefined || next === undefined
    ? { message: text, next: [] }
    : { message: message.replace(/;$/u, '.'), next: [next] };
}
