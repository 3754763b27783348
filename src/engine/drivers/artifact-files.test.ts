import { describe, expect, it } from 'vitest';
import { storedArtifactFiles } from '../../adapters/artifact-files/index.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { LATER, NOW, planOf, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { copyStep, factsOf, readBackStep, recordStep, removeStep, reversionStep } from '../../testing/file-steps.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { memoryGit } from '../../testing/memory-git.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { memoryStores, sha256Of } from '../../testing/memory-store.ts';
import { spliced } from '../../testing/splice.ts';
import { reversionOf } from '../../wheel/reversion/index.ts';
import { applyPlan, type Applied } from '../apply.ts';
import { foldPlans, type PlanRecord } from '../fold.ts';
import { decideUndo } from '../undo.ts';

function freshWorld() {
  const stores = memoryStores();
  const [test, stable] = [stores.store('test'), stores.store('stable')];
  const ledger = memoryLedger();
  const asked: string[] = [];
  const counted = {
    ...stable,
    look: async (key: StoreKey) => {
      asked.push(`look ${key}`);
      return stable.look(key);
    },
    copy: async (...given: Parameters<typeof stable.copy>) => {
      asked.push(`copy ${given[1]}`);
      return stable.copy(...given);
    },
  };
  const files = storedArtifactFiles(async ({ channel }) => {
    const store = channel === 'test' ? test : counted;
    return { store, writable: () => store, outside: null, index: null };
  });
  const ports = { git: memoryGit(), forge: null, pages: null, files, packages: null };
  return { test, stable, ledger, asked, ports };
}
type World = ReturnType<typeof freshWorld>;

async function recordOf(world: World, plan: Plan): Promise<PlanRecord> {
  const { ledger } = world;
  const known = foldPlans(await ledger.read({ train: 'small' })).get(plan.id);
  if (known !== undefined) return known;
  await ledger.append('small', [
    { at: NOW, actor: 'ana', event: { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER } },
  ]);
  return recordOf(world, plan);
}

async function apply(world: World, steps: readonly Step[] | Plan): Promise<Applied> {
  return applyPlan({
    record: await recordOf(world, 'body' in steps ? steps : planOf(steps, { purpose: 'stable' })),
    actor: 'ana',
    ports: world.ports,
    ledger: world.ledger,
    lease: { isHeld: async () => true, release: async () => {} },
    seenTo: 0,
    clock: fixedClock(NOW),
    stop: new AbortController().signal,
    report: () => {},
  });
}

const outcomes = ({ settled }: Applied): readonly string[] => settled.map(({ outcome }) => outcome);
const reasons = ({ stopped }: Applied): string => stopped.map(({ reason }) => reason).join('\n');
const A = factsOf('wheel A');
const B = factsOf('wheel B');

describe('a copy', () => {
  it('is made once, looked at once, and found again', async () => {
    const world = freshWorld();
    world.test.plant('a.whl', 'wheel A', A.digest);
    const applied = await apply(world, [copyStep('a.whl', A)]);
    expect(outcomes(applied)).toEqual(['done']);
    expect(applied.settled[0]?.handle).toEqual({ channel: 'stable', key: 'a.whl', digest: A.digest });
    expect(world.stable.text('a.whl')).toBe('wheel A');
    // The engine's look before, the adapter's own look before it writes, and the copy, whose answer is the look afterwards.
    expect(world.asked).toEqual(['look a.whl', 'look a.whl', 'copy a.whl']);
    expect(outcomes(await apply(world, [copyStep('a.whl', A)]))).toEqual(['done']);
    expect(world.asked.slice(3)).toEqual(['look a.whl']);
  });

  it('adopts the planned file, by its bytes where no digest is recorded', async () => {
    const world = freshWorld();
    world.stable.plant('a.whl', 'wheel A', A.digest);
    world.stable.plant('b.whl', 'wheel B');
    expect(outcomes(await apply(world, [copyStep('a.whl', A), copyStep('b.whl', B)]))).toEqual(['adopted', 'adopted']);
  });

  it.each([
    ['recorded', B.digest],
    ['not recorded', null],
  ])('stops at another file, its digest %s, before anything is done', async (_name, recorded) => {
    const world = freshWorld();
    world.test.plant('a.whl', 'wheel A', A.digest);
    world.test.plant('b.whl', 'wheel B', B.digest);
    world.stable.plant('a.whl', 'wheel B', recorded);
    const applied = await apply(world, [copyStep('a.whl', A), copyStep('b.whl', B)]);
    expect(applied.end).toBe('stopped');
    expect(reasons(applied)).toContain(`a.whl in stable`);
    expect(reasons(applied)).toContain(A.digest);
    expect(reasons(applied)).toContain(B.digest);
    expect(world.stable.text('b.whl')).toBeNull();
  });

  it('writes over the file that was planned to be written over, and no other', async () => {
    const world = freshWorld();
    world.test.plant('a.whl', 'wheel A', A.digest);
    world.stable.plant('a.whl', 'wheel C');
    const step = copyStep('a.whl', A, { before: B.digest });
    expect((await apply(world, [step])).end).toBe('stopped');
    world.stable.plant('a.whl', 'wheel B');
    expect((await apply(world, [step])).end).toBe('finished');
    expect(world.stable.text('a.whl')).toBe('wheel A');
  });

  it('of a lost or changed source stops, and the others of its wave are made', async () => {
    const world = freshWorld();
    world.test.plant('b.whl', 'wheel B', B.digest);
    world.test.plant('c.whl', 'wheel X', sha256Of('wheel X'));
    const steps = [copyStep('a.whl', A), copyStep('b.whl', B), copyStep('c.whl', factsOf('wheel C'))];
    const applied = await apply(world, steps);
    expect([applied.end, outcomes(applied)]).toEqual(['stopped', ['done']]);
    expect(reasons(applied)).toContain('lost');
    expect(reasons(applied)).toContain(sha256Of('wheel X'));
    expect(world.stable.text('c.whl')).toBeNull();
  });
});

