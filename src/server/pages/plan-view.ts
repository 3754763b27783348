import type { DifferenceView, PlanPageView, PlanRow, StepView } from '../../api/views/plan.ts';
import type { App } from '../../app/app.ts';
import { isAsked, lastRefusal } from '../../app/ask-apply.ts';
import { canBePlannedAgain, planAgain } from '../../app/plan-again.ts';
import { comparePlans, diffPlans, type PlanDifference, type PlanView } from '../../app/plans.ts';
import type { AppProblem } from '../../app/problem.ts';
import { entriesOf } from '../../app/record.ts';
import { shownSteps, type ShownSteps } from '../../domain/plan/step-groups.ts';
import { countsText, stepText, undoTexts, undoWord } from '../../domain/plan/step-text.ts';
import { succeed, type Result } from '../../domain/result.ts';

/** A plan in one row. */
export function planRow(view: PlanView): PlanRow {
  const { plan, state, permanent, madeAt, goodUntil, approvals, approvalsNeeded, mayApprove } = view;
  return {
    id: plan.id,
    release: plan.body.release,
    purpose: plan.body.purpose,
    title: plan.body.title,
    author: plan.body.author,
    state,
    permanent,
    madeAt,
    goodUntil,
    done: view.receipts.length,
    steps: plan.body.steps.length,
    approvals: approvals.length,
    approvalsNeeded,
    mayApprove,
  };
}

/** A plan at length; `against`: another plan, or `now` for the plan that would be made now. */
export async function planPage(app: App, view: PlanView, against: string | undefined): Promise<PlanPageView> {
  const { plan, ended, freeze, abandoned } = view;
  const { train } = app.loaded;
  const entries = await entriesOf(app, plan.body.release);
  const holders = await (await app.leases()).holders(train.train);
  const lease = holders.find(({ key }) => key === `release:${plan.body.release}`) ?? null;
  const compared = against === undefined || against === '' ? null : await compare(app, view, against);
  const refusal = lastRefusal(entries, plan.id);
  const isOpen = view.state === 'made' || view.state === 'partial';
  return {
    ...planRow(view),
    train: train.title,
    digest: plan.digest,
    manifest: plan.body.manifest ?? null,
    phrase: view.permanent ? plan.body.phrase : null,
    gates: plan.body.gates,
    undoes: plan.body.undoes ?? null,
    counts: countsText(plan),
    undoTexts: undoTexts(plan),
    shown: stepsOf(view),
    approvedBy: view.approvals.map(({ by, at, role, expires }) => ({ by, at, role, expires })),
    ended,
    freeze,
    abandoned,
    applying: lease === null || !isOpen ? null : lease.by,
    asked: isOpen && lease === null && (await isAsked(app, plan.id, entries)),
    refused:
      refusal?.event.type === 'refused' ? { by: refusal.actor, at: refusal.at, reason: refusal.event.reason } : null,
    canCompareWithNow: canBePlannedAgain(plan),
    difference: compared?.ok === true ? compared.value : null,
    differenceProblem: compared?.ok === false ? compared.problems[0].text : null,
    owners: ownersOf(app, view),
  };
}

function ownersOf(app: App, { plan }: PlanView): readonly string[] {
  const lists = [...new Set(plan.body.steps.map(({ repo }) => repo))].map(
    (repo) => app.loaded.train.repos[repo]?.owners ?? [],
  );
  const all = (lists[0] ?? []).filter((who) => lists.every((list) => list.includes(who)));
  return [...new Set([plan.body.author, ...all])];
}

/** The rows of the steps, with what of each was done: as many of one place are one row. */
function stepsOf(view: PlanView): readonly StepView[] {
  const receipts = new Map(view.receipts.map((receipt) => [receipt.step, receipt]));
  const stops = new Map(view.stops.map((stop) => [stop.step, stop.reason]));
  return shownSteps(view.plan.body.steps).map(({ rows, first, all }) =>
    stepView({ rows, first, all }, receipts, stops),
  );
}

function stepView(
  { rows, first, all }: ShownSteps,
  receipts: ReadonlyMap<string, PlanView['receipts'][number]>,
  stops: ReadonlyMap<string, string>,
): StepView {
  const done = all.flatMap(({ key }) => receipts.get(key) ?? []);
  const last = done.toSorted((left, right) => (left.at < right.at ? -1 : 1)).at(-1) ?? null;
  const stopped = all.find(({ key }) => stops.has(key) && !receipts.has(key));
  return {
    key: first.key,
    wave: first.wave,
    rows,
    undo: undoWord(first),
    undoBy: first.undo,
    steps: all.length,
    done: done.length,
    adopted: done.filter(({ outcome }) => outcome === 'adopted').length,
    stopped: stopped === undefined ? null : (stops.get(stopped.key) ?? null),
    doneAt: last?.at ?? null,
    doneBy: last?.by ?? null,
  };
}

async function compare(app: App, { plan }: PlanView, against: string): Promise<Result<DifferenceView, AppProblem>> {
  if (against !== 'now') {
    const other = await diffPlans(app, plan.id, against);
    return other.ok ? succeed(differenceOf(other.value, 'plan')) : other;
  }
  const now = await planAgain(app, plan);
  if (!now.ok) return now;
  if (now.value !== null) return succeed(differenceOf(comparePlans(plan, now.value), 'now'));
  const removed = plan.body.steps.map((step) => stepText(step));
  return succeed({ to: null, with: 'now', sameDigest: false, added: [], removed, changed: [], same: 0 });
}

function differenceOf(
  { from, to, added, removed, changed, same }: PlanDifference,
  how: 'now' | 'plan',
): DifferenceView {
  return {
    to: to.id,
    with: how,
    sameDigest: from.digest === to.digest,
    added: added.map((step) => stepText(step)),
    removed: removed.map((step) => stepText(step)),
    changed: changed.map((pair) => ({ from: stepText(pair.from), to: stepText(pair.to) })),
    same,
  };
}
