import { describe, expect, it } from 'vitest';
import type { LedgerDraft } from '../domain/ledger-event.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { Step } from '../domain/plan/step.ts';
import { RepoSlug } from '../domain/repo.ts';
import type { Ledger, Lease } from '../ports/ledger.ts';
import { BASE, cutStep, LATER, NOW, planOf, tagStep } from '../testing/engine-world.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { fakeId, memoryGit, type MemoryGit } from '../testing/memory-git.ts';
import { memoryForge } from '../testing/memory-forge.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { ApplyFailure, applyPlan, type Applied, type ApplyProgress } from './apply.ts';
import { foldPlans, planState, type PlanRecord } from './fold.ts';

interface World {
  readonly git: MemoryGit;
  readonly ledger: Ledger;
  readonly said: ApplyProgress[];
}

const freshWorld = (): World => ({ git: memoryGit(), ledger: memoryLedger(), said: [] });
const held: Lease = { isHeld: async () => true, release: async () => {} };

async function recordOf(world: World, plan: Plan): Promise<PlanRecord> {
  const known = foldPlans(await world.ledger.read({ train: 'small' })).get(plan.id);
  if (known !== undefined) return known;
  await world.ledger.append('small', [
    { at: NOW, actor: 'ana', event: { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER } },
  ]);
  return recordOf(world, plan);
}

async function apply(
  world: World,
  plan: Plan,
  more: { readonly lease?: Lease; readonly stop?: AbortSignal; readonly ledger?: Ledger } = {},
): Promise<Applied> {
  return applyPlan({
    record: await recordOf(world, plan),
    actor: 'ana',
    ports: { git: world.git, forge: null, pages: null, files: null, packages: null },
    ledger: more.ledger ?? world.ledger,
    lease: more.lease ?? held,
    clock: fixedClock(NOW),
    stop: more.stop ?? new AbortController().signal,
    report: (progress) => world.said.push(progress),
  });
}

async function eventTypes(world: World): Promise<readonly string[]> {
  return (await world.ledger.read({ train: 'small' })).map(({ event }) => event.type);
}

describe('a plan carried out', () => {
  it('writes the intents of a wave before it acts and a receipt for each step', async () => {
    const world = freshWorld();
    const applied = await apply(world, planOf([cutStep('core'), cutStep('vision', { wave: 1 })]));
    expect(applied.end).toBe('finished');
    expect(world.git.refsOf('/remotes/core').get('refs/heads/release/2.8')).toBe(BASE);
    expect(world.git.refsOf('/remotes/vision').get('refs/heads/orig/release/2.8')).toBe(BASE);
    expect(await eventTypes(world)).toEqual([
      'plan-made',
      'apply-started',
      'step-intended',
      'step-receipt',
      'step-intended',
      'step-receipt',
      'plan-finished',
    ]);
  });

  it('does nothing to the world when it is carried out a second time', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core')]);
    await apply(world, plan);
    const again = await apply(world, plan);
    expect(again.end).toBe('finished');
    expect(again.settled.map(({ outcome }) => outcome)).toEqual(['done']);
    expect(world.git.pushes()).toBe(1);
  });

  it('adopts what is there with the planned content and pushes only the rest', async () => {
    const world = freshWorld();
    world.git.setRef('/remotes/core', 'refs/heads/release/2.8', BASE);
    world.git.setRef('/remotes/vision', 'refs/heads/release/2.8', BASE);
    world.git.setRef('/remotes/vision', 'refs/heads/orig/release/2.8', BASE);
    const applied = await apply(world, planOf([cutStep('core'), cutStep('vision')]));
    expect(applied.settled.map(({ step, outcome }) => [step.repo, outcome])).toEqual([
      ['vision', 'adopted'],
      ['core', 'done'],
    ]);
    expect(world.git.refsOf('/remotes/core').get('refs/heads/orig/release/2.8')).toBe(BASE);
  });

  it('stops before acting when one thing of a wave stands elsewhere, and names both commits', async () => {
    const world = freshWorld();
    const elsewhere = fakeId('elsewhere');
    world.git.setRef('/remotes/vision', 'refs/heads/release/2.8', elsewhere);
    const applied = await apply(world, planOf([cutStep('core'), cutStep('vision')]));
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toContain(elsewhere);
    expect(applied.stopped[0]?.reason).toContain(BASE);
    expect(world.git.refsOf('/remotes/core').size).toBe(0);
    expect(applied.left).toHaveLength(2);
  });

  it('leaves nothing half-done when a remote rejects one ref of two, and finishes once the remote lets it', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);
    world.git.refusing.add('refs/heads/orig/release/2.8');
    const refused = await apply(world, plan);
    expect(refused.end).toBe('stopped');
    expect(refused.stopped[0]?.reason).toContain('hook declined');
    expect(world.git.refsOf('/remotes/core').size).toBe(0);
    world.git.refusing.clear();
    expect((await apply(world, plan)).end).toBe('finished');
  });

  it('stops when something it did has been taken away since', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);
    world.git.refusing.add('refs/heads/nothing');
    world.git.setRef('/remotes/vision', 'refs/heads/release/2.8', fakeId('other'));
    await apply(world, plan);
    world.git.setRef('/remotes/core', 'refs/heads/release/2.8', null);
    world.git.setRef('/remotes/core', 'refs/heads/orig/release/2.8', null);
    const again = await apply(world, plan);
    expect(again.stopped[0]?.reason).toContain('is gone');
  });

  it('never moves a tag', async () => {
    const world = freshWorld();
    world.git.setRef('/remotes/core', 'refs/tags/v2.8.0-rc1', fakeId('other commit'));
    const applied = await apply(world, planOf([tagStep('core', 0)]));
    expect(applied.stopped[0]?.reason).toContain('a tag is never moved');
    expect(world.git.pushes()).toBe(0);
  });
});

