import { expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { memoryGit, type GitWorld } from '../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../testing/small-train.ts';
import { readCandidate, type CandidatePorts, type CandidateState } from './read.ts';

const train = smallTrain();
const [HEAD, MIDDLE, CUT, MAIN, TAG] = [commitId('a'), commitId('b'), commitId('c'), commitId('d'), commitId('e')];
const branches = { 'refs/heads/release/2.8': HEAD, 'refs/heads/orig/release/2.8': CUT };
const parents = { [HEAD]: MIDDLE, [MIDDLE]: CUT };

async function coreState(
  refs: Record<string, ObjectId>,
  world: GitWorld = {},
  change: Partial<CandidatePorts> = {},
): Promise<CandidateState> {
  const git = memoryGit({ refs: { core: refs }, parents, ...world });
  const facts = await readCandidate({ train, release: RELEASE, git, now: NOW, ...change });
  const core = facts.repos.find(({ repo }) => repo.key === 'core');
  if (core?.state.known !== true) throw new Error('core is unknown');
  return core.state.value;
}

it('reads head, version file at that very commit, and the history since the cut for a first candidate', async () => {
  const files = { [HEAD]: [{ path: 'version.txt', mode: '100644' as const, blob: TAG, text: '2.8.0\n' }] };
  expect(await coreState(branches, { files })).toMatchObject({
    branchHead: HEAD,
    commit: { id: HEAD },
    isOnBranch: true,
    candidates: [],
    finalAt: null,
    versionFiles: [{ path: 'version.txt', content: '2.8.0\n' }],
    history: { since: 'orig/release/2.8', count: 2, commits: [{ id: HEAD }, { id: MIDDLE }] },
  });
});

it('reads candidates by the commit that their annotated tags name, newest first, and the history since the last', async () => {
  const tags = { 'refs/tags/v2.8.0-rc9': CUT, 'refs/tags/v2.8.0-rc10': TAG };
  const state = await coreState({ ...branches, ...tags }, { peeled: { 'refs/tags/v2.8.0-rc10': MIDDLE } });
  expect(state).toMatchObject({
    candidates: [
      { candidate: '2.8.0-rc10', commit: MIDDLE },
      { candidate: '2.8.0-rc9', commit: CUT },
    ],
    history: { since: 'v2.8.0-rc10', count: 1 },
  });
});

it('VER-01: counts only tags of the one form and of this release, and lists those that merely look like it', async () => {
  const names = ['v2.8.0-rc01', 'v2.8.0rc1', 'v2.8-rc1', '2.8.0-rc1', 'v2.8.1-rc4', 'v2.80.0-rc1', 'v2.8.0-rc2'];
  const tags = Object.fromEntries(names.map((name) => [`refs/tags/${name}`, CUT]));
  const state = await coreState({ ...branches, ...tags });
  expect(state.candidates.map(({ candidate }) => candidate)).toEqual(['2.8.0-rc2']);
  expect(state.oddTags).toEqual(['v2.8.0-rc01', 'v2.8.0rc1', 'v2.8-rc1', '2.8.0-rc1']);
});

it('sees that the release is out', async () => {
  expect(await coreState({ ...branches, 'refs/tags/v2.8.0': MIDDLE })).toMatchObject({ finalAt: MIDDLE });
});

it.each([
  ['a commit of the branch', MIDDLE, true, MIDDLE],
  ['a commit of main only', MAIN, false, MAIN],
  ['a commit that is nowhere', commitId('9'), false, undefined],
])('judges %s that was asked for', async (_name, wanted, isOnBranch, id) => {
  const state = await coreState({ ...branches, 'refs/heads/main': MAIN }, {}, { at: { repo: 'core', commit: wanted } });
  expect([state.isOnBranch, state.commit?.id]).toEqual([isOnBranch, id]);
});

it('has no commit without a release branch', async () => {
  expect(await coreState({})).toMatchObject({ branchHead: null, commit: null, history: { count: 0 } });
});

it('asks only repositories that get candidates, and keeps a failure as the reason', async () => {
  const git = memoryGit({ fail: worldFailure('denied', 'permission denied') });
  const facts = await readCandidate({ train, release: RELEASE, git, now: NOW });
  expect(facts.repos.map(({ repo, state }) => [repo.key, state.known ? 'known' : state.reason])).toEqual([
    ['core', 'permission denied'],
    ['vision', 'permission denied'],
    ['audio', 'permission denied'],
  ]);
});
