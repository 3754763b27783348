import { expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { Manifest } from '../../domain/manifest.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { memoryGit, type GitWorld } from '../../testing/reading-ports.ts';
import { commitId, NOW, smallTrain, worldFailure } from '../../testing/small-train.ts';
import { readFinalTag, type FinalPorts, type FinalState } from './read-final-tag.ts';

const [BUILT, TAG, OTHER] = [commitId('a'), commitId('b'), commitId('c')];

const manifest = Manifest.parse({
  schema: 'signalbox.manifest/1',
  train: 'acme',
  release: '2.8.0',
  candidate: '2.8.0-rc5',
  channel: 'test',
  repos: [{ repo: 'core', candidate: '2.8.0-rc5', commit: BUILT }],
  files: [
    {
      cell: 'acme/wheel/linux/cpu/any',
      repo: 'core',
      key: 'acme.whl',
      size: 1,
      digest: `sha256:${'1'.repeat(64)}`,
      run: null,
      requires: null,
    },
  ],
});

const candidate = { 'refs/tags/v2.8.0-rc5': TAG };
const peeled = { 'refs/tags/v2.8.0-rc5': BUILT };
const files = { [BUILT]: [{ path: 'version.txt', mode: '100644' as const, blob: TAG, text: '2.8.0\n' }] };
const parents = { [TAG]: BUILT };

async function read(refs: Record<string, ObjectId>, change: Partial<FinalPorts> = {}, world: GitWorld = {}) {
  const git = memoryGit({ refs: { core: refs }, peeled, files, parents, ...world });
  return (await readFinalTag({ train: smallTrain(), manifest, git, releases: null, now: NOW, ...change })).repos;
}

async function stateOf(...given: Parameters<typeof read>): Promise<FinalState> {
  const [core] = await read(...given);
  if (core?.state.known !== true) throw new Error('core is unknown');
  return core.state.value;
}

it('reads where the tags are, and the version file of the commit that was built', async () => {
  expect(await stateOf(candidate)).toMatchObject({
    candidateAt: BUILT,
    final: null,
    released: [],
    commit: { id: BUILT },
    versionFiles: [{ path: 'version.txt', content: '2.8.0\n' }],
    release: null,
  });
});

it('tells an annotated final tag from a light one, and the releases that are out beside it', async () => {
  const others = { 'refs/tags/v2.7.1': OTHER, 'refs/tags/v2.10.0': OTHER, 'refs/tags/v2.9.0-rc1': OTHER };
  const light = await stateOf({ ...candidate, ...others, 'refs/tags/v2.8.0': BUILT });
  expect(light.final).toEqual({ commit: BUILT, annotated: false });
  expect(light.released).toEqual(['2.10.0', '2.7.1']);
  const annotated = await stateOf(
    { ...candidate, 'refs/tags/v2.8.0': TAG },
    {},
    { peeled: { ...peeled, 'refs/tags/v2.8.0': BUILT } },
  );
  expect(annotated.final).toEqual({ commit: BUILT, annotated: true });
});

it('reads nothing of a commit that the tag of the candidate does not lead to any more', async () => {
  const calls: string[] = [];
  const state = await stateOf({ 'refs/tags/v2.8.0-rc5': OTHER }, {}, { peeled: {}, calls });
  expect(state).toMatchObject({ candidateAt: OTHER, commit: null, versionFiles: [] });
  expect(calls).toEqual(['remoteRefs core']);
});

const slug = RepoSlug.parse('acme/core');

it.each([
  ['none', null, { is: 'none' }],
  ['a draft of ours', '<!-- signalbox:release v2.8.0 -->\nx', { is: 'draft' }],
  ['one by hand', 'x', { is: 'foreign', author: 'bob', link: 'https://forge.example/acme/core/releases/1' }],
])('reads the release on the forge: %s', async (_name, body, release) => {
  const world = memoryForge({ login: 'bob' });
  world.repo(slug);
  const { forge } = world;
  if (body !== null) await forge.releases.draft(slug, { tag: 'v2.8.0', commit: BUILT, title: 't', body });
  expect((await stateOf(candidate, { releases: forge.releases })).release).toEqual(release);
});

it('sees a release that is published, and asks no forge for a repository that has none there', async () => {
  const world = memoryForge();
  world.repo(slug);
  const { forge, calls } = world;
  const body = '<!-- signalbox:release v2.8.0 -->';
  const { id } = await forge.releases.draft(slug, { tag: 'v2.8.0', commit: BUILT, title: 't', body });
  await forge.releases.publish(slug, id, { commit: BUILT, latest: true });
  expect((await stateOf(candidate, { releases: forge.releases })).release).toEqual({ is: 'published' });
  calls.length = 0;
  const train = smallTrain({ core: { slug: undefined, remote: '/remotes/core' } });
  expect((await stateOf(candidate, { releases: forge.releases, train })).release).toBeNull();
  expect(calls).toEqual([]);
});

it('keeps a failure of git or the forge as the reason', async () => {
  const [gone] = await read(candidate, {}, { fail: worldFailure('denied', 'permission denied') });
  expect(gone?.state).toMatchObject({ known: false, reason: 'permission denied' });
  const { forge } = memoryForge();
  const [hidden] = await read(candidate, { releases: forge.releases });
  expect(hidden?.state).toMatchObject({ known: false, reason: 'Repository acme/core is not there.' });
});

it('says of a repository that the train does not have that it has none', async () => {
  const other = { ...manifest, release: Manifest.shape.release.parse('1.0.0') };
  const train = smallTrain({ core: { since: '2.0' } });
  expect(await read(candidate, { manifest: other, train })).toMatchObject([{ repo: null, state: { known: false } }]);
});
