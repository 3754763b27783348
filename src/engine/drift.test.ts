import { expect, it } from 'vitest';
import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import { planOf } from '../testing/engine-world.ts';
import { copyStep, factsOf } from '../testing/file-steps.ts';
import { memoryStores, sha256Of } from '../testing/memory-store.ts';
import { movedFiles } from './drift.ts';

it('looks at no source that a listing shows in the state that was planned on, and names those that are others', async () => {
  const stores = memoryStores();
  const [test, stable] = [stores.store('test'), stores.store('stable')];
  const looked: string[] = [];
  const watched = (inner: ArtifactStore): ArtifactStore => ({
    ...inner,
    look: (key) => {
      looked.push(key);
      return inner.look(key);
    },
  });
  const files = storedArtifactFiles(async ({ channel }) => {
    const store = watched(channel === 'test' ? test : stable);
    return { store, writable: () => store, outside: null, index: null };
  });
  const steps = ['a', 'b', 'c', 'd'].map((name) => {
    const { etag } = test.plant(name, `wheel ${name}`, sha256Of(`wheel ${name}`));
    return copyStep(name, factsOf(`wheel ${name}`), name === 'c' ? {} : { etag });
  });
  expect(await movedFiles(planOf(steps), { files, packages: null })).toEqual([]);
  expect(looked).toEqual(['c']);
  test.plant('a', 'wheel X', sha256Of('wheel X'));
  await test.remove((steps[1] ?? copyStep('b', factsOf('b'))).from.key, null);
  const moved = await movedFiles(planOf(steps), { files, packages: null });
  expect(moved).toEqual([
    { is: 'source', where: 'test/a', planned: sha256Of('wheel a'), found: sha256Of('wheel X') },
    { is: 'source', where: 'test/b', planned: sha256Of('wheel b'), found: null },
  ]);
});
