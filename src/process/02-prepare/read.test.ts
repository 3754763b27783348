import { expect, it } from 'vitest';
import { branchRef } from '../../domain/git-names.ts';
import { isOpen } from '../../domain/gate.ts';
import { memoryGit, memoryReadForge } from '../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../testing/small-train.ts';
import { decideReadiness } from './decide.ts';
import { readReadiness } from './read.ts';

const train = smallTrain();
const coreRefs = { core: { 'refs/heads/nightly': commitId('a'), 'refs/heads/viable/strict': commitId('b') } };

it('reads the milestone and the jobs of the very head commits', async () => {
  const asked: string[] = [];
  const forge = memoryReadForge({
    milestone: async (_slug, title) => ({ number: 7, title, open: true, openItems: 0, closedItems: 1, link: 'l' }),
    milestoneItems: async () => [],
    onCommit: async (slug, commit) => {
      asked.push(`${slug} ${commit}`);
      return [];
    },
  });
  const facts = await readReadiness({ train, release: RELEASE, forge, git: memoryGit({ refs: coreRefs }), now: NOW });
  expect(facts.milestone).toMatchObject({ known: true, value: { milestone: { title: '2.8.0' }, openItems: [] } });
  expect(asked.toSorted()).toEqual([`acme/core ${commitId('a')}`, `acme/core ${commitId('b')}`]);
  expect(facts.repos.map(({ repo, nightlies }) => [repo.key, nightlies === null])).toEqual([
    ['core', false],
    ['infra', true],
    ['vision', true],
    ['audio', true],
  ]);
});

const no = async (): Promise<never> => Promise.reject(worldFailure('not-allowed', '403: Resource not accessible'));

it('keeps the gates closed when the forge says 403 to everything', async () => {
  const forge = memoryReadForge({ milestone: no, milestoneItems: no, onCommit: no });
  const facts = await readReadiness({ train, release: RELEASE, forge, git: memoryGit({ refs: coreRefs }), now: NOW });
  const gates = decideReadiness(facts, train, [], NOW);
  const judged = gates.filter(({ verdict }) => verdict !== 'skipped');
  expect(judged.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'milestone-resolved no-data',
    'nightlies-green:core no-data',
    'branch-source-green:core no-data',
  ]);
  expect(judged.some(isOpen)).toBe(false);
});

it.each([
  ['no forge', null, memoryGit({ refs: coreRefs })],
  [
    'an unreachable git remote',
    memoryReadForge({ onCommit: async () => [], milestone: async () => null }),
    memoryGit({ fail: worldFailure('unreachable', 'could not resolve host') }),
  ],
])('has no data for jobs with %s', async (_name, forge, git) => {
  const facts = await readReadiness({ train, release: RELEASE, forge, git, now: NOW });
  const verdicts = decideReadiness(facts, train, [], NOW).filter(({ id }) => id.endsWith('green:core'));
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['no-data', 'no-data']);
});

it('lets a bug through instead of reading it as missing data', async () => {
  const git = memoryGit({ fail: new TypeError('cannot read properties of undefined') });
  const forge = memoryReadForge({ milestone: async () => null });
  await expect(readReadiness({ train, release: RELEASE, forge, git, now: NOW })).rejects.toThrow(TypeError);
});

it('asks only for the branch itself, not for one whose name ends the same', async () => {
  const refs = {
    core: { 'refs/heads/x/refs/heads/nightly': commitId('c'), [branchRef('viable/strict')]: commitId('b') },
  };
  const forge = memoryReadForge({ milestone: async () => null, onCommit: async () => [] });
  const facts = await readReadiness({ train, release: RELEASE, forge, git: memoryGit({ refs }), now: NOW });
  expect(facts.repos[0]?.nightlies).toMatchObject({ known: true, value: { commit: null } });
});
