import { expect, it } from 'vitest';
import { branchRef } from '../domain/git-names.ts';
import { RepoKey } from '../domain/repo.ts';
import { BASE, cutStep, planOf } from '../testing/engine-world.ts';
import { fakeId, memoryGit } from '../testing/memory-git.ts';
import { withFirstLook } from './first-look.ts';

const MAIN = branchRef('main');
const BRANCH = branchRef('release/2.8');
const CUT_POINT = branchRef('orig/release/2.8');
const at = { repo: 'core', remote: '/remotes/core' };

function watched() {
  const git = memoryGit();
  const asked: string[] = [];
  const plan = planOf([cutStep('core'), cutStep('vision', { wave: 1 })], {
    assumes: [{ repo: RepoKey.parse('core'), remote: at.remote, ref: MAIN, at: BASE }],
  });
  const counting = {
    ...git,
    remoteRefs: (repo: typeof at, patterns: readonly string[]) => {
      asked.push(`${repo.repo}: ${patterns.join(' ')}`);
      return git.remoteRefs(repo, patterns);
    },
  };
  return { git, asked, look: withFirstLook(counting, plan) };
}

it('asks a remote once for all that is compared before anything is done', async () => {
  const { git, asked, look } = watched();
  git.setRef(at.remote, MAIN, BASE);
  expect((await look.remoteRefs(at, [MAIN])).map(({ id }) => id)).toEqual([BASE]);
  expect(await look.remoteRefs(at, [CUT_POINT, BRANCH])).toEqual([]);
  expect(asked).toEqual([`core: ${MAIN} ${CUT_POINT} ${BRANCH}`]);
});

it('asks again for what was answered once: whether a push has arrived is seen at the remote', async () => {
  const { git, asked, look } = watched();
  await look.remoteRefs(at, [CUT_POINT, BRANCH]);
  git.setRef(at.remote, BRANCH, fakeId('pushed'));
  expect((await look.remoteRefs(at, [CUT_POINT, BRANCH])).map(({ id }) => id)).toEqual([fakeId('pushed')]);
  expect(asked).toHaveLength(2);
});

it('looks at the repositories of later waves when their turn comes', async () => {
  const { asked, look } = watched();
  await look.remoteRefs({ repo: 'vision', remote: '/remotes/vision' }, [CUT_POINT, BRANCH]);
  expect(asked).toEqual([`vision: ${CUT_POINT} ${BRANCH}`]);
});