describe('a plan interrupted', () => {
  it('starts nothing more after a stop was asked for, and goes on later', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);
    const asked = new AbortController();
    const record = await recordOf(world, plan);
    const first = await applyPlan({
      record,
      actor: 'ana',
      ports: { git: world.git, forge: null, pages: null, files: null, packages: null },
      ledger: world.ledger,
      lease: held,
      clock: fixedClock(NOW),
      stop: asked.signal,
      report: () => asked.abort(),
    });
    expect(first.end).toBe('interrupted');
    expect(first.left.map((step) => step.repo)).toEqual(['vision']);
    expect((await apply(world, plan)).end).toBe('finished');
    expect(world.git.pushes()).toBe(2);
  });

  it('acts on nothing when its lock was lost', async () => {
    const world = freshWorld();
    const lost: Lease = { isHeld: async () => false, release: async () => {} };
    await expect(apply(world, planOf([cutStep('core')]), { lease: lost })).rejects.toThrow(ApplyFailure);
    expect(world.git.pushes()).toBe(0);
  });

  it('finds what it did when the ledger failed before the receipt, and counts it as its own', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core')]);
    await recordOf(world, plan);
    const failing: Ledger = {
      ...world.ledger,
      append: async (train, drafts) => {
        if (drafts.some(isReceipt)) throw new Error('no space left on device');
        return world.ledger.append(train, drafts);
      },
    };
    await expect(apply(world, plan, { ledger: failing })).rejects.toThrow('no space left on device');
    expect(world.git.pushes()).toBe(1);
    const again = await apply(world, plan);
    expect(again.settled.map(({ outcome }) => outcome)).toEqual(['done']);
    expect(world.git.pushes()).toBe(1);
  });

  it('takes a push for done that landed although it was refused: another try of it was quicker', async () => {
    const world = freshWorld();
    const landing: MemoryGit = {
      ...world.git,
      push: async (at, updates) => {
        await world.git.push(at, updates);
        return { pushed: false, rejected: updates.map(({ ref }) => ({ ref, reason: 'reference already exists' })) };
      },
    };
    const applied = await apply({ ...world, git: landing }, planOf([cutStep('core')]));
    expect([applied.end, applied.stopped]).toEqual(['finished', []]);
    expect(await eventTypes(world)).toContain('step-receipt');
    expect(await eventTypes(world)).not.toContain('step-stopped');
  });

  it('acts on nothing when the ledger cannot take the intent', async () => {
    const world = freshWorld();
    const plan = planOf([cutStep('core')]);
    await recordOf(world, plan);
    const failing: Ledger = {
      ...world.ledger,
      append: async (train, drafts) => {
        if (drafts.some(({ event }) => event.type === 'step-intended')) throw new Error('no space left on device');
        return world.ledger.append(train, drafts);
      },
    };
    await expect(apply(world, plan, { ledger: failing })).rejects.toThrow('no space left on device');
    expect(world.git.pushes()).toBe(0);
    expect(planState(await recordOf(world, plan))).toBe('made');
  });
});

describe('steps on the forge', () => {
  const onForge = { repo: 'core', slug: 'pytorch/pytorch', wave: 0, reversible: 'yes', undo: 'close it' };
  const slug = RepoSlug.parse('pytorch/pytorch');
  const issue = Step.parse({
    ...onForge,
    kind: 'create-issue',
    key: 'create-issue:core:tracker',
    marker: 'signalbox:tracker 2.8.0',
    trusted: ['ana'],
    title: '[v.2.8.0] Release Tracker',
    body: 'text',
    labels: [],
    milestone: null,
    assignees: [],
  });

  it('opens an issue once, also when an outsider copied its marker before', async () => {
    const world = freshWorld();
    const { forge, writeIssue } = memoryForge({ login: 'ana' });
    writeIssue(slug, 'mallory', { title: 'fake', body: '<!-- signalbox:tracker 2.8.0 -->' });
    const plan = planOf([issue]);
    const run = async () =>
      applyPlan({
        record: await recordOf(world, plan),
        actor: 'ana',
        ports: { git: world.git, forge, pages: null, files: null, packages: null },
        ledger: world.ledger,
        lease: held,
        clock: fixedClock(NOW),
        stop: new AbortController().signal,
        report: () => {},
      });
    expect((await run()).end).toBe('finished');
    expect((await run()).end).toBe('finished');
    const found = await forge.issues.findByMarker(slug, 'signalbox:tracker 2.8.0');
    expect(found.map(({ author }) => author)).toEqual(['mallory', 'ana']);
  });

  it('is refused by a train without a forge, in words', async () => {
    const world = freshWorld();
    await expect(apply(world, planOf([issue]))).rejects.toThrow('add `forge` to the train file');
  });
});

function isReceipt({ event }: LedgerDraft): boolean {
  return event.type === 'step-receipt';
}
