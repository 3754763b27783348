import { applyPlan } from '../apply-plan.ts';
import type { App } from '../app.ts';
import type { Planned } from '../planned.ts';
import { phaseEnds, pickTarget } from '../picks/targets.ts';
import { requestPick, type PickAnswer } from '../picks/request.ts';
import {
  code,
  conflictReply,
  inline,
  lateReply,
  mention,
  revertReply,
  windowAt,
  type PickProblem,
} from '../../process/06-cherry-pick/index.ts';
import { sayProblems } from './answer-text.ts';
import type { Asked } from './asked.ts';

interface Request {
  readonly onto: readonly string[];
  readonly class: string;
  readonly fixes: string | null;
}

/** Asks for the picks and makes them at once: each is a pull request that a release manager has still to approve. */
export async function pickAnswers(app: App, asked: Asked, { onto, class: name, fixes }: Request): Promise<string> {
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
  const texts: string[] = [];
  for (const answer of requested.value) texts.push(await textOf(app, asked, answer));
  return texts.join('\n\n');
}

async function textOf(app: App, asked: Asked, { onto, outcome, problem }: PickAnswer): Promise<string> {
  if (!outcome.ok) return (await longReply(app, asked, onto, problem)) ?? sayProblems(app, asked, outcome.problems);
  switch (outcome.value.kind) {
    case 'waits-for-merge':
      return `#${asked.item} is not merged yet. It is picked onto ${code(onto)} once it is.`;
    case 'underway':
      return `The pick of #${asked.item} onto ${code(onto)} is #${outcome.value.pull}.`;
    case 'planned':
      return made(app, asked, { onto, does: outcome.value.does, planned: outcome.value.planned });
  }
}

/** Carries the plan out: a branch and a pull request, both of which can be taken back. */
async function made(
  app: App,
  asked: Asked,
  { onto, does, planned }: { readonly onto: string; readonly does: 'pick' | 'revert'; readonly planned: Planned },
): Promise<string> {
  if (planned.kind === 'nothing-to-do') return `${mention(asked.by)} there is nothing to do for ${code(onto)}.`;
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
    return `${mention(asked.by)} the pick onto ${code(onto)} stopped: ${inline(stopped?.reason ?? 'it was interrupted', 600)}. Try again: ${code(`@${app.loaded.train.picks.bot} cherry-pick retry`)}`;
  }
  const number = Number(opened.handle['number']);
  if (does === 'revert') return revertReply({ pr: asked.item, by: 'main', branch: onto, pull: number });
  const managers = app.loaded.train.roles['release-manager'].map((login) => inline(login)).join(', ');
  return `**Cherry-pick of #${asked.item} onto ${code(onto)}: waiting for a release manager**\n\nPicked as #${number}, with ${code('-x')}. Review: ${managers}.`;
}

/** The answers that say more than one line: what conflicts, and what is left after the end. */
async function longReply(app: App, asked: Asked, onto: string, problem: PickProblem | null): Promise<string | null> {
  if (problem?.code !== 'conflict' && problem?.code !== 'window-closed') return null;
  const { train } = app.loaded;
  const now = app.clock.now();
  const target = await pickTarget(app, asked.repo, onto);
  if (!target.ok) return null;
  const { release } = target.value;
  const to = { train, to: asked.by, now };
  if (problem.code === 'conflict') {
    return conflictReply(problem, {
      ...to,
      closesAt: windowAt(train, release, phaseEnds(app, release, now), now)?.closesAt ?? null,
    });
  }
  return lateReply({
    ...to,
    branch: onto,
    release,
    closedAt: problem.closedAt,
    final: problem.final,
    ships: null,
    patch: null,
  });
}
