import { inline, mention } from '../../process/06-cherry-pick/index.ts';
import type { AppProblem } from '../problem.ts';
import type { Asked } from './asked.ts';

/** Problems in the words of the stages, for who asked; whatever came from outside in them is shown letter by letter. */
export function sayProblems(asked: Asked, problems: readonly AppProblem[]): string {
  const lines = problems.map(({ text }) => inline(text, 900));
  const [only] = lines;
  return lines.length === 1 && only !== undefined
    ? `${mention(asked.by)} ${only}`
    : [mention(asked.by), '', ...lines.map((line) => `- ${line}`)].join('\n');
}
