import { describe, expect, it } from 'vitest';
import { cutStep, planOf } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { applyPlan } from './apply-plan.ts';
import { dropPlan, savePlan } from './plans.ts';
import { planUndo } from './undo-plan.ts';

const running = { confirmation: null, stop: new AbortController().signal, report: () => {} };

async function saved() {
  const app = memoryApp();
  const { plan } = await savePlan(app, planOf([cutStep('core')]));
  const as = (login: string) => ({ ...app, who: () => Promise.resolve(login) });
  return { app, plan, as };
}

describe('carrying out a plan', () => {
  it('is refused to somebody who neither made it nor manages releases, nothing is pushed, and the refusal is written down', async () => {
    const { app, plan, as } = await saved();
    const answer = await applyPlan(as('mallory'), { id: plan.id, ...running });
    expect(answer.ok ? '' : answer.problems[0].code).toBe('role-missing');
    expect(app.git.pushes()).toBe(0);
    const ledger = await app.ledger();
    const [last] = (await ledger.read({ train: 'small', last: 1 })).map(({ actor, event }) => [actor, event.type]);
    expect(last).toEqual(['mallory', 'refused']);
  });

  it.each([
    ['who made it', 'ana'],
    ['another release manager', 'ben'],
  ])('is done for %s', async (_who, login) => {
    const { app, plan, as } = await saved();
    const answer = await applyPlan(as(login), { id: plan.id, ...running });
    expect(answer.ok && answer.value.end).toBe('finished');
    expect(app.git.pushes()).toBe(1);
  });

  it('is done for whom the bot acts, and only for them', async () => {
    const { plan, as } = await saved();
    const refused = await applyPlan(as('bot'), { id: plan.id, by: 'mallory', ...running });
    expect(refused.ok).toBe(false);
    const done = await applyPlan(as('bot'), { id: plan.id, by: 'ana', ...running });
    expect(done.ok && done.value.end).toBe('finished');
  });
});

it('taking a plan back, and putting it away, is refused to others as well', async () => {
  const { plan, as } = await saved();
  const undone = await planUndo(as('mallory'), plan.id);
  const dropped = await dropPlan(as('mallory'), { id: plan.id, reason: 'because' });
  expect([undone, dropped].map((answer) => (answer.ok ? '' : answer.problems[0].code))).toEqual([
    'role-missing',
    'role-missing',
  ]);
});
