import { beforeAll, describe, expect, it } from 'vitest';
import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ArtifactStoreError, type ArtifactStore } from '../ports/artifact-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import { LATER, NOW, planOf } from '../testing/engine-world.ts';
import { copyStep, factsOf, fileAt, readBackStep, reversionStep } from '../testing/file-steps.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { makeWheel } from '../testing/make-wheel.ts';
import { memoryGit } from '../testing/memory-git.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { memoryStores, sha256Of, type MemoryStore } from '../testing/memory-store.ts';
import { spliced } from '../testing/splice.ts';
import { reversionOf } from '../wheel/reversion/index.ts';
import { applyPlan, ApplyFailure, type Applied } from './apply.ts';
import { withFirstListing } from './first-listing.ts';
import { foldPlans } from './fold.ts';

/**
 * What happens at one call of a store or the ledger. `refused`: it is not done. `lost`: it is done, and its answer does not come. `dead before`,
 * `dead after`: the process ends there, and nothing of it goes on. `rewritten`: just then somebody writes other bytes of the same size over every source.
 */
type Fault = 'refused' | 'lost' | 'dead before' | 'dead after' | 'rewritten';

const ORDER = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };

/** Wheels, and what becomes of two of them. */
const wheels = ['2.8.0+cu126', '2.8.1+cu126'].map((version) =>
  makeWheel({ name: 'torch', version, requiresPython: '>=3.9' }),
);
const results: { readonly name: string; readonly bytes: Uint8Array }[] = [];
beforeAll(async () => {
  const store = memoryStores().store('once');
  for (const { fileName, bytes } of wheels) {
    store.plant(fileName, bytes);
    const source = store.source(StoreKey.parse(fileName));
    const planned = await reversionOf(source, fileName, ORDER);
    if (!planned.ok) throw new Error('the wheel of the test cannot be re-versioned');
    results.push({ name: planned.value.to.fileName, bytes: await spliced(source, planned.value.splice) });
  }
});

interface World {
  readonly test: MemoryStore;
  readonly elsewhere: MemoryStore;
  readonly stable: MemoryStore;
  readonly ledger: Ledger;
  readonly plan: Plan;
  /** Every state in which a file ever lay in `stable` under its own name. */
  readonly states: Map<string, Set<string>>;
  /** How often something was written to a name of `stable`. */
  readonly writes: Map<string, number>;
}

function freshWorld(): World {
  const stores = memoryStores();
  const [test, stable] = [stores.store('test'), stores.store('stable')];
  const elsewhere = memoryStores().store('elsewhere');
  const etag = plantSources({ test, elsewhere });
  const [first, second] = wheels.map(({ fileName, bytes }, index) => {
    const { name = '', bytes: made = new Uint8Array() } = results[index] ?? {};
    const from = fileAt(index === 0 ? 'test' : 'elsewhere', fileName);
    return reversionStep({ from: fileName, to: name }, factsOf(bytes), factsOf(made), { from, wave: 1 });
  });
  if (first === undefined || second === undefined) throw new Error('two wheels');
  const files = [
    ...['plain', 'second', 'bare'].map((name) => ({ key: `${name}.whl`, ...factsOf(`${name} wheel`) })),
    ...results.map(({ name, bytes }) => ({ key: name, ...factsOf(bytes) })),
  ];
  const plan = planOf(
    [
      copyStep('plain.whl', factsOf('plain wheel'), { etag }),
      copyStep('second.whl', factsOf('second wheel')),
      copyStep('bare.whl', factsOf('bare wheel')),
      first,
      second,
      readBackStep(files, 2),
    ],
    { purpose: 'stable' },
  );
  return { test, elsewhere, stable, ledger: memoryLedger(), plan, states: new Map(), writes: new Map() };
}

