import { expect, it } from 'vitest';
import { RefName, type ObjectId } from '../domain/git-names.ts';
import { RepoKey } from '../domain/repo.ts';
import type { Git } from '../ports/git.ts';
import { fakeId, memoryGit } from '../testing/memory-git.ts';
import { withSharedRefs } from './shared-refs.ts';

const at = { repo: RepoKey.parse('core'), remote: 'https://forge.example/core' };
const main = RefName.parse('refs/heads/main');
const line = RefName.parse('refs/heads/release/2.8');

/** A remote with two branches, and the calls that reached it. */
function counted(): {
  readonly git: Git;
  readonly calls: string[];
  readonly move: (ref: RefName, id: ObjectId) => void;
  fail: boolean;
} {
  const memory = memoryGit();
  memory.setRef(at.remote, main, fakeId('one'));
  memory.setRef(at.remote, line, fakeId('two'));
  const calls: string[] = [];
  const world = {
    calls,
    fail: false,
    move: (ref: RefName, id: ObjectId) => memory.setRef(at.remote, ref, id),
    git: {
      ...memory,
      remoteRefs: async (...[where, patterns]: Parameters<Git['remoteRefs']>) => {
        calls.push(`look ${patterns.join(' ')}`);
        if (world.fail) throw new Error('no answer');
        return memory.remoteRefs(where, patterns);
      },
      fetch: async (...[, refs]: Parameters<Git['fetch']>) => {
        calls.push(`fetch ${refs.join(' ')}`);
        if (world.fail) throw new Error('no answer');
      },
    },
  };
  return world;
}

it('answers from an earlier look what that look covers, and only that', async () => {
  const world = counted();
  const git = withSharedRefs(world.git);
  const [all, one] = await Promise.all([
    git.remoteRefs(at, ['refs/heads/*']),
    git.remoteRefs(at, ['refs/heads/release/*']),
  ]);
  expect(all.map(({ ref }) => ref)).toEqual([main, line]);
  expect(one).toEqual([{ ref: line, id: fakeId('two'), peeled: null }]);
  world.move(main, fakeId('three'));
  expect(await git.remoteRefs(at, [main])).toEqual([{ ref: main, id: fakeId('one'), peeled: null }]);
  expect(await git.remoteRefs(at, ['refs/tags/*', main])).toEqual([{ ref: main, id: fakeId('three'), peeled: null }]);
  expect(world.calls).toEqual(['look refs/heads/*', `look refs/tags/* ${main}`]);
});

it('asks in one request for what is asked for at once', async () => {
  const world = counted();
  const git = withSharedRefs(world.git);
  const [one, other] = await Promise.all([git.remoteRefs(at, [main]), git.remoteRefs(at, ['refs/tags/*', line])]);
  expect([one, other].map((refs) => refs.map(({ ref }) => ref))).toEqual([[main], [line]]);
  expect(world.calls).toEqual([`look ${main} refs/tags/* ${line}`]);
  world.fail = true;
  const failed = await Promise.allSettled([git.remoteRefs(at, ['refs/heads/a']), git.remoteRefs(at, ['refs/heads/b'])]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  world.fail = false;
  expect(await git.remoteRefs(at, ['refs/heads/a'])).toEqual([]);
});

it('brings a ref once for each look at it', async () => {
  const world = counted();
  const git = withSharedRefs(world.git);
  await git.remoteRefs(at, [main]);
  await Promise.all([git.fetch(at, [main]), git.fetch(at, [main, line])]);
  await git.remoteRefs(at, [main, 'refs/tags/*']);
  await git.fetch(at, [main, line]);
  expect(world.calls).toEqual([
    `look ${main}`,
    `fetch ${main}`,
    `fetch ${line}`,
    `look ${main} refs/tags/*`,
    `fetch ${main}`,
  ]);
});

it('asks again after a look or a fetch that failed', async () => {
  const world = counted();
  const git = withSharedRefs(world.git);
  world.fail = true;
  await expect(git.remoteRefs(at, [main])).rejects.toThrow('no answer');
  await expect(git.fetch(at, [main])).rejects.toThrow('no answer');
  world.fail = false;
  expect(await git.remoteRefs(at, [main])).toHaveLength(1);
  await git.fetch(at, [main]);
  expect(world.calls).toEqual([`look ${main}`, `fetch ${main}`, `look ${main}`, `fetch ${main}`]);
});
