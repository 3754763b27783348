import type { ObjectId } from '../../domain/git-names.ts';
import { haltText } from '../../engine/halt.ts';
import { applyPlan } from '../apply-plan.ts';
import type { App } from '../app.ts';
import type { Planned } from '../planned.ts';
import { showPick } from '../picks/decide.ts';
import { phaseEnds, pickTarget } from '../picks/targets.ts';
import { requestPick, type PickAnswer } from '../picks/request.ts';
import {
  code,
  conflictReply,
  inline,
  lateReply,
  mention,
  pickMarker,
  revertReply,
  windowAt,
  type PickProblem,
} from '../../process/06-cherry-pick/index.ts';
import { sayProblems } from './answer-text.ts';
import { laterOf } from './later.ts';
import { done, refused, together, type Reply } from './reply.ts';
import { statusOf } from './status-text.ts';
import { withoutMarkers } from './status.ts';
import type { Asked } from './asked.ts';

interface Request {
  readonly onto: readonly string[];
  readonly class: string;
  readonly fixes: string | null;
}

/** Asks for the picks and makes them at once: each is a pull request that a release manager has still to approve. */
export async function pickAnswers(app: App, asked: Asked, { onto, class: name, fixes }: Request): Promise<Reply> {
  const requested = await requestPick(app, {
    repo: asked.repo,
    pr: asked.item,
    onto,
    class: name,
    fixes,
    dryRun: false,
    by: asked.by,
    via: asked.via,
  });
  if (!requested.ok) return sayProblems(app, asked, requested.problems);
  const replies: Reply[] = [];
  const isOnly = requested.value.length === 1;
  for (const answer of requested.value) replies.push(await textOf(app, asked, answer, isOnly));
  return together(replies);
}

async function textOf(app: App, asked: Asked, { onto, outcome, problem }: PickAnswer, isOnly: boolean): Promise<Reply> {
  if (!outcome.ok) return (await longReply(app, asked, onto, problem)) ?? sayProblems(app, asked, outcome.problems);
  switch (outcome.value.kind) {
    case 'waits-for-merge':
      return done(`#${asked.item} is not merged yet. It is picked onto ${code(onto)} once it is.`);
    case 'underway':
      return statusReply(app, asked, { onto, isOnly });
    case 'planned':
      return made(app, asked, { onto, isOnly, revertedBy: outcome.value.revertedBy, planned: outcome.value.planned });
  }
}

/** Carries the plan out: a branch and a pull request, both of which can be taken back. */
async function made(
  app: App,
  asked: Asked,
  {
    onto,
    isOnly,
    revertedBy,
    planned,
  }: {
    readonly onto: string;
    readonly isOnly: boolean;
    readonly revertedBy: ObjectId | null;
    readonly planned: Planned;
  },
): Promise<Reply> {
  if (planned.kind === 'nothing-to-do') return done(`${mention(asked.by)} there is nothing to do for ${code(onto)}.`);
  const { id } = planned.view.plan;
  const applied = await applyPlan(app, {
    id,
    by: asked.by,
    confirmation: null,
    stop: new AbortController().signal,
    report: () => {},
  });
  if (!applied.ok) return sayProblems(app, asked, applied.problems);
  const opened = applied.value.settled.find(({ step }) => step.kind === 'open-pull-request');
  const [stopped] = applied.value.stopped;
  if (opened === undefined || stopped !== undefined) {
    const { halt } = applied.value;
    const why = inline(stopped?.reason ?? (halt === null ? 'it was interrupted' : haltText(halt)), 600);
    const again = code(`@${app.loaded.train.picks.bot} cherry-pick retry`);
    return refused(`${mention(asked.by)} the pick onto ${code(onto)} stopped: ${why}. Try again: ${again}`);
  }
  if (revertedBy === null) return statusReply(app, asked, { onto, isOnly });
  const pull = Number(opened.handle['number']);
  return done(revertReply({ pr: asked.item, by: revertedBy, branch: onto, pull }));
}

/**
 * How the pick stands, as its status comment says it. Where there is no such comment yet, and it is all that is answered, the answer is that comment: it is
 * edited on each move from then on, and nobody reads the same twice.
 */
async function statusReply(
  app: App,
  asked: Asked,
  { onto, isOnly }: { readonly onto: string; readonly isOnly: boolean },
): Promise<Reply> {
  const shown = await showPick(app, { repo: asked.repo, pr: asked.item, onto, by: asked.by });
  if (!shown.ok) return sayProblems(app, asked, shown.problems);
  const text = await statusOf(app, shown.value);
  const me = await app.who();
  const marker = `<!-- ${pickMarker(shown.value.record.pick)} -->`;
  const there = await asked.forge.comments.list(asked.slug, asked.item);
  const isThere = there.some(({ author, body }) => author === me && body.includes(marker));
  return done(isThere || !isOnly ? withoutMarkers(text) : text);
}

/** The answers that say more than one line: what conflicts, and what is left after the end. */
async function longReply(app: App, asked: Asked, onto: string, problem: PickProblem | null): Promise<Reply | null> {
  if (problem?.code !== 'conflict' && problem?.code !== 'window-closed') return null;
  const { train } = app.loaded;
  const now = app.clock.now();
  const target = await pickTarget(app, asked.repo, onto);
  if (!target.ok) return null;
  const { release } = target.value;
  const to = { train, to: asked.by, now };
  if (problem.code === 'conflict') {
    const closesAt = windowAt(train, release, phaseEnds(app, release, now), now)?.closesAt ?? null;
    return refused(conflictReply(problem, { ...to, closesAt }));
  }
  const later = laterOf(app, release);
  return refused(
    lateReply({
      ...to,
      branch: target.value.branch,
      release,
      closedAt: problem.closedAt,
      final: problem.final,
      ships: { release: later.release, when: later.when },
      patch: later.patch,
    }),
  );
}
