import { requestPick, type PickAnswer, type PickOutcome, type RequestInput } from '../../app/picks.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { nextSteps } from '../output/render-conflict.ts';
import { shape } from '../output/shapes.ts';
import { CommandStop } from '../problem.ts';
import { stopOf, valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';

type Request = RequestInput & { readonly repo: string };

/** Asks for a pick on each branch and makes it. With one branch a refusal ends the command; with several each has its own answer. */
export async function requestPicks(session: Session, request: Request): Promise<Answer> {
  const app = await session.app();
  session.progress.doing(`Looking at ${request.repo}#${request.pr} and ${request.onto.join(', ')} ...`);
  const answers = valueOf(await requestPick(app, request));
  return carryOut(
    session,
    answers.map((answer) => ({ head: `Onto ${answer.onto}`, request, answer })),
  );
}

/** A request with its answer, and the line that stands above it among others. */
export interface AskedPick {
  readonly head: string;
  readonly request: Request;
  readonly answer: PickAnswer;
}

/** Carries out what was asked for: each with its answer, or the one that there is as if it stood alone. */
export async function carryOut(session: Session, asked: readonly AskedPick[]): Promise<Answer> {
  const [only] = asked;
  if (only !== undefined && asked.length === 1) return oneTarget(session, only.request, only.answer);
  const told: Told[] = [];
  for (const { head, request, answer } of asked) {
    const about = { head, onto: answer.onto };
    try {
      told.push({ ...about, answer: await oneTarget(session, request, answer) });
    } catch (error) {
      if (!(error instanceof CommandStop)) throw error;
      told.push({ ...about, stop: error });
    }
  }
  return together(told);
}

type Told = { readonly head: string; readonly onto: string } & (
  | { readonly answer: Answer }
  | { readonly stop: CommandStop }
);

async function oneTarget(session: Session, request: Request, { onto, outcome, problem }: PickAnswer): Promise<Answer> {
  if (!outcome.ok) throw stopOf(outcome.problems, problem === null ? [] : nextSteps(problem, request.pr));
  const { value } = outcome;
  if (value.kind === 'planned') return planAndApply(session, 'pick-request', value.planned, againOf(request, onto));
  return shortAnswer(value, request, onto);
}

function againOf({ pr, repo, class: name, fixes }: Request, onto: string): string {
  const words = [String(pr), '--repo', repo, '--onto', onto, '-c', name, ...(fixes === null ? [] : ['--fixes', fixes])];
  return `signalbox pick request ${words.map(quoted).join(' ')}`;
}

/** A word as a shell takes it for one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/u.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An answer that needs no plan: the pick waits for its merge, or is there already. */
function shortAnswer(
  value: Exclude<PickOutcome, { readonly kind: 'planned' }>,
  { repo, pr }: Request,
  onto: string,
): Answer {
  const text =
    value.kind === 'underway'
      ? ` The pick of ${repo}#${pr} onto ${onto} is #${value.pull}: ${value.link}`
      : ` ${repo}#${pr} is not merged yet. Once it is: signalbox pick retry ${pr} --repo ${repo} --onto ${onto}`;
  return {
    schema: 'pick-request',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { repo, pr, onto, ...value },
    records: [[value.kind, repo, String(pr), onto]],
    lines: (room) => paragraph(line(shape(value.kind === 'underway' ? 'pass' : 'queued'), text), room.width, 0, 2),
  };
}

/** Several answers as one; the code is the first that is not 0. */
function together(told: readonly Told[]): Answer {
  const exits = told.map((each) => ('stop' in each ? each.stop.exit : each.answer.exit));
  return {
    schema: 'pick-requests',
    asOf: null,
    stale: false,
    exit: exits.find((exit) => exit !== 0) ?? exitCode('done'),
    data: told.map((each) =>
      'stop' in each
        ? { onto: each.onto, exit: each.stop.exit, error: { word: each.stop.word, text: each.stop.message } }
        : { onto: each.onto, exit: each.answer.exit, answer: each.answer.data },
    ),
    records: told.flatMap((each) =>
      'stop' in each
        ? [[each.onto, 'refused', each.stop.word ?? '', each.stop.message]]
        : each.answer.records.map((record) => [each.onto, ...record]),
    ),
    lines: (room) =>
      told.flatMap((each, index): readonly Line[] => [
        ...(index === 0 ? [] : [BLANK]),
        line(span(each.head, 'strong')),
        ...('stop' in each
          ? [
              ...paragraph(line(shape('failing'), ` ${each.stop.message}`), room.width, 0, 2),
              ...each.stop.next.map((next) => line(`  ${next}`)),
            ]
          : each.answer.lines(room)),
      ]),
  };
}
