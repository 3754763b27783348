import type { Result } from '../../domain/result.ts';
import {
  code,
  helpReply,
  inline,
  mention,
  type BotCommand,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { approvePick, askPick, dispensePick, refusePick, withdrawPick, type PickName } from '../picks/decide.ts';
import type { AppProblem } from '../problem.ts';
import { addSeconds } from '../../domain/instant.ts';
import { sayProblems } from './answer-text.ts';
import { done, refused, together, type Reply } from './reply.ts';
import type { Asked } from './asked.ts';
import { pickAnswers } from './pick.ts';
import { nothingAsked, pickOfPull, picksOf, statusText } from './status.ts';
import { trackerText, whereText } from './where.ts';

/** How long a release manager's `--late-ok` holds: long enough to make the pick and review it. */
const LATE_OK_SECONDS = 3 * 24 * 60 * 60;

/** Carries one command out and says what came of it: the one final answer. */
export async function answerTo(app: App, asked: Asked, command: BotCommand): Promise<Reply> {
  switch (command.is) {
    case 'help':
      return done(helpReply(command.of, app.loaded.train));
    case 'cherry-pick':
      return pickAnswers(app, asked, command);
    case 'pick-status':
      return statusText(app, asked, command.onto);
    case 'pick-retry':
      return retry(app, asked, command);
    case 'pick-withdraw':
      return each(app, asked, command.onto, (name) => withdrawPick(app, name, command.reason));
    case 'approve':
      return onPull(app, asked, (name) => approvePick(app, name));
    case 'refuse':
      return onPull(app, asked, (name) => refusePick(app, name, command.reason));
    case 'needs-info':
      return onPull(app, asked, (name) => askPick(app, name, command.question));
    case 'where':
      return whereText(app, asked);
    case 'blockers':
    case 'status':
      return trackerText(app, asked, command.is);
  }
}

async function retry(
  app: App,
  asked: Asked,
  { onto, lateOk }: Extract<BotCommand, { is: 'pick-retry' }>,
): Promise<Reply> {
  const picks = await picksOf(app, asked, onto);
  if (picks.length === 0) return nothingAsked(app, asked);
  const answers: Reply[] = [];
  for (const { record } of picks) {
    if (lateOk !== null) {
      const name = { repo: asked.repo, pr: asked.item, onto: record.pick.onto, by: asked.by };
      const until = addSeconds(app.clock.now(), LATE_OK_SECONDS);
      const opened = await dispensePick(app, name, { reason: lateOk.reason, until });
      if (!opened.ok) {
        answers.push(sayProblems(app, asked, opened.problems));
        continue;
      }
    }
    answers.push(await pickAnswers(app, asked, { onto: [record.pick.onto], class: record.class, fixes: record.fixes }));
  }
  return together(answers);
}

type Act = (name: PickName) => Promise<Result<StandingPick, AppProblem>>;

/** Does something to each pick of the pull request, or to those onto the named branches. */
async function each(app: App, asked: Asked, onto: readonly string[], act: Act): Promise<Reply> {
  const picks = await picksOf(app, asked, onto);
  if (picks.length === 0) return nothingAsked(app, asked);
  const answers: Reply[] = [];
  for (const { record } of picks)
    answers.push(
      said(app, asked, await act({ repo: asked.repo, pr: asked.item, onto: record.pick.onto, by: asked.by })),
    );
  return together(answers, '\n');
}

/** Decides about the pick whose own pull request the comment is on. */
async function onPull(app: App, asked: Asked, act: Act): Promise<Reply> {
  const pick = await pickOfPull(app, asked);
  if (pick === null)
    return refused(
      `${mention(asked.by)} #${asked.item} is not the pull request of a pick. Say it there; which one that is: ${code(`@${app.loaded.train.picks.bot} cherry-pick status`)} on the change.`,
    );
  return said(app, asked, await act({ repo: asked.repo, pr: pick.pr, onto: pick.onto, by: asked.by }));
}

function said(app: App, asked: Asked, answer: Result<StandingPick, AppProblem>): Reply {
  if (!answer.ok) return sayProblems(app, asked, answer.problems);
  const { record, state, owners } = answer.value;
  const next = owners.length === 0 ? '' : ` Next: ${owners.map((owner) => inline(owner)).join(', ')}.`;
  return done(`Pick of #${record.pick.pr} onto ${code(record.pick.onto)}: **${state}**.${next}`);
}
