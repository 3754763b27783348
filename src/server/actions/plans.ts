import { z } from 'zod';
import { askApply } from '../../app/ask-apply.ts';
import { approvePlan, dropPlan, revokeApproval } from '../../app/plans.ts';
import { stopApply } from '../../app/stop-apply.ts';
import { planUndo } from '../../app/undo-plan.ts';
import { planHref } from '../../domain/page-path.ts';
import { succeed } from '../../domain/result.ts';
import { actionOf, type ActionInput, type AnyAction } from '../page.ts';
import { Nothing, Phrase, WithReason } from './inputs.ts';

function idOf({ params }: Pick<ActionInput<unknown>, 'params'>): string {
  return params['id'] ?? '';
}

const approve = actionOf({
  name: 'plan-approve',
  path: '/plans/:id/approve',
  summary: 'Approve exactly this plan, by its digest; starts nothing',
  roles: ['release-manager', 'approver'],
  schema: Nothing,
  run: async (given) => {
    const done = await approvePlan(given.app, idOf(given));
    if (!done.ok) return done;
    const { plan, approvals, approvalsNeeded } = done.value;
    const said = `You approved plan ${plan.id}: ${approvals.length} of ${approvalsNeeded}. Nothing was started.`;
    return succeed({ to: planHref(plan.id), said, data: done.value });
  },
});

const revoke = actionOf({
  name: 'plan-revoke',
  path: '/plans/:id/revoke',
  summary: 'Take your approval back',
  roles: [],
  schema: WithReason,
  run: async (given) => {
    const done = await revokeApproval(given.app, { id: idOf(given), reason: given.input.reason });
    if (!done.ok) return done;
    const { plan } = done.value;
    return succeed({ to: planHref(plan.id), said: `Your approval of plan ${plan.id} is revoked.`, data: done.value });
  },
});

const drop = actionOf({
  name: 'plan-drop',
  path: '/plans/:id/drop',
  summary: 'Put a plan away that was not begun, so that nobody carries it out',
  roles: [],
  schema: WithReason,
  run: async (given) => {
    const done = await dropPlan(given.app, { id: idOf(given), reason: given.input.reason });
    if (!done.ok) return done;
    const { plan } = done.value;
    return succeed({ to: planHref(plan.id), said: `Plan ${plan.id} is dropped.`, data: done.value });
  },
});

const stop = actionOf({
  name: 'plan-stop',
  path: '/plans/:id/stop',
  summary: 'Stop a plan that is being carried out, before its next step',
  roles: [],
  schema: WithReason,
  run: async (given) => {
    const done = await stopApply(given.app, { id: idOf(given), reason: given.input.reason });
    if (!done.ok) return done;
    const { plan, holder } = done.value;
    const said = `@${holder} was asked to stop plan ${plan}: it ends before its next step.`;
    return succeed({ to: planHref(plan), said, data: done.value });
  },
});

const apply = actionOf({
  name: 'plan-apply',
  path: '/plans/:id/apply',
  summary: 'Carry the plan out, or go on with it; a worker does it, and goes on after a crash',
  roles: [],
  schema: z.object({ phrase: Phrase }),
  run: async (given) => {
    const done = await askApply(given.app, { id: idOf(given), confirmation: given.input.phrase ?? null });
    if (!done.ok) return done;
    const { plan, isNew, by } = done.value;
    const said = isNew
      ? `Plan ${plan} will be carried out in your name.`
      : `@${by} has asked for plan ${plan} already; it is carried out once.`;
    return succeed({ to: planHref(plan), said, data: done.value });
  },
});

const undo = actionOf({
  name: 'plan-undo',
  path: '/plans/:id/undo',
  summary: 'Plan the reverse of what a plan did; nothing is carried out',
  roles: [],
  schema: Nothing,
  run: async (given) => {
    const done = await planUndo(given.app, idOf(given));
    if (!done.ok) return done;
    const { view, stays } = done.value;
    const rest = stays.length === 0 ? '' : ` ${stays.length} of its steps cannot be taken back and stay.`;
    const said = `Plan ${view.plan.id} takes back what ${idOf(given)} did.${rest} Nothing was done yet.`;
    return succeed({ to: planHref(view.plan.id), said, data: done.value });
  },
});

/** What is done with plans. Who may is asked by each use case: authors and owners may some of it without a role. */
export const PLAN_ACTIONS: readonly AnyAction[] = [approve, revoke, drop, stop, apply, undo];
