import type { App } from '../../app/app.ts';
import { showPick, type PickName } from '../../app/picks.ts';
import type { AppProblem } from '../../app/problem.ts';
import type { Result } from '../../domain/result.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import type { StandingPick } from '../output/pick-states.ts';
import { renderPick } from '../output/render-picks.ts';
import { shape } from '../output/shapes.ts';
import { CommandStop } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { pickAnswer } from './pick-answer.ts';
import { namedPick } from './pick-name.ts';

type Name = Required<Omit<PickName, 'by'>>;

export interface PickDecision {
  /** `Approve`, as the question begins. */
  readonly verb: string;
  /** `Approved`, as the answer begins. */
  readonly done: string;
  readonly decide: (app: App, name: Name) => Promise<Result<StandingPick, AppProblem>>;
}

/** What every decision about a pick does: shows the pick as it stands, asks, writes the decision down, and shows what it is now. */
export async function decideOnPick(session: Session, { verb, done, decide }: PickDecision): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const name = await namedPick(session, app);
  const who = await app.who();
  if (!session.flags.has('yes')) await agree(session, app, { verb, name, who });
  session.progress.doing('Writing to the ledger ...');
  const after = valueOf(await decide(app, name));
  return pickAnswer(after, { who, asOf: app.clock.now(), done: [line(shape('pass'), ` ${done}.`)] });
}

/** Shows what is decided about, and asks. What was pushed while somebody read is not what they said yes to. */
async function agree(
  session: Session,
  app: App,
  { verb, name, who }: { readonly verb: string; readonly name: Name; readonly who: string },
): Promise<void> {
  session.progress.doing(`Looking at ${name.repo}#${name.pr} ...`);
  const shown = valueOf(await showPick(app, name));
  const asOf = app.clock.now();
  session.say(...renderPick(shown, { who, asOf }, { width: session.width, now: session.now }));
  await confirm(session, `${verb} the pick of ${name.repo}#${name.pr} onto ${name.onto}?`);
  const now = valueOf(await showPick(app, name));
  const [head, other] = [shown.seen.pull?.head, now.seen.pull?.head];
  if (head === other) return;
  throw new CommandStop('conflict', `the pull request moved from ${head ?? 'none'} to ${other ?? 'none'} meanwhile`, {
    next: ['nothing was decided; look at it and decide again'],
    word: 'HEAD_MOVED',
  });
}
