import { expect, it } from 'vitest';
import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import { Instant } from '../domain/instant.ts';
import type { CopyFileStep } from '../domain/plan/step.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import { NOW, planOf } from '../testing/engine-world.ts';
import { copyStep, factsOf } from '../testing/file-steps.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { memoryStores, sha256Of } from '../testing/memory-store.ts';
import { withFirstListing } from './first-listing.ts';

/** Two places whose requests are written down. */
function ground() {
  const stores = memoryStores();
  const [test, stable] = [stores.store('test'), stores.store('stable')];
  const asked: string[] = [];
  const watched = (inner: ArtifactStore): ArtifactStore => ({
    ...inner,
    look: (key) => {
      asked.push(`look ${inner.name} ${key}`);
      return inner.look(key);
    },
    list: (prefix, after) => {
      asked.push(`list ${inner.name}`);
      return inner.list(prefix, after);
    },
    copy: (from, to, draft) => {
      asked.push(`copy ${to}`);
      return inner.copy(from, to, draft);
    },
  });
  const [source, target] = [watched(test), watched(stable)];
  const files = storedArtifactFiles(async ({ channel }) => {
    const store = channel === 'test' ? source : target;
    return { store, writable: () => store, outside: null, index: null };
  });
  const clock = fixedClock(NOW);
  return {
    test,
    stable,
    asked,
    clock,
    files,
    look: (steps: readonly CopyFileStep[]) => withFirstListing(files, planOf(steps), clock),
  };
}

/** Files that lie in the test channel, as steps that know their ETags. */
function planted({ test }: ReturnType<typeof ground>, names: readonly string[], wave = 0): readonly CopyFileStep[] {
  return names.map((name) => {
    const { etag } = test.plant(`cpu/${name}`, name, sha256Of(name));
    return copyStep(`cpu/${name}`, factsOf(name), { etag, wave });
  });
}

const wantedOf = ({ size, digest, before }: CopyFileStep) => ({ size, digest, before });

it('looks at no file of a wave by itself: both ends are listed once, and each is copied', async () => {
  const world = ground();
  const steps = planted(world, ['a', 'b', 'c']);
  const files = world.look(steps);
  expect(await Promise.all(steps.map(({ to }) => files.look(to)))).toEqual([null, null, null]);
  const answers = await Promise.all(steps.map((step) => files.copy(step.from, step.to, wantedOf(step))));
  expect(answers.map(({ done }) => done)).toEqual([true, true, true]);
  expect(world.asked).toEqual(['list stable', 'list test', 'copy cpu/a', 'copy cpu/b', 'copy cpu/c']);
});

it('looks at what the listing shows to be there, and asks anew for what was answered once', async () => {
  const world = ground();
  const steps = planted(world, ['a', 'b', 'c']);
  const [first, second] = steps;
  if (first === undefined || second === undefined) throw new Error('two steps');
  world.stable.plant('cpu/a', 'a', sha256Of('a'));
  const files = world.look(steps);
  expect(await files.look(first.to)).toEqual(factsOf('a'));
  expect(await files.look(second.to)).toBeNull();
  world.stable.plant('cpu/b', 'b', sha256Of('b'));
  expect(await files.look(second.to)).toEqual(factsOf('b'));
  expect(world.asked).toEqual(['list stable', 'look stable cpu/a', 'look stable cpu/b']);
});

it('does not list again what was listed for whoever admitted the plan, as long as that counts', async () => {
  const world = ground();
  const steps = planted(world, ['a', 'b']);
  const [first, second] = steps;
  if (first === undefined || second === undefined) throw new Error('two steps');
  const files = world.look(steps);
  const told = await files.list(
    first.to,
    steps.map(({ to }) => to.key),
  );
  expect([...told.values()]).toEqual([null, null]);
  await files.list(
    first.from,
    steps.map(({ from }) => from.key),
  );
  expect(await files.look(first.to)).toBeNull();
  await files.copy(first.from, first.to, wantedOf(first));
  expect(world.asked).toEqual(['list stable', 'list test', 'copy cpu/a']);
  world.clock.set(Instant.parse('2025-06-24T14:01:00Z'));
  expect(await files.look(second.to)).toBeNull();
  expect(world.asked.at(-1)).toBe('look stable cpu/b');
});

it('lists a later wave when its turn comes', async () => {
  const world = ground();
  const [now, later] = [planted(world, ['a']), planted(world, ['b'], 1)];
  const files = world.look([...now, ...later]);
  for (const { to } of now) expect(await files.look(to)).toBeNull();
  world.stable.plant('cpu/b', 'b', sha256Of('b'));
  for (const { to } of later) expect(await files.look(to)).toEqual(factsOf('b'));
  expect(world.asked).toEqual(['list stable', 'list stable', 'look stable cpu/b']);
});

it('looks at a source that is in another state than was planned, or whose state was not planned', async () => {
  const world = ground();
  const [first, second] = planted(world, ['a', 'b']);
  if (first === undefined || second === undefined) throw new Error('two steps');
  world.test.plant('cpu/a', 'X', sha256Of('X'));
  const { etag: _etag, ...bare } = second;
  const files = world.look([first, bare]);
  for (const { to } of [first, second]) await files.look(to);
  expect(await files.copy(first.from, first.to, wantedOf(first))).toMatchObject({ done: false });
  expect(await files.copy(bare.from, bare.to, wantedOf(bare))).toMatchObject({ done: true });
  expect(world.asked).toEqual(['list stable', 'list test', 'look test cpu/a', 'look test cpu/b', 'copy cpu/b']);
  expect(world.stable.text('cpu/a')).toBeNull();
});

it('believes a listing for a minute', async () => {
  const world = ground();
  const steps = planted(world, ['a', 'b']);
  const [first, second] = steps;
  if (first === undefined || second === undefined) throw new Error('two steps');
  const files = world.look(steps);
  for (const { to } of steps) await files.look(to);
  world.clock.set(Instant.parse('2025-06-24T14:00:59Z'));
  await files.copy(first.from, first.to, wantedOf(first));
  world.clock.set(Instant.parse('2025-06-24T14:02:00Z'));
  await files.copy(second.from, second.to, wantedOf(second));
  expect(world.asked.slice(-5)).toEqual([
    'list test',
    'copy cpu/a',
    'look stable cpu/b',
    'look test cpu/b',
    'copy cpu/b',
  ]);
});

it('asks again when a listing failed', async () => {
  const world = ground();
  const steps = planted(world, ['a', 'b']);
  let fails = true;
  const broken = {
    ...world.files,
    list: async (...given: Parameters<typeof world.files.list>) => {
      if (fails) throw new Error('the store is busy');
      return world.files.list(...given);
    },
  };
  const files = withFirstListing(broken, planOf(steps), world.clock);
  const [first, second] = steps;
  if (first === undefined || second === undefined) throw new Error('two steps');
  await expect(files.look(first.to)).rejects.toThrow('busy');
  fails = false;
  expect(await files.look(second.to)).toBeNull();
});