/** The sources as planned; the ETag of the first. */
function plantSources({ test, elsewhere }: Pick<World, 'test' | 'elsewhere'>): string {
  const { etag } = test.plant('plain.whl', 'plain wheel', sha256Of('plain wheel'));
  test.plant('second.whl', 'second wheel', sha256Of('second wheel'));
  test.plant('bare.whl', 'bare wheel');
  for (const [index, { fileName, bytes }] of wheels.entries()) {
    (index === 0 ? test : elsewhere).plant(fileName, bytes, sha256Of(bytes));
  }
  return etag;
}

/** Other bytes of the same size, with a true record. */
function rewriteSources({ test, elsewhere }: World): void {
  for (const [store, names] of [
    [test, ['plain.whl', 'second.whl', 'bare.whl', wheels[0]?.fileName ?? '']],
    [elsewhere, [wheels[1]?.fileName ?? '']],
  ] as const) {
    for (const name of names) {
      const bytes = Buffer.from(store.bytes(name) ?? []);
      bytes.fill('X', bytes.length - 3);
      store.plant(name, bytes, name === 'bare.whl' ? null : sha256Of(bytes));
    }
  }
}

/** Calls are counted from 1 over all stores and the ledger; a fault comes at one of them. */
class Faults {
  count = 0;
  #dead = false;
  readonly #at: number;
  readonly #fault: Fault;
  readonly #world: World;

