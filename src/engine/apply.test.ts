import { describe, expect, it } from 'vitest';
import { branchRef } from '../domain/git-names.ts';
import type { LedgerDraft, LedgerEvent } from '../domain/ledger-event.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { Step, type PushRefsStep } from '../domain/plan/step.ts';
import { RepoSlug } from '../domain/repo.ts';
import type { Ledger, Lease } from '../ports/ledger.ts';
import { BASE, cutStep, LATER, NOW, planOf, tagStep } from '../testing/engine-world.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { fakeId, memoryGit, type MemoryGit } from '../testing/memory-git.ts';
import { memoryForge } from '../testing/memory-forge.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { ApplyFailure, applyPlan, type Applied, type Applying, type ApplyProgress } from './apply.ts';
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
  more: Partial<Pick<Applying, 'lease' | 'stop' | 'ledger' | 'clock' | 'report' | 'lanes'>> = {},
): Promise<Applied> {
  return applyPlan({
    record: await recordOf(world, plan),
    actor: 'ana',
    ports: { git: world.git, forge: null, pages: null, files: null, packages: null },
    ledger: more.ledger ?? world.ledger,
    lease: more.lease ?? held,
    seenTo: (await world.ledger.read({ train: 'small', last: 1 }))[0]?.seq ?? 0,
    clock: more.clock ?? fixedClock(NOW),
    stop: more.stop ?? new AbortController().signal,
    report: more.report ?? ((progress) => world.said.push(progress)),
    ...(more.lanes === undefined ? {} : { lanes: more.lanes }),
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
      seenTo: 0,
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

describe('a wave of many steps', () => {
  const four = planOf(['core', 'vision', 'audio', 'text'].map((repo) => cutStep(repo)));

  it('is left where a stop is asked for, and what was begun is finished', async () => {
    const world = freshWorld();
    const asked = new AbortController();
    const first = await apply(world, four, {
      lanes: { 'push-refs': 2 },
      stop: asked.signal,
      report: ({ now }) => {
        if (now === 'done') asked.abort();
      },
    });
    expect([first.end, first.settled.length, first.left.map(({ repo }) => repo)]).toEqual([
      'interrupted',
      2,
      ['audio', 'text'],
    ]);
    expect(world.git.pushes()).toBe(2);
    expect((await apply(world, four)).end).toBe('finished');
    expect(world.git.pushes()).toBe(4);
  });

  it('begins no further step once the lock is lost', async () => {
    const world = freshWorld();
    const lease: Lease = { isHeld: async () => world.git.pushes() === 0, release: async () => {} };
    const carrying = apply(world, four, { lanes: { 'push-refs': 1 }, lease });
    await expect(carrying).rejects.toThrow('the lock of this release was lost');
    expect(world.git.pushes()).toBe(1);
    const types = await eventTypes(world);
    expect(types.filter((type) => type === 'step-receipt')).toHaveLength(1);
    expect((await apply(world, four)).settled.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('begins no further step after the world failed, and waits for those under way', async () => {
    const world = freshWorld();
    const failing: MemoryGit = {
      ...world.git,
      push: async (at, updates) => {
        if (at.remote === '/remotes/core') throw new Error('connection reset');
        return world.git.push(at, updates);
      },
    };
    const carrying = apply({ ...world, git: failing }, four, { lanes: { 'push-refs': 2 } });
    await expect(carrying).rejects.toThrow('core');
    expect([...world.git.refsOf('/remotes/vision')]).toHaveLength(2);
    expect(world.git.pushes()).toBe(1);
    expect((await eventTypes(world)).filter((type) => type === 'step-receipt')).toHaveLength(1);
  });

  it('has its intents written at once, and receipts together', async () => {
    const world = freshWorld();
    const plan = planOf(Array.from({ length: 200 }, (_each, index) => cutStep(`repo${index}`)));
    const first = countedAppends(world.ledger);
    await recordOf(world, plan);
    expect((await apply(world, plan, { ledger: first.ledger })).end).toBe('finished');
    expect(first.appends).toContain('step-intended 200');
    expect(first.appends.length).toBeLessThan(100);
    const other = { ...freshWorld(), git: world.git };
    const second = countedAppends(other.ledger);
    expect((await apply(other, plan, { ledger: second.ledger })).settled[0]?.outcome).toBe('adopted');
    expect(second.appends).toEqual(['apply-started 1', 'step-receipt 200', 'plan-finished 1']);
  });
});

/** A ledger that tells what was appended to it together. */
function countedAppends(inner: Ledger): { readonly ledger: Ledger; readonly appends: readonly string[] } {
  const appends: string[] = [];
  const append: Ledger['append'] = (train, drafts) => {
    appends.push(`${drafts[0]?.event.type} ${drafts.length}`);
    return inner.append(train, drafts);
  };
  return { ledger: { ...inner, append }, appends };
}

/** The last thing that the ledger says of how a carrying-out ended. */
async function endIn(world: World): Promise<unknown> {
  const entries = await world.ledger.read({ train: 'small' });
  const last = entries
    .map(({ event }) => event)
    .findLast(({ type }) => type === 'apply-ended' || type === 'plan-finished');
  return last?.type === 'apply-ended' ? { end: last.end, reason: last.reason } : (last?.type ?? null);
}

describe('how a carrying-out ended', () => {
  const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);

  it('is written down when a step stopped it, and forgotten by the fold once it goes on', async () => {
    const world = freshWorld();
    world.git.setRef('/remotes/vision', 'refs/heads/release/2.8', fakeId('elsewhere'));
    await apply(world, plan);
    expect(await endIn(world)).toMatchObject({ end: 'stopped' });
    expect(JSON.stringify(await endIn(world))).toContain('push-refs:vision:release/2.8: ');
    expect((await recordOf(world, plan)).ended).toMatchObject({ end: 'stopped', by: 'ana' });
    world.git.setRef('/remotes/vision', 'refs/heads/release/2.8', null);
    await apply(world, plan);
    expect(await endIn(world)).toBe('plan-finished');
    expect((await recordOf(world, plan)).ended).toBeNull();
  });

  it('is written down when who started it interrupted it', async () => {
    const world = freshWorld();
    await apply(world, plan, { stop: AbortSignal.abort() });
    expect(await endIn(world)).toEqual({ end: 'interrupted', reason: 'it was told to end before its next step' });
  });

  it('is written down when the world failed, and the failure is let through', async () => {
    const world = freshWorld();
    const lost: Lease = { isHeld: async () => false, release: async () => {} };
    await expect(apply(world, plan, { lease: lost })).rejects.toThrow(ApplyFailure);
    expect(await endIn(world)).toMatchObject({ end: 'failed' });
    expect(JSON.stringify(await endIn(world))).toContain('lock of this release');
  });

  it('lets the failure of the ledger through, which cannot take its own end', async () => {
    const world = freshWorld();
    await recordOf(world, plan);
    const full: Ledger = { ...world.ledger, append: () => Promise.reject(new Error('no space left on device')) };
    await expect(apply(world, plan, { ledger: full })).rejects.toThrow('no space left on device');
    expect(await endIn(world)).toBeNull();
  });
});

describe('a plan halted by a decision of others', () => {
  const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })]);
  const stopAsked = (of = plan): LedgerEvent => ({
    type: 'apply-stop-asked',
    release: of.body.release,
    plan: of.id,
    reason: 'wrong index',
  });
  const frozen: LedgerEvent = { type: 'train-frozen', reason: 'the key leaked' };
  const thawed: LedgerEvent = { type: 'train-thawed', reason: 'it did not' };

  it.each([
    ['asked to stop it', stopAsked(), { what: 'stop', reason: 'wrong index' }, '@ben asked to stop it: wrong index'],
    ['froze the train', frozen, { what: 'freeze', reason: 'the key leaked' }, '@ben froze the train: the key leaked'],
  ])('finishes the running step and starts no other when somebody %s', async (_case, event, halt, text) => {
    const world = freshWorld();
    const applied = await applyWith(world, plan, event);
    expect(applied).toMatchObject({ end: 'halted', halt: { ...halt, by: 'ben' }, stopped: [] });
    expect(applied.settled.map(({ step }) => step.repo)).toEqual(['core']);
    expect(applied.left.map(({ repo }) => repo)).toEqual(['vision']);
    expect(await endIn(world)).toEqual({ end: 'stopped', reason: text });
  });

  it.each([
    ['another plan was asked to stop', [stopAsked(planOf([cutStep('core')]))]],
    ['the train was frozen and thawed again', [frozen, thawed]],
  ])('goes on when %s', async (_case, events) => {
    expect((await applyWith(freshWorld(), plan, ...events)).end).toBe('finished');
  });

  it('takes back in a frozen train, and stops when it is asked to', async () => {
    const back = planOf(plan.body.steps, { purpose: 'undo' });
    expect((await applyWith(freshWorld(), back, frozen)).end).toBe('finished');
    expect((await applyWith(freshWorld(), back, stopAsked(back))).end).toBe('halted');
  });

  it('goes on when it is applied again: that is a decision of its own', async () => {
    const world = freshWorld();
    await applyWith(world, plan, stopAsked());
    expect((await apply(world, plan)).end).toBe('finished');
  });

  it('sees it between the steps of one wave, looking once a second', async () => {
    const world = freshWorld();
    const clock = fixedClock(NOW);
    const wide = planOf(Array.from({ length: 100 }, (_, index) => cutStep('core', wideStep(index))));
    await recordOf(world, wide);
    let looks = 0;
    const ledger: Ledger = {
      ...world.ledger,
      read: (query) => {
        looks += 1;
        return world.ledger.read(query);
      },
    };
    let begun = 0;
    const applied = await apply(world, wide, {
      ledger,
      clock,
      report: ({ now }) => {
        if (now !== 'started') return;
        begun += 1;
        if (begun === 40) void world.ledger.append('small', [{ at: NOW, actor: 'ben', event: stopAsked(wide) }]);
        if (begun === 60) clock.move(1);
      },
    });
    expect(applied.end).toBe('halted');
    expect(begun).toBeGreaterThanOrEqual(60);
    expect(begun).toBeLessThan(100);
    expect(applied.settled).toHaveLength(begun);
    expect(looks).toBe(2);
  });
});

/** Applies, and has ben write these events once the first step is done. */
async function applyWith(world: World, of: Plan, ...events: readonly LedgerEvent[]): Promise<Applied> {
  await recordOf(world, of);
  const git: MemoryGit = {
    ...world.git,
    push: async (...given) => {
      const answer = await world.git.push(...given);
      await world.ledger.append(
        'small',
        events.map((event) => ({ at: LATER, actor: 'ben', event })),
      );
      return answer;
    },
  };
  return apply({ ...world, git }, of);
}

/** Steps beside each other, each with a branch of its own. */
function wideStep(index: number): Partial<PushRefsStep> {
  const name = `release/2.${index}`;
  return { key: `push-refs:core:${name}`, updates: [{ ref: branchRef(name), from: null, to: BASE }] };
}

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
        seenTo: 0,
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
