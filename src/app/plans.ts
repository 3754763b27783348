import { addSeconds, type Instant } from '../domain/instant.ts';
import { approvalsNeeded, isPermanent, takesBack, type Plan } from '../domain/plan/plan.ts';
import type { Step } from '../domain/plan/step.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { editDistance } from '../domain/suggest.ts';
import { abandonmentOfPlan, type Abandonment } from '../engine/abandonment.ts';
import {
  countingApprovals,
  decideApproval,
  decideRevocation,
  possibleApprovers,
  type CountingApproval,
} from '../engine/approve.ts';
import { foldPlans, planState, type ApplyEnd, type PlanRecord, type PlanState, type Receipt } from '../engine/fold.ts';
import { freezeOf, type Decision } from '../engine/fold-decisions.ts';
import { explain } from '../engine/problem.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRole } from './releases.ts';

/** How long a plan may be begun after it was made: long enough for two people to read it where they must. */
const GOOD_FOR_SECONDS = 60 * 60;
const GOOD_FOR_APPROVAL_SECONDS = 24 * 60 * 60;

/** A plan as faces show it. */
export interface PlanView {
  readonly plan: Plan;
  readonly state: PlanState;
  readonly madeAt: Instant;
  readonly goodUntil: Instant;
  readonly permanent: boolean;
  readonly approvals: readonly CountingApproval[];
  readonly approvalsNeeded: number;
  /** Who may approve it besides. */
  readonly mayApprove: readonly string[];
  readonly receipts: readonly Receipt[];
  readonly stops: PlanRecord['stops'];
  /** How it ended when it was last carried out and did not finish; null where it did, or never was. */
  readonly ended: ApplyEnd | null;
  /** Since when nothing is carried out on the train; null while it is not frozen, and for a plan that only takes back. */
  readonly freeze: Decision | null;
  /** Why it is never carried out; null where nothing of it was abandoned. */
  readonly abandoned: Abandonment | null;
}

/** The view of a plan by what the ledger says of it and of the train. */
export function viewOf(app: App, known: PlanRecord, entries: readonly LedgerEntry[]): PlanView {
  const { plan } = known;
  const counting = { train: app.loaded.train, now: app.clock.now() };
  const needed = approvalsNeeded(plan);
  return {
    plan,
    state: planState(known),
    madeAt: known.madeAt,
    goodUntil: known.goodUntil,
    permanent: isPermanent(plan),
    approvals: countingApprovals(known, counting),
    approvalsNeeded: needed,
    mayApprove: needed === 0 ? [] : possibleApprovers(known, counting),
    receipts: known.receipts,
    stops: known.stops,
    ended: known.ended,
    freeze: takesBack(plan) ? null : freezeOf(entries),
    abandoned: takesBack(plan) ? null : abandonmentOfPlan(plan, entries),
  };
}

/** The end of the time in which a plan made now may be begun. */
export function goodUntil(plan: Plan, now: Instant): Instant {
  return addSeconds(now, approvalsNeeded(plan) > 0 ? GOOD_FOR_APPROVAL_SECONDS : GOOD_FOR_SECONDS);
}

/** Writes a plan down, so that it can be shown, approved and carried out by its id. The same plan again only gets a new end of its time. */
export async function savePlan(app: App, plan: Plan): Promise<PlanView> {
  const { release } = plan.body;
  await record(app, { type: 'plan-made', release, plan, goodUntil: goodUntil(plan, app.clock.now()) });
  const entries = await entriesOf(app, release);
  const known = foldPlans(entries).get(plan.id);
  if (known === undefined) throw new Error(`plan ${plan.id} was written and cannot be read back`);
  return viewOf(app, known, entries);
}

/** The plan that an id or the beginning of a digest names. */
export async function findPlan(app: App, id: string): Promise<Result<PlanRecord, AppProblem>> {
  return findPlanIn(await entriesOf(app), id);
}

/** The same among entries of the train that were read already. */
export function findPlanIn(entries: readonly LedgerEntry[], id: string): Result<PlanRecord, AppProblem> {
  const plans = [...foldPlans(entries).values()];
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
  const entries = await entriesOf(app);
  return [...foldPlans(entries).values()]
    .filter((known) => only.release === undefined || known.plan.body.release === only.release)
    .filter((known) => only.state === undefined || planState(known) === only.state)
    .map((known) => viewOf(app, known, entries));
}

export async function showPlan(app: App, id: string): Promise<Result<PlanView, AppProblem>> {
  const entries = await entriesOf(app);
  const found = findPlanIn(entries, id);
  return found.ok ? succeed(viewOf(app, found.value, entries)) : found;
}

/** Approves a plan in one's own name, bound to its digest. Starts nothing. A refusal is written down too. */
export async function approvePlan(app: App, id: string): Promise<Result<PlanView, AppProblem>> {
  const entries = await entriesOf(app);
  const found = findPlanIn(entries, id);
  if (!found.ok) return found;
  const abandonment = takesBack(found.value.plan) ? null : abandonmentOfPlan(found.value.plan, entries);
  if (abandonment !== null) return refuseByEngine([{ code: 'abandoned', ...abandonment }]);
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