  constructor(world: World, at: number, fault: Fault) {
    [this.#world, this.#at, this.#fault] = [world, at, fault];
  }

  async call<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#check();
    this.count += 1;
    if (this.count !== this.#at) return this.#alive(await work());
    if (this.#fault === 'rewritten') rewriteSources(this.#world);
    if (this.#fault === 'dead before') this.#dead = true;
    if (this.#fault === 'refused' || this.#dead) throw failure();
    const answer = await work();
    if (this.#fault === 'dead after') this.#dead = true;
    if (this.#fault === 'lost' || this.#dead) throw failure();
    return answer;
  }

  /** What a dead process was waiting for goes nowhere. */
  #alive<Answer>(answer: Answer): Answer {
    this.#check();
    return answer;
  }

  #check(): void {
    if (this.#dead) throw failure();
  }
}

function failure(): Error {
  return new ArtifactStoreError('unreachable', 'the connection broke off');
}

function faulty(inner: ArtifactStore, faults: Faults): ArtifactStore {
  return {
    name: inner.name,
    reaches: (from) => inner.reaches(from),
    source: (key, etag) => inner.source(key, etag),
    list: async function* list(prefix, after) {
      const pages = inner.list(prefix, after)[Symbol.asyncIterator]();
      for (;;) {
        const next = await faults.call(() => pages.next());
        if (next.done === true) return;
        yield next.value;
      }
    },
    look: (key) => faults.call(() => inner.look(key)),
    put: (...given) => faults.call(() => inner.put(...given)),
    copy: (...given) => faults.call(() => inner.copy(...given)),
    compose: (...given) => faults.call(() => inner.compose(...given)),
    remove: (...given) => faults.call(() => inner.remove(...given)),
  };
}

/** A store that remembers what ever lay in it under the names of files. */
function remembered({ stable, states, writes }: World): ArtifactStore {
  const note = (key: StoreKey): void => {
    states.set(key, (states.get(key) ?? new Set()).add(sha256Of(stable.bytes(key) ?? '')));
    writes.set(key, (writes.get(key) ?? 0) + 1);
  };
  return {
    ...stable,
    put: async (key, ...given) => {
      const object = await stable.put(key, ...given);
      note(key);
      return object;
    },
    copy: async (from, to, draft) => {
      const object = await stable.copy(from, to, draft);
      note(to);
      return object;
    },
    compose: async (from, to, draft) => {
      const composed = await stable.compose(from, to, draft);
      note(to);
      return composed;
    },
  };
}

async function apply(world: World, faults: Faults): Promise<Applied | 'failed'> {
  const { plan, ledger } = world;
  const [test, elsewhere] = [faulty(world.test, faults), faulty(world.elsewhere, faults)];
  const stable = faulty(remembered(world), faults);
  const files = storedArtifactFiles(async ({ channel }) => {
    const store = channel === 'test' ? test : channel === 'stable' ? stable : elsewhere;
    return { store, writable: () => store, outside: null, index: null };
  });
  if (!foldPlans(await ledger.read({ train: 'small' })).has(plan.id)) {
    const event = { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER } as const;
    await ledger.append('small', [{ at: NOW, actor: 'ana', event }]);
  }
  const record = foldPlans(await ledger.read({ train: 'small' })).get(plan.id);
  if (record === undefined) throw new Error('the plan was written');
  const clock = fixedClock(NOW);
  try {
    return await applyPlan({
      record,
      actor: 'ana',
      ports: {
        git: memoryGit(),
        forge: null,
        pages: null,
        files: withFirstListing(files, plan, clock),
        packages: null,
      },
      ledger: { ...ledger, append: (...given) => faults.call(() => ledger.append(...given)) },
      lease: { isHeld: async () => true, release: async () => {} },
      seenTo: 0,
      clock,
      stop: new AbortController().signal,
      report: () => {},
    });
  } catch (error) {
    if (error instanceof ApplyFailure || error instanceof ArtifactStoreError) return 'failed';
    throw error;
  }
}

const never = (world: World): Faults => new Faults(world, 0, 'refused');

/** What lies in stable: names with digests of bytes and of the record. What a killed run left aside is swept later (aside.test.ts). */
async function picture({ stable }: World): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { objects } of stable.list('')) {
    for (const { key, sha256 } of objects) {
      if (!key.startsWith('.signalbox/')) lines.push(`${key} ${sha256Of(stable.bytes(key) ?? '')} ${sha256}`);
    }
  }
  return lines;
}

/** The digest that each file of the plan may have, and no other. */
function planned({ plan }: World): ReadonlyMap<string, string> {
  const steps = plan.body.steps.flatMap((step) =>
    step.kind === 'copy-file' || step.kind === 'reversion-file' ? [[step.to.key, step.digest] as const] : [],
  );
  return new Map(steps);
}

function wrongStates(world: World): readonly string[] {
  return [...planned(world)].flatMap(([key, digest]) =>
    [...(world.states.get(key) ?? [])].filter((state) => state !== digest).map((state) => `${key} ${state}`),
  );
}

describe('a plan of copies, of wheels of other versions, and a reading back', () => {
  let calls = 0;
  let whole: readonly string[] = [];
  beforeAll(async () => {
    const world = freshWorld();
    const faults = never(world);
    await apply(world, faults);
    [calls, whole] = [faults.count, await picture(world)];
  });

  it('puts every file there, with its digest', () => {
    expect(whole).toHaveLength(5);
    for (const line of whole) expect(line).toMatch(/^\S+ (sha256:[0-9a-f]{64}) \1$/);
    expect(calls).toBeGreaterThan(30);
  });

  it.each(['refused', 'lost', 'dead before', 'dead after'] as const)(
    'ends with the same world when any call is %s, once it is applied again, and writes nothing twice',
    async (fault) => {
      for (let at = 1; at <= calls; at += 1) {
        const world = freshWorld();
        await apply(world, new Faults(world, at, fault));
        expect(await apply(world, never(world)), `call ${at}`).toMatchObject({ end: 'finished' });
        expect(await picture(world), `call ${at}`).toEqual(whole);
        expect(wrongStates(world), `call ${at}`).toEqual([]);
        for (const key of planned(world).keys()) expect(world.writes.get(key), `call ${at}: ${key}`).toBe(1);
      }
    },
  );

  it('never shows a wrong byte when every source is written over at any call, and ends right when they are back', async () => {
    for (let at = 1; at <= calls; at += 1) {
      const world = freshWorld();
      await apply(world, new Faults(world, at, 'rewritten'));
      expect(wrongStates(world), `call ${at}`).toEqual([]);
      plantSources(world);
      expect(await apply(world, never(world)), `call ${at}`).toMatchObject({ end: 'finished' });
      expect(await picture(world), `call ${at}`).toEqual(whole);
      expect(wrongStates(world), `call ${at}`).toEqual([]);
    }
  });
});
