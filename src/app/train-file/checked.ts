import { contradictionsIn } from '../../config/cross-checks.ts';
import { keyText } from '../../config/tree.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { AppProblem } from '../problem.ts';

/** A train as a change would make it, or what in it would contradict itself: what the train has wrong already is not the change's. */
export function checkedTrain(before: Train, after: Train): Result<Train, AppProblem> {
  const known = new Set(contradictionsIn(before).map(({ path, text }) => `${keyText(path)}: ${text}`));
  const found = contradictionsIn(after).map(({ path, text }) => `${keyText(path)}: ${text}`);
  const added = found.filter((text) => !known.has(text));
  const [first, ...rest] = added;
  return first === undefined ? succeed(after) : refuse(contradiction([first, ...rest]));
}

/** The refusal of a change after which the train file would have these mistakes. */
export function contradiction([first, ...rest]: readonly [string, ...string[]]): AppProblem {
  const more = rest.length > 0 ? `, and ${rest.length} more` : '';
  const text = `The train file would contradict itself: ${first}${more}. Nothing is planned.`;
  return { kind: 'usage', code: 'would-contradict', text };
}
