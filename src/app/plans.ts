import { addSeconds, type Instant } from '../domain/instant.ts';
import { approvalsNeeded, isPermanent, type Plan } from '../domain/plan/plan.ts';
import type { Step } from '../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { editDistance } from '../domain/suggest.ts';
import { countingApprovals, decideApproval, decideRevocation } from '../engine/approve.ts';
import { foldPlans, planState, type PlanRecord, type PlanState, type Receipt } from '../engine/fold.ts';
import { explain } from '../engine/problem.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRole } from './releases.ts';

/** How long a plan may be begun after it was made: long enough for two people to read it where they must. */
export const GOOD_FOR_SECONDS = 60 * 60;
export const GOOD_FOR_APPROVAL_SECONDS = 24 * 60 * 60;

/** A plan as faces show it. */
export interface PlanView {
  readonly plan: Plan;
  readonly state: PlanState;
  readonly madeAt: Instant;
  readonly goodUntil: Instant;
  readonly permanent: boolean;
  readonly approvals: readonly { readonly by: string; readonly at: Instant; readonly role: string }[];
  readonly approvalsNeeded: number;
  readonly receipts: readonly Receipt[];
  readonly stops: PlanRecord['stops'];
}

export function viewOf(app: App, known: PlanRecord): PlanView {
  return {
    plan: known.plan,
    state: planState(known),
    madeAt: known.madeAt,
    goodUntil: known.goodUntil,
    permanent: isPermanent(known.plan),
    approvals: countingApprovals(known, app.loaded.train),
    approvalsNeeded: approvalsNeeded(known.plan),
    receipts: known.receipts,
    stops: known.stops,
  };
}

/** Writes a plan down, so that it can be shown, approved and carried out by its id. The same plan again only gets a new end of its time. */
export async function savePlan(app: App, plan: Plan): Promise<PlanView> {
  const now = app.clock.now();
  const goodUntil = addSeconds(now, isPermanent(plan) ? GOOD_FOR_APPROVAL_SECONDS : GOOD_FOR_SECONDS);
  await record(app, { type: 'plan-made', release: plan.body.release, plan, goodUntil });
  const known = foldPlans(await entriesOf(app, plan.body.release)).get(plan.id);
  if (known === undefined) throw new Error(`plan ${plan.id} was written and cannot be read back`);
  return viewOf(app, known);
}

/** The plan that an id or the beginning of a digest names. */
export async function findPlan(app: App, id: string): Promise<Result<PlanRecord, AppProblem>> {
  const plans = [...foldPlans(await entriesOf(app)).values()];
  const found = plans.filter(
    ({ plan }) => plan.id === id || (id.startsWith('sha256:') && id.length >= 15 && plan.digest.startsWith(id)),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return succeed(only);
  const like = plans.map(({ plan }) => plan.id).filter((other) => isLike(other, id));
  return refuseByEngine([{ code: 'plan-unknown', id, like }]);
}

/** One letter off, or the same beginning. */
function isLike(known: string, asked: string): boolean {
  if (asked.length >= 3 && known.startsWith(asked)) return true;
  return known.length === asked.length && editDistance(known, asked) === 1;
}

export async function listPlans(
  app: App,
  only: { readonly release?: string; readonly state?: PlanState },
): Promise<readonly PlanView[]> {
  return [...foldPlans(await entriesOf(app)).values()]
    .filter((known) => only.release === undefined || known.plan.body.release === only.release)
    .filter((known) => only.state === undefined || planState(known) === only.state)
    .map((known) => viewOf(app, known));
}

export async function showPlan(app: App, id: string): Promise<Result<PlanView, AppProblem>> {
  const found = await findPlan(app, id);
  return found.ok ? succeed(viewOf(app, found.value)) : found;
}

/** Approves a plan in one's own name, bound to its digest. Starts nothing. A refusal is written down too. */
export async function approvePlan(app: App, id: string): Promise<Result<PlanView, AppProblem>> {
  const found = await findPlan(app, id);
  if (!found.ok) return found;
  const who = await app.who();
  const decided = decideApproval(found.value, { train: app.loaded.train, who, now: app.clock.now() });
  if (!decided.ok) {
    const [problem] = decided.problems;
    await record(app, {
      type: 'refused',
      release: found.value.plan.body.release,
      what: `plan approve ${id}`,
      reason: explain(problem),
    });
    return refuseByEngine(decided.problems);
  }
  await record(app, decided.value.event);
  return showPlan(app, found.value.plan.id);
}

export async function revokeApproval(
  app: App,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<Result<PlanView, AppProblem>> {
  const found = await findPlan(app, id);
  if (!found.ok) return found;
  const decided = decideRevocation(found.value, { who: await app.who(), now: app.clock.now(), reason });
  if (!decided.ok) return refuseByEngine(decided.problems);
  await record(app, decided.value.event);
  return showPlan(app, found.value.plan.id);
}

/** Drops a plan that was not begun, so that nobody carries it out by mistake. */
export async function dropPlan(
  app: App,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<Result<PlanView, AppProblem>> {
  const found = await findPlan(app, id);
  if (!found.ok) return found;
  const who = await app.who();
  const allowed = who === found.value.plan.body.author ? found : await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const state = planState(found.value);
  if (state === 'partial') return refuseByEngine([{ code: 'plan-begun', id: found.value.plan.id }]);
  if (state === 'made')
    await record(app, {
      type: 'plan-dropped',
      release: found.value.plan.body.release,
      plan: found.value.plan.id,
      reason,
    });
  return showPlan(app, found.value.plan.id);
}

/** What two plans have in common and what only one of them does, step by step. */
export interface PlanDifference {
  readonly from: Plan;
  readonly to: Plan;
  readonly added: readonly Step[];
  readonly removed: readonly Step[];
  readonly changed: readonly { readonly from: Step; readonly to: Step }[];
  readonly same: number;
}

export function comparePlans(from: Plan, to: Plan): PlanDifference {
  const before = new Map(from.body.steps.map((step) => [step.key, step]));
  const after = new Map(to.body.steps.map((step) => [step.key, step]));
  const both = from.body.steps.flatMap((step) => {
    const other = after.get(step.key);
    return other === undefined ? [] : [{ from: step, to: other }];
  });
  const changed = both.filter((pair) => JSON.stringify(pair.from) !== JSON.stringify(pair.to));
  return {
    from,
    to,
    added: to.body.steps.filter((step) => !before.has(step.key)),
    removed: from.body.steps.filter((step) => !after.has(step.key)),
    changed,
    same: both.length - changed.length,
  };
}

export async function diffPlans(app: App, from: string, to: string): Promise<Result<PlanDifference, AppProblem>> {
  const [one, other] = [await findPlan(app, from), await findPlan(app, to)];
  if (!one.ok) return one;
  if (!other.ok) return other;
  if (one.value.plan.body.train !== other.value.plan.body.train) {
    return refuse({
      kind: 'usage',
      code: 'plans-of-two-trains',
      text: `Plans ${from} and ${to} are of two trains and have nothing in common.`,
    });
  }
  return succeed(comparePlans(one.value.plan, other.value.plan));
}
