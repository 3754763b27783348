import type { Train } from '../../domain/train/train.ts';
import { code, inline, mention } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import type { Asked } from './asked.ts';
import { refused, type Reply } from './reply.ts';

/** An answer has at most twenty lines (ux.md 4.2). */
const MOST_PROBLEMS = 15;

/** Problems in the words of the stages, for who asked. What came from outside is shown letter by letter, a command so that it can be copied. */
export function sayProblems(app: App, asked: Asked, problems: readonly AppProblem[]): Reply {
  const lines = problems.slice(0, MOST_PROBLEMS).map(({ text }) => sentence(text, app.loaded.train));
  const [only] = lines;
  return refused(
    lines.length === 1 && only !== undefined
      ? `${mention(asked.by)} ${only}`
      : [mention(asked.by), '', ...lines.map((line) => `- ${line}`)].join('\n'),
  );
}

function sentence(text: string, train: Train): string {
  const found = /(?:@bot |signalbox (?=[a-z]+ )).*$/.exec(text.replaceAll('\n', ' '));
  if (found === null) return inline(text, 900);
  return `${inline(text.slice(0, found.index), 900)} ${code(found[0].replace('@bot', `@${train.picks.bot}`))}`;
}