it('takes back what it copied, last first, and nothing that was there before', async () => {
  const world = freshWorld();
  world.test.plant('a.whl', 'wheel A', A.digest);
  world.test.plant('c.whl', 'wheel C', sha256Of('wheel C'));
  world.stable.plant('b.whl', 'wheel B', B.digest);
  world.stable.plant('c.whl', 'wheel B', B.digest);
  const plan = planOf(
    [
      copyStep('a.whl', A),
      copyStep('b.whl', B),
      copyStep('c.whl', factsOf('wheel C'), { before: B.digest }),
      readBackStep([{ key: 'a.whl', ...A }]),
    ],
    { purpose: 'stable' },
  );
  expect((await apply(world, plan)).end).toBe('finished');
  const facts = { author: 'ana', trainDigest: TRAIN_DIGEST };
  const undo = decideUndo(await recordOf(world, plan), world.ports, facts);
  if (!undo.ok) throw new Error('there was something to take back');
  expect(undo.value.plan.body.steps.map(({ key }) => key)).toEqual(['undo:copy-file:stable:0:a.whl']);
  expect(undo.value.stays.map(({ key }) => key)).toEqual(['copy-file:stable:0:c.whl']);
  expect((await apply(world, undo.value.plan)).end).toBe('finished');
  expect(['a.whl', 'b.whl', 'c.whl'].map((key) => world.stable.text(key))).toEqual([null, 'wheel B', 'wheel C']);
});

describe('taking a file away', () => {
  it('takes the planned one, and is done when it is gone', async () => {
    const world = freshWorld();
    world.stable.plant('a.whl', 'wheel A', A.digest);
    expect(outcomes(await apply(world, [removeStep('a.whl', A), removeStep('b.whl', B)]))).toEqual(['adopted', 'done']);
    expect(world.stable.text('a.whl')).toBeNull();
  });

  it('stops at another one', async () => {
    const world = freshWorld();
    world.stable.plant('a.whl', 'wheel B');
    const applied = await apply(world, [removeStep('a.whl', A)]);
    expect(applied.end).toBe('stopped');
    expect(reasons(applied)).toContain(B.digest);
    expect(world.stable.text('a.whl')).toBe('wheel B');
  });
});

describe('recording a digest', () => {
  it('is done where the bytes are right, and refused where they are not', async () => {
    const world = freshWorld();
    world.stable.plant('a.whl', 'wheel A');
    world.stable.plant('b.whl', 'wheel B', B.digest);
    world.stable.plant('c.whl', 'wheel X');
    const applied = await apply(world, [recordStep('a.whl', A), recordStep('b.whl', B), recordStep('c.whl', A)]);
    expect(outcomes(applied)).toEqual(['adopted', 'done']);
    expect((await world.stable.look(StoreKey.parse('a.whl')))?.sha256).toBe(A.digest);
    expect(reasons(applied)).toContain(sha256Of('wheel X'));
    expect((await world.stable.look(StoreKey.parse('c.whl')))?.sha256).toBeNull();
  });
});

describe('a reading back', () => {
  it('stops the plan until everything is there, and needs nothing else then', async () => {
    const world = freshWorld();
    const steps = [readBackStep([{ key: 'a.whl', ...A }])];
    const first = await apply(world, steps);
    expect(first.end).toBe('stopped');
    expect(reasons(first)).toContain('a.whl at stable is not there');
    world.stable.plant('a.whl', 'wheel A', A.digest);
    expect((await apply(world, steps)).end).toBe('finished');
    world.stable.plant('a.whl', 'wheel B', B.digest);
    expect((await apply(world, steps)).end).toBe('stopped');
  });
});

describe('a wheel of another version', () => {
  it('is made once, exactly as planned, and taken back', async () => {
    const world = freshWorld();
    const { fileName, bytes } = makeWheel({ name: 'torch', version: '2.8.0+cu126', requiresPython: '>=3.9' });
    world.test.plant(fileName, bytes, sha256Of(bytes));
    const order = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
    const source = world.test.source(StoreKey.parse(fileName));
    const planned = await reversionOf(source, fileName, order);
    if (!planned.ok) throw new Error('the wheel of the test cannot be re-versioned');
    const result = await spliced(source, planned.value.splice);
    const to = planned.value.to.fileName;
    const plan = planOf([reversionStep({ from: fileName, to }, factsOf(bytes), factsOf(result))], { purpose: 'stage' });
    expect(outcomes(await apply(world, plan))).toEqual(['done']);
    expect(sha256Of(world.stable.bytes(to) ?? '')).toBe(sha256Of(result));
    expect(outcomes(await apply(world, plan))).toEqual(['done']);
    const undo = decideUndo(await recordOf(world, plan), world.ports, { author: 'ana', trainDigest: TRAIN_DIGEST });
    if (!undo.ok) throw new Error('there was something to take back');
    expect((await apply(world, undo.value.plan)).end).toBe('finished');
    expect(world.stable.bytes(to)).toBeNull();
  });
});
