import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { githubForge } from '../../adapters/github/index.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { Manifest } from '../../domain/manifest.ts';
import { RepoSlug } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';
import { bindStep } from '../../engine/drivers/index.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { addCommits, makeRepo, testGit } from '../../testing/git-repos.ts';
import { NOW, smallTrain } from '../../testing/small-train.ts';
import { decideFinalTag, type FinalTags } from './final-tag.ts';
import { readFinalTag } from './read-final-tag.ts';

let root = '';
let dir = '';
let sandbox: Sandbox;
let built: ObjectId;
let train: Train;
let git: Git;
let forge: Forge;
const slug = RepoSlug.parse('acme/core');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-final-'));
  const source = join(root, 'source.git');
  const { commits } = await makeRepo({ dir: source, commits: [{ files: { 'version.txt': '2.8.0\n' } }] });
  const [first] = commits;
  if (first === undefined) throw new Error('nothing was committed');
  built = first;
  const world = join(root, 'world');
  await makeWorldFrom({
    dir: world,
    sources: [{ source, owner: 'acme', name: 'core' }],
    users: [{ login: 'alma', name: 'Alma', roles: { '*': 'admin' } }],
    now: '2026-06-08T10:00:00Z',
  });
  sandbox = await startSandbox({ dir: world });
  dir = sandbox.gitDir('acme', 'core');
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.test'];
  await testGit(dir, [...identity, 'tag', '-a', '-m', 'core 2.8.0-rc5', 'v2.8.0-rc5', built]);
  // What came to the branch after the final candidate is not in the release.
  await addCommits(dir, [{ files: { 'version.txt': '2.8.1\n' } }]);
  train = smallTrain({ core: { remote: dir } });
  git = gitAdapter({ mirrors: join(root, 'mirrors') });
  forge = githubForge({
    apiUrl: sandbox.apiUrl,
    token: () => sandbox.tokens['alma'] ?? null,
    userAgent: 'signalbox-tests',
    now: () => NOW,
  });
});
afterEach(async () => {
  await sandbox.stop();
  await rm(root, { recursive: true, force: true });
});

async function decided(commit = built): Promise<FinalTags> {
  const manifest = Manifest.parse({
    schema: 'signalbox.manifest/1',
    train: 'acme',
    release: '2.8.0',
    candidate: '2.8.0-rc5',
    channel: 'test',
    repos: [{ repo: 'core', candidate: '2.8.0-rc5', commit }],
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
  const facts = await readFinalTag({ train, manifest, git, releases: forge.releases, now: NOW });
  const result = decideFinalTag(facts, { train, waves: { tag: 0, draft: 1, publish: 2 }, waived: [] });
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join(', '));
  return result.value;
}

it('tags what was built, drafts the release and publishes it, and then has nothing left to do', async () => {
  const { steps } = await decided();
  expect(steps.map(({ kind }) => kind)).toEqual(['push-tag', 'draft-release', 'publish-release']);
  const ports = { git, forge, pages: null, files: null, packages: null };
  for (const step of steps) {
    const bound = bindStep(step, ports);
    expect(await bound.observe()).toEqual({ is: 'absent' });
    expect(await bound.act()).toMatchObject({ acted: true });
    expect(await bound.observe()).toMatchObject({ is: 'present' });
  }
  expect((await testGit(dir, ['cat-file', '-t', 'v2.8.0'])).trim()).toBe('tag');
  expect((await testGit(dir, ['rev-parse', 'v2.8.0^{commit}'])).trim()).toBe(built);
  expect(await forge.releases.find(slug, 'v2.8.0')).toMatchObject([{ title: 'core 2.8.0', state: 'published' }]);
  expect(await decided()).toMatchObject({
    steps: [],
    notes: ['core has its tag v2.8.0 already', 'the release of core v2.8.0 is published already'],
  });
});

it('stops at a tag that somebody moved, and at one that is elsewhere', async () => {
  const head = (await testGit(dir, ['rev-parse', 'main'])).trim();
  await testGit(dir, ['tag', 'v2.8.0', head]);
  await expect(decided()).rejects.toThrow('final-tag-elsewhere');
  await testGit(dir, ['tag', '--force', 'v2.8.0-rc5', head]);
  await expect(decided()).rejects.toThrow('final-candidate-moved');
});
