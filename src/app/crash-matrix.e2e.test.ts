import { setTimeout as delay } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CalendarDate, Instant } from '../domain/instant.ts';
import { applyOnce } from '../testing/crash-apply.ts';
import { creationsOf, ledgerOf, pictureOf } from '../testing/crash-picture.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../testing/crash-process.ts';
import { storyPlans, type StoryPlan } from '../testing/crash-story.ts';
import { openCrashWorld, type CrashWorld } from '../testing/crash-world.ts';

/** Worlds at work side by side: each has its own GitHub, its own database, its own people. */
const LANES = Math.max(2, Math.min(4, availableParallelism()));
const TODAY = CalendarDate.parse('2025-06-24');
const NOW = Instant.parse('2025-06-24T14:00:00Z');
/** More than one is needed only when a push of the dead process lands in the middle of the next. */
const TRIES = 3;
const LEASE_PATIENCE_MS = 10_000;

/** All points of all plans take some 12 minutes of two idle processors; without it, a sample of each plan is tried. */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SAMPLE = 8;
const SEED = Number(process.env['SIGNALBOX_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const chance = chanceFrom(SEED);

/** Numbers from 0 to below 1 that follow from the seed. */
function chanceFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function sampleOf(numbers: readonly number[]): readonly number[] {
  return numbers
    .map((number) => ({ number, rank: chance() }))
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, SAMPLE)
    .map(({ number }) => number);
}

/** What the undisturbed run of a plan leaves behind. */
interface Expected {
  readonly points: readonly string[];
  readonly picture: readonly string[];
  readonly ledger: Awaited<ReturnType<typeof ledgerOf>>;
  readonly creations: number;
}

interface Lane {
  readonly world: CrashWorld;
  readonly plans: Map<string, StoryPlan & Expected>;
}

interface Tried {
  readonly plan: string;
  readonly at: number;
  readonly point: string;
  /** The run ended before it had so many points: nothing was killed, the world is compared all the same. */
  readonly isBeyond: boolean;
  readonly tries: number;
  readonly wrong: readonly string[];
}

let program: CrashProgram;
let lanes: readonly Lane[] = [];
const worlds: CrashWorld[] = [];

beforeAll(async () => {
  program = await buildCrashProgram();
  lanes = await Promise.all(Array.from({ length: LANES }, prepareLane));
});

afterAll(async () => {
  for (const world of worlds) await world.remove();
  await program.remove();
});

/** Plays the story in a world of its own, keeping how it was before each plan and how the plan left it when nothing went wrong. */
async function prepareLane(): Promise<Lane> {
  const world = await openCrashWorld({ today: TODAY, now: NOW });
  worlds.push(world);
  const plans: Lane['plans'] = new Map();
  for await (const next of storyPlans(world)) {
    await world.snapshot(next.name);
    const { plan, confirmation } = next;
    const run = await startChild(program, world.order(plan.id, { confirmation })).ended;
    if (run.answer?.end !== 'finished') throw new Error(`${next.name} undisturbed: ${JSON.stringify(run.answer)}`);
    plans.set(next.name, {
      ...next,
      points: run.points,
      picture: await pictureOf(world),
      ledger: await ledgerOf(world, plan.id),
      creations: creationsOf(world),
    });
  }
  return { world, plans };
}

/** Kills a process at the point, goes on as people would, and says what is not as after the undisturbed run. */
async function dieAt({ world, plans }: Lane, name: string, at: number): Promise<Tried> {
  const known = plans.get(name);
  if (known === undefined) throw new Error(`no plan ${name}`);
  const { plan, confirmation } = known;
  await world.restore(name);
  const run = await startChild(program, world.order(plan.id, { confirmation, killAt: at })).ended;
  // Receipts of steps that end together are stored by one append, so a run may have a few points fewer than the undisturbed one had.
  const isBeyond = !run.killed && run.points.length < at;
  const wrong: string[] = run.killed || isBeyond ? [] : [`it was not killed: ${JSON.stringify(run.answer)}`];
  let tries = 0;
  const waitUntil = performance.now() + LEASE_PATIENCE_MS;
  for (let over = false; !over;) {
    const end = await world.as('ada-rm', (app) => applyOnce(app, { plan: plan.id, confirmation }));
    if (end.end === 'refused' && end.codes.includes('held-by-other') && performance.now() < waitUntil) {
      // The database has not seen yet that the process is gone.
      await delay(5);
      continue;
    }
    tries += 1;
    over = end.end === 'finished' || (end.end === 'refused' && end.codes.join() === 'plan-finished');
    if (!over && (tries === TRIES || end.end !== 'stopped')) {
      wrong.push(`going on ended with ${JSON.stringify(end)}`);
      over = true;
    }
  }
  await world.quiet();
  wrong.push(...differences('in the world', known.picture, await pictureOf(world)));
  const ledger = await ledgerOf(world, plan.id);
  wrong.push(...differences('receipt', known.ledger.receipts, ledger.receipts));
  if (ledger.ends !== 1) wrong.push(`the plan was finished ${ledger.ends} times`);
  if (ledger.faults !== 0) wrong.push(`the ledger has ${ledger.faults} faults`);
  const creations = creationsOf(world);
  if (creations !== known.creations) wrong.push(`${creations} things made on the forge, not ${known.creations}`);
  return { plan: name, at, point: run.points.at(-1) ?? 'none', isBeyond, tries, wrong };
}

function differences(what: string, expected: readonly string[], found: readonly string[]): readonly string[] {
  const left = [...found];
  const missing = expected.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [...missing.map((line) => `missing ${what}: ${line}`), ...left.map((line) => `too much ${what}: ${line}`)];
}

describe('the crash matrix: a process that dies at any point of an apply', () => {
  it('leaves a world that the next apply brings to the same end, with no effect twice', async () => {
    const started = performance.now();
    const [first] = lanes;
    const jobs = [...(first?.plans.values() ?? [])].flatMap(({ name, points }) => {
      const numbers = points.map((_point, index) => index + 1);
      return (LONG ? numbers : sampleOf(numbers)).map((at) => ({ name, at }));
    });
    const tried: Tried[] = [];
    const all = jobs.length;
    await Promise.all(
      lanes.map(async (lane) => {
        for (let job = jobs.shift(); job !== undefined; job = jobs.shift())
          tried.push(await dieAt(lane, job.name, job.at));
      }),
    );
    for (const { name, points } of first?.plans.values() ?? []) {
      const own = tried.filter((one) => one.plan === name);
      process.stderr.write(
        `crash matrix: ${name}: killed at ${own.filter(({ isBeyond }) => !isBeyond).length} of ${points.length} points, ${own.filter(({ tries }) => tries > 1).length} needed more than one apply\n`,
      );
    }
    const seconds = (performance.now() - started) / 1000;
    const how = LONG ? 'all of them' : `seed ${SEED}; SIGNALBOX_SEED repeats it, SIGNALBOX_LONG=1 tries all`;
    process.stderr.write(`crash matrix: ${tried.length} kill points in ${seconds.toFixed(0)} s (${how})\n`);
    expect(tried).toHaveLength(all);
    expect(tried.filter(({ isBeyond }) => isBeyond).length).toBeLessThan(all / 20);
    expect(tried.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  }, 1_800_000);
});
