import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { PlanId } from '../domain/plan/plan.ts';
import { succeed, type Result } from '../domain/result.ts';
import { admitOnPaper } from '../engine/admit.ts';
import type { App } from './app.ts';
import { applyPlan, requireApplier } from './apply-plan.ts';
import { refuseByEngine } from './engine-problem.ts';
import { findPlanIn } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { asPerson } from './sign-in/person.ts';

/** The queue of plans that were asked to be carried out by whichever process gets to it. */
export const APPLY_QUEUE = 'apply';

/** Who asked for which plan, with what they typed. */
const ApplyOrder = z.strictObject({ plan: PlanId, who: z.string().min(1), confirmation: z.string().nullable() });
type ApplyOrder = z.infer<typeof ApplyOrder>;

export interface ApplyAsked {
  readonly plan: PlanId;
  /** False where somebody had asked for it already and it was not begun or ended since. */
  readonly isNew: boolean;
  /** Who asked for it. */
  readonly by: string;
}

/**
 * Asks for a plan to be carried out by a worker, so that it goes on whatever becomes of the process that was asked. Everything that is known without a
 * look at the world is refused at once, the typed phrase too; the worker asks everything again.
 */
export async function askApply(
  app: App,
  { id, confirmation }: { readonly id: string; readonly confirmation: string | null },
): Promise<Result<ApplyAsked, AppProblem>> {
  const entries = await entriesOf(app);
  const found = findPlanIn(entries, id);
  if (!found.ok) return found;
  const { plan } = found.value;
  const { release } = plan.body;
  const who = await app.who();
  const allowed = await requireApplier(app, found.value, who);
  if (!allowed.ok) {
    await record(app, { type: 'refused', release, what: applyOf(plan.id), reason: allowed.problems[0].text });
    return allowed;
  }
  const { train, digest } = app.loaded;
  const [first, ...rest] = admitOnPaper(found.value, {
    train,
    trainDigest: digest,
    now: app.clock.now(),
    entries,
    confirmation,
  });
  if (first !== undefined) return refuseByEngine([first, ...rest]);
  const held = (await (await app.leases()).holders(train.train)).find(({ key }) => key === `release:${release}`);
  if (held !== undefined) return refuseByEngine([{ code: 'held-by-other', id: plan.id, release, ...held.by }]);
  const order: ApplyOrder = { plan: plan.id, who, confirmation };
  const jobs = await app.jobs();
  const [isNew = false] = await jobs.add(APPLY_QUEUE, [
    { keys: [`${plan.id}:${lastAbout(entries, plan.id)}`], data: order },
  ]);
  return succeed({ plan: plan.id, isNew, by: isNew ? who : await askedBy(app, plan.id) });
}

/** Who asked for a plan that was asked for already: by the order that waits or is carried out, or, once it is over, by who did it. */
async function askedBy(app: App, plan: PlanId): Promise<string> {
  const jobs = await app.jobs();
  const orders = (await jobs.open(APPLY_QUEUE)).map((order) => ApplyOrder.parse(order));
  const order = orders.find((each) => each.plan === plan);
  if (order !== undefined) return order.who;
  const entries = await entriesOf(app);
  const last = lastAbout(entries, plan);
  return entries.find(({ seq }) => seq === last)?.actor ?? 'somebody';
}

/** As refusals of it are written down. */
function applyOf(plan: string): string {
  return `apply ${plan}`;
}

/** The last entry about the plan: asked twice with nothing between is one order, and after an end it can be asked for again. */
function lastAbout(entries: readonly LedgerEntry[], plan: string): number {
  const last = entries.findLast(({ event }) => {
    if (event.type === 'refused') return event.what === applyOf(plan);
    return event.type === 'plan-made' ? event.plan.id === plan : 'plan' in event && event.plan === plan;
  });
  return last?.seq ?? 0;
}

export interface CarryOutInput {
  /** What the queue holds. */
  readonly order: unknown;
  /** No try comes after this one. */
  readonly isLast: boolean;
  readonly stop: AbortSignal;
}

/**
 * Carries out what was asked for, in the name of who asked. A refusal is written down and final; what another process or the end of this one keeps from
 * being done throws, so that the queue gives it to somebody again, who adopts what is there.
 */
export async function carryOutAsked(app: App, { order, isLast, stop }: CarryOutInput): Promise<void> {
  const { plan, who, confirmation } = ApplyOrder.parse(order);
  const inTheirName = await asPerson(app, who);
  const applied = await applyPlan(inTheirName, { id: plan, confirmation, stop, report: () => undefined });
  if (applied.ok) {
    if (applied.value.end === 'interrupted') throw new Error(`plan ${plan} was interrupted; it is gone on with`);
    return;
  }
  const [{ code, text }] = applied.problems;
  // Finished by a try of which only the end was not told, or refused and written down already.
  if (code === 'plan-finished' || code === 'role-missing') return;
  if (code === 'held-by-other' && !isLast) throw new Error(text);
  const found = findPlanIn(await entriesOf(app), plan);
  if (!found.ok) return;
  const { release } = found.value.plan.body;
  await record(inTheirName, { type: 'refused', release, what: applyOf(plan), reason: text });
}

/** The last refusal of a plan's carrying-out, if it came after everything else about the plan. */
export function lastRefusal(entries: readonly LedgerEntry[], plan: string): LedgerEntry | null {
  const last = entries.find(({ seq }) => seq === lastAbout(entries, plan));
  return last?.event.type === 'refused' ? last : null;
}

/** Whether the plan is in the queue, or was and nothing came of it yet. */
export async function isAsked(app: App, plan: string, entries: readonly LedgerEntry[]): Promise<boolean> {
  const key = `${plan}:${lastAbout(entries, plan)}`;
  const jobs = await app.jobs();
  return (await jobs.known(APPLY_QUEUE, [key])).has(key);
}
