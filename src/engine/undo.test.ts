import { expect, it } from 'vitest';
import { memoryGit } from '../testing/memory-git.ts';
import { BASE, cutStep, LATER, NOW, planOf, tagStep, TRAIN_DIGEST } from '../testing/engine-world.ts';
import type { PlanRecord, Receipt } from './fold.ts';
import { decideUndo } from './undo.ts';

const facts = { author: 'ana', trainDigest: TRAIN_DIGEST };
const ports = { git: memoryGit(), forge: null, pages: null, files: null, packages: null };

function recordOf(plan: PlanRecord['plan'], outcomes: readonly Receipt['outcome'][]): PlanRecord {
  const receipts = outcomes.map((outcome, index) => ({
    step: plan.body.steps[index]?.key ?? '',
    outcome,
    handle: {},
    at: NOW,
    by: 'ana',
  }));
  return {
    plan,
    madeAt: NOW,
    goodUntil: LATER,
    approvals: [],
    intended: [],
    receipts,
    stops: [],
    ended: null,
    finishedAt: null,
    dropped: null,
  };
}

it('takes back what was done, last first, and only where it still is as it was made', () => {
  const undone = decideUndo(
    recordOf(planOf([cutStep('core'), cutStep('vision', { wave: 1 })]), ['done', 'done']),
    ports,
    facts,
  );
  const steps = undone.ok ? undone.value.plan.body.steps : [];
  expect(steps.map(({ key, wave }) => [key, wave])).toEqual([
    ['undo:push-refs:vision:release/2.8', 0],
    ['undo:push-refs:core:release/2.8', 1],
  ]);
  expect(steps[0]).toMatchObject({
    updates: [
      { from: BASE, to: null },
      { from: BASE, to: null },
    ],
  });
});

it('leaves alone what was only adopted: it was not made by the plan', () => {
  const undone = decideUndo(recordOf(planOf([cutStep('core'), cutStep('vision')]), ['adopted', 'done']), ports, facts);
  expect(undone.ok && undone.value.plan.body.steps.map(({ repo }) => repo)).toEqual(['vision']);
});

it('says which steps stay because they cannot be taken back', () => {
  const undone = decideUndo(recordOf(planOf([cutStep('core'), tagStep('core')]), ['done', 'done']), ports, facts);
  expect(undone.ok && undone.value.stays.map(({ key }) => key)).toEqual(['push-tag:core:v2.8.0-rc1']);
});

it('refuses when nothing can be taken back', () => {
  const undone = decideUndo(recordOf(planOf([tagStep('core', 0)]), ['done']), ports, facts);
  expect(undone.ok ? '' : undone.problems[0].code).toBe('nothing-to-undo');
});
