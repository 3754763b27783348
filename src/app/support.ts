import { refuse, succeed, type Result } from '../domain/result.ts';
import type { Train } from '../domain/train/train.ts';
import { Line } from '../domain/version.ts';
import { supportMatrix, type SupportMatrix } from '../process/01-plan/index.ts';
import type { AppProblem } from './problem.ts';

export { supportMarkdown, type SupportMatrix } from '../process/01-plan/index.ts';

/** The support matrix of one line, or of all that the train file knows. */
export function supportOf(train: Train, typed: string | null): Result<SupportMatrix, AppProblem> {
  if (typed === null) return succeed(supportMatrix(train.support));
  const line = Line.safeParse(typed.replace(/^(\d+\.\d+)\.\d+$/, '$1'));
  const known = Object.keys(train.support.lines).toReversed().join(', ');
  if (line.success && Object.hasOwn(train.support.lines, line.data))
    return succeed(supportMatrix(train.support, [line.data]));
  return refuse({
    kind: 'usage',
    code: 'line-unknown',
    text: `The support matrix has no line "${typed.slice(0, 60)}". It has: ${known === '' ? 'none' : known}.`,
  });
}
