import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../testing/memory-store.ts';
import {
  PROMOTED,
  promotionApp,
  type PortHook,
  type PromotionApp,
  type WorldSnapshot,
} from '../../testing/promotion-app.ts';
import { applyIn, ApplyRefused, approve, markFinal, planIn } from '../../testing/promotion-story.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { entriesOf } from '../record.ts';
import { publishedRelease } from './published.ts';
import { promotePypi } from './pypi.ts';
import { promoteStable, STABLE_GATES } from './stable.ts';
import { promoteStage } from './stage.ts';

const input = { release: PROMOTED, dryRun: false };

/** `killed`: the process ends there and then, whatever it had begun. `failed`: the call fails once, and the process lives to tell of it. */
type Fault = 'killed' | 'failed';
const FAULTS: readonly { readonly fault: Fault; readonly when: 'before' | 'after' }[] = [
  { fault: 'killed', when: 'before' },
  { fault: 'killed', when: 'after' },
  { fault: 'failed', when: 'before' },
  { fault: 'failed', when: 'after' },
];

/** Strikes at one call. A process that was killed can do nothing more, not even give its lease back. */
function striking(
  at: number,
  { fault, when }: (typeof FAULTS)[number],
): { readonly hook: PortHook; readonly calls: () => number } {
  let calls = 0;
  let isDead = false;
  const broken = (call: string): Error => Object.assign(new Error(`${fault} ${when} ${call}`), { code: 'unreachable' });
  return {
    calls: () => calls,
    hook: (now, call) => {
      if (isDead) throw broken(call);
      if (now === 'before') calls += 1;
      if (calls !== at || now !== when) return;
      isDead = fault === 'killed';
      throw broken(call);
    },
  };
}

const REMOTES = ['/remotes/core', '/remotes/vision'];

/** The final tags of a remote, those of candidates left out. */
function finalTagsOf({ app }: PromotionApp, remote: string): readonly string[] {
  return [...app.git.refsOf(remote).keys()].filter((ref) => ref.startsWith('refs/tags/') && !ref.includes('-rc'));
}

/** Everything that lies in the world, and every upload that was accepted, in an order of its own. */
function worldOf(world: PromotionApp): unknown {
  const places = (['staging', 'stable', 'stable-libs', 'mirror'] as const).map((name) => {
    const store = world.place(name);
    // A process that was killed while it proved a wheel leaves its copy there, under a name of its own that nothing reads (decision 0140).
    return store
      .keys()
      .filter((key) => !key.startsWith('.signalbox/unproven-'))
      .toSorted()
      .map((key) => `${name}/${key} ${sha256Of(store.bytes(key) ?? '')}`);
  });
  const tags = REMOTES.map((remote) => finalTagsOf(world, remote));
  return { places, tags, uploads: world.packages.uploads.map(({ name, digest }) => `${name} ${digest}`).toSorted() };
}

interface Stage {
  readonly before: WorldSnapshot;
  readonly plan: Plan;
  readonly calls: number;
  readonly expected: unknown;
  readonly writes: number;
}

/** A world in which the plan was made and approved, what it looks like afterwards, and how many calls that takes. */
async function stageOf(world: PromotionApp, plan: Plan): Promise<Stage> {
  await approve(world, plan);
  const before = await world.snapshot();
  const counting = striking(-1, { fault: 'failed', when: 'before' });
  await applyIn(world.process(counting.hook), plan);
  return { before, plan, calls: counting.calls(), expected: worldOf(world), writes: world.packages.uploads.length };
}

const stages = new Map<string, Stage>();

beforeAll(async () => {
  const world = await promotionApp();
  await world.candidate(3);
  await markFinal(world);
  stages.set('stage', await stageOf(world, planIn(await promoteStage(world.app, input))));
  await world.waive(STABLE_GATES);
  stages.set('stable', await stageOf(world, planIn(await promoteStable(world.app, input))));
  await world.waive(['artifacts-complete']);
  stages.set('pypi', await stageOf(world, planIn(await promotePypi(world.app, input))));
});

/** Strikes once, then carries the plan out again until it is finished. */
async function struckWorld(
  { before, plan }: Stage,
  at: number,
  strike: (typeof FAULTS)[number],
): Promise<PromotionApp> {
  const world = await promotionApp(undefined, before);
  const { hook } = striking(at, strike);
  // What the process says of its end is not what counts: the world and the ledger are.
  await applyIn(world.process(hook), plan).catch(() => null);
  let end = 'begun';
  for (let tries = 0; tries < 3 && end !== 'finished'; tries += 1) {
    const again = await applyIn(
      world.process(() => undefined),
      plan,
    ).catch((error: unknown) => error);
    if (again instanceof ApplyRefused && again.codes.includes('plan-finished')) end = 'finished';
    else if (again instanceof Error) throw again;
    else end = (await applyState(world, plan)) ? 'finished' : 'stopped';
  }
  expect(end).toBe('finished');
  return world;
}

async function applyState({ app }: PromotionApp, plan: Plan): Promise<boolean> {
  return (await entriesOf(app, PROMOTED)).some(({ event }) => event.type === 'plan-finished' && event.plan === plan.id);
}

describe('a promotion that is struck at every call of every port', () => {
  it.each(['stage', 'stable', 'pypi'])('ends with the same world: %s', { timeout: 900_000 }, async (name) => {
    const stage = stages.get(name);
    if (stage === undefined) throw new Error(`no stage ${name}`);
    let runs = 0;
    for (let at = 1; at <= stage.calls; at += 1) {
      for (const strike of FAULTS) {
        const world = await struckWorld(stage, at, strike);
        expect(worldOf(world), `${strike.fault} ${strike.when} call ${at}`).toEqual(stage.expected);
        runs += 1;
      }
    }
    process.stdout.write(`${name}: ${runs} faults at ${stage.calls} calls of ports\n`);
    expect(runs).toBe(stage.calls * FAULTS.length);
  });

  it('is never told to be released while anything is missing', async () => {
    const stage = stages.get('pypi');
    if (stage === undefined) throw new Error('no stage pypi');
    for (let at = 1; at <= stage.calls; at += 3) {
      const world = await promotionApp(undefined, stage.before);
      const { hook } = striking(at, { fault: 'killed', when: 'after' });
      await applyIn(world.process(hook), stage.plan).catch(() => null);
      const published = await publishedRelease(world.app, PROMOTED);
      const isTagged = REMOTES.every((remote) => finalTagsOf(world, remote).length === 1);
      expect(published.ok && published.value.holds).toBe(world.packages.uploads.length === 4 && isTagged);
    }
  });
});
