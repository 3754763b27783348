import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pipResolver } from '../../../adapters/pip/index.ts';
import { applyPlan } from '../../../app/apply-plan.ts';
import { judge } from '../../../app/judge.ts';
import { publishIndex } from '../../../app/publish-index.ts';
import type { Gate } from '../../../domain/gate.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import type { ReadableStore } from '../../../ports/artifact-store.ts';
import type { Resolver } from '../../../ports/resolver.ts';
import { channelApp, plantRelease, plantWheel, type ChannelApp } from '../../../testing/channel-app.ts';
import { serveChannel, type ChannelServer } from '../../../testing/channel-server.ts';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PIP } from '../../../testing/debian-tools.ts';
import type { WheelRecipe } from '../../../testing/make-wheel.ts';
import { memoryStores } from '../../../testing/memory-store.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const ASKED = { only: ['companions-resolve'] };

let current: ReadableStore = memoryStores().store('none');
let server: ChannelServer;
let kept: string;
let asked: string[];

beforeAll(async () => {
  server = await serveChannel({
    name: 'the channel of the test',
    list: (...given) => current.list(...given),
    look: (...given) => current.look(...given),
    source: (...given) => current.source(...given),
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  kept = await mkdtemp(join(tmpdir(), 'signalbox-resolved-'));
  asked = [];
  server.broken.clear();
});
afterEach(() => rm(kept, { recursive: true, force: true }));

function resolver(python = DEBIAN_PYTHON): Resolver {
  const pip = pipResolver({ python, kept, millis: 120_000 });
  return {
    known: (question) => pip.known(question),
    resolve: (question) => {
      asked.push(question.index);
      return pip.resolve(question);
    },
  };
}

async function published(change?: Parameters<typeof plantRelease>[1]): Promise<ChannelApp> {
  const world = channelApp(server.url);
  current = world.memory;
  plantRelease(world.memory, change);
  await publish(world);
  return { ...world, app: { ...world.app, resolver: resolver() } };
}

async function publish({ app }: ChannelApp): Promise<void> {
  const plan = await publishIndex(app, { release: RELEASE, channel: 'test', removals: [], dryRun: false });
  if (!plan.ok || plan.value.kind !== 'planned') throw new Error(JSON.stringify(plan));
  const applying = { confirmation: null, stop: new AbortController().signal, report: () => {} };
  const applied = await applyPlan(app, { id: plan.value.view.plan.id, ...applying });
  if (!applied.ok || applied.value.end !== 'finished') throw new Error(JSON.stringify(applied));
}

async function companions({ app }: ChannelApp, how: Parameters<typeof judge>[2] = ASKED): Promise<Gate> {
  const { gates } = await judge(app, RELEASE, how);
  const gate = gates.find(({ id }) => id === 'companions-resolve');
  if (gate === undefined) throw new Error('the gate was not judged');
  return gate;
}

/** Only the wheels of the CPU for Python 3.12. */
function onOneMachine(
  change: (recipe: WheelRecipe) => WheelRecipe = (recipe) => recipe,
): Parameters<typeof plantRelease>[1] {
  return (recipe) =>
    recipe.version.endsWith('+cpu') && recipe.tags?.startsWith('cp312') === true ? change(recipe) : null;
}

/** The CUDA wheels of torch_vision for one Python require another torch. */
function lie(python: string, torch: string): Parameters<typeof plantRelease>[1] {
  return (recipe) =>
    recipe.name === 'torch_vision' && recipe.version.endsWith('+cu126') && recipe.tags?.startsWith(python) === true
      ? { ...recipe, requiresDist: [`torch==${torch}`] }
      : recipe;
}

describe.skipIf(WITHOUT_DEBIAN_PIP)('companions-resolve, by the real pip', { timeout: 240_000 }, () => {
  it('passes when the packages install together on every machine, whatever they need from elsewhere; and is asked once', async () => {
    const world = await published();
    const gate = await companions(world);
    expect(gate).toMatchObject({
      verdict: 'pass',
      summary: 'resolves on 4 of 4 machines: torch 2.8.0+cpu, torch_vision 0.23.0+cpu',
    });
    expect(gate.evidence[0]?.text).toMatch(
      /^linux-x86_64 cpu 3\.12: pip 23\.0\.1 would install torch 2\.8\.0\+cpu, torch_vision 0\.23\.0\+cpu$/,
    );
    expect(asked).toHaveLength(4);
    expect(await companions(world)).toMatchObject({ verdict: 'pass' });
    // In an overview nothing is asked; what was asked is known.
    expect(await companions(world, {})).toMatchObject({ verdict: 'pass' });
    expect(asked).toHaveLength(4);
  });

  it('is not asked in an overview, and says what asks', async () => {
    const gate = await companions(await published(), {});
    expect(gate).toMatchObject({
      verdict: 'no-data',
      summary: 'resolves on 0 of 4 machines; 4 were not asked for these files yet',
      fix: 'signalbox gate show 2.8.0 companions-resolve',
    });
    expect(asked).toEqual([]);
  });

  it('names the machine on which a package wants another version of its companion, and asks again only there once it is mended', async () => {
    const world = await published(lie('cp313', '2.7.1'));
    const gate = await companions(world);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toMatch(
      /^resolves on 3 of 4 machines; linux-x86_64 cu126 3\.13: pip 23\.0\.1 finds no way: .*torch==2\.7\.1/,
    );
    asked = [];
    const mended = channelApp(server.url);
    current = mended.memory;
    plantRelease(mended.memory);
    await publish(mended);
    expect(await companions({ ...mended, app: { ...mended.app, resolver: resolver() } })).toMatchObject({
      verdict: 'pass',
    });
    // The page of torch_vision in this folder changed for both of its machines.
    expect(asked).toEqual([`${server.url}cu126/`, `${server.url}cu126/`]);
  });

  it('names conditions on a package of others that no version meets', async () => {
    const world = await published(
      onOneMachine((recipe) => ({
        ...recipe,
        requiresDist: recipe.name === 'torch' ? ['numpy<2'] : ['numpy>=2', 'torch'],
      })),
    );
    expect((await companions(world)).summary).toMatch(
      /^resolves on 0 of 4 machines; .* depends on numpy<2, .* depends on numpy>=2/,
    );
    expect(asked).toHaveLength(1);
  });

  it('names a package whose wheel for one machine is not there', async () => {
    const world = await published(onOneMachine());
    const gone = 'torch_vision-0.23.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
    await world.memory.remove(StoreKey.parse(`cpu/${gone}`), null);
    const plan = await publishIndex(world.app, { release: RELEASE, channel: 'test', removals: [gone], dryRun: false });
    if (!plan.ok || plan.value.kind !== 'planned') throw new Error(JSON.stringify(plan));
    const applying = { confirmation: null, stop: new AbortController().signal, report: () => {} };
    await applyPlan(world.app, { id: plan.value.view.plan.id, ...applying });
    expect((await companions(world)).summary).toMatch(
      /^resolves on 0 of 4 machines; linux-x86_64 cpu 3\.12: pip 23\.0\.1 finds no way: .*No matching distribution found for torch_vision==0\.23\.0\+cpu/,
    );
  });

  it('does not let a later release in the channel take the place of this one', async () => {
    const world = await published((recipe) => ({ ...recipe, requiresDist: recipe.name === 'torch' ? [] : ['torch'] }));
    plantWheel(world.memory, 'cpu', {
      name: 'torch',
      version: '2.9.0+cpu',
      tags: 'cp312-cp312-manylinux_2_28_x86_64',
    });
    await publish(world);
    expect(await companions(world)).toMatchObject({ verdict: 'pass' });
  });

  it('is without data when the index does not answer, and when there is no pip', async () => {
    const world = await published(onOneMachine());
    server.broken.set('/cpu/torch/', 403);
    const gate = await companions(world);
    expect(gate.verdict).toBe('no-data');
    expect(gate.summary).toContain('403 Client Error');
    server.broken.clear();
    const without = { ...world, app: { ...world.app, resolver: resolver(join(kept, 'no-python')) } };
    expect((await companions(without)).summary).toContain('could not be started');
  });
});
