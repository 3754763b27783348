import { applyPlan, type ApplyAnswer } from '../app/apply-plan.ts';
import type { App } from '../app/app.ts';
import type { Planned } from '../app/planned.ts';
import { approvePlan } from '../app/plans.ts';
import type { AppProblem } from '../app/problem.ts';
import { entriesOf, record } from '../app/record.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Result } from '../domain/result.ts';
import { candidateOf } from '../domain/version.ts';
import { foldManifests, manifestFor } from '../engine/fold-manifests.ts';
import { PROMOTED, type PromotionApp } from './promotion-app.ts';

/** The candidate that becomes the release in the world of promotions. */
export const RC = candidateOf(PROMOTED, 3);

/** Marks the candidate as final, bound to what was recorded of it. */
export async function markFinal({ app }: Pick<PromotionApp, 'app'>): Promise<void> {
  const recorded = manifestFor(foldManifests(await entriesOf(app, PROMOTED)), RC);
  if (recorded === null) throw new Error('nothing was recorded');
  const { candidate, digest: manifest } = recorded;
  await record(app, { type: 'candidate-final', release: PROMOTED, candidate, manifest, reason: '' });
}

/** The plan that was made; what kept it from being made is thrown. */
export function planIn(planned: Result<Planned, AppProblem>): Plan {
  if (!planned.ok) throw new Error(planned.problems.map(({ text }) => text).join('\n'));
  if (planned.value.kind !== 'planned') throw new Error(planned.value.why);
  return planned.value.view.plan;
}

/** Has two others approve the plan where that is needed. */
export async function approve(world: PromotionApp, plan: Plan): Promise<void> {
  for (const who of ['cleo', 'dora']) {
    world.as(who);
    await approvePlan(world.app, plan.id);
  }
  world.as('ana');
}

/** What was in the way of carrying a plan out. */
export class ApplyRefused extends Error {
  readonly codes: readonly string[];

  constructor(problems: readonly AppProblem[]) {
    super(problems.map(({ text }) => text).join('\n'));
    this.name = 'ApplyRefused';
    this.codes = problems.map(({ code }) => code);
  }
}

/** Carries the plan out in a process; what is in its way is thrown, how it ended is told. */
export async function applyIn(app: App, plan: Plan): Promise<ApplyAnswer> {
  const { phrase } = plan.body;
  const stop = new AbortController().signal;
  const applied = await applyPlan(app, { id: plan.id, confirmation: phrase, stop, report: () => {} });
  if (!applied.ok) throw new ApplyRefused(applied.problems);
  return applied.value;
}

/** Approves the plan and carries it out to its end. */
export async function carryOut(world: PromotionApp, plan: Plan): Promise<void> {
  await approve(world, plan);
  const applied = await applyIn(world.app, plan);
  if (applied.end !== 'finished') throw new Error(applied.stopped.map(({ reason }) => reason).join('\n'));
}
