import { afterEach, expect, test } from 'vitest';

import { approveAndMergePull } from './index.ts';
import { type Sandbox } from './server.ts';
import { call, cleanUp, cloneAs, commitFile, git, gitAsync, linesWith, startSmallWorld } from './test-world.ts';

afterEach(cleanUp);

const widget = '/repos/acme/widget';
const repo = { owner: 'acme', name: 'widget' };

async function pushBranch(work: string, branch: string, changes: Record<number, string>) {
  await gitAsync(work, 'checkout', '--quiet', '-B', branch, 'origin/main');
  const sha = commitFile(work, 'lines.txt', linesWith(changes), `Change ${branch}`);
  await gitAsync(work, 'push', '--quiet', 'origin', branch);
  return sha;
}

function openPull(sandbox: Sandbox, head: string, more: object = {}) {
  const body = { title: `Merge ${head}`, head, base: 'main', ...more };
  return call(sandbox, 'wim', { method: 'POST', path: `${widget}/pulls`, body });
}

const linesOf = (sandbox: Sandbox, ref: string) =>
  `${git(sandbox.gitDir('acme', 'widget'), 'show', `${ref}:lines.txt`)}\n`;

const merge = (sandbox: Sandbox, number: number, body: object = {}) =>
  call(sandbox, 'alma', { method: 'PUT', path: `${widget}/pulls/${number}/merge`, body });

async function worldWithPull(changes: Record<number, string> = { 2: 'two' }) {
  const { sandbox, dir } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  const sha = await pushBranch(work, 'topic', changes);
  const pull = await openPull(sandbox, 'topic');
  return { sandbox, dir, work, sha, pull };
}

test('a new pull request is measured, mergeable, and has its refs', async () => {
  const { sandbox, sha, pull } = await worldWithPull();
  expect(pull.status).toBe(201);
  expect(pull.body).toMatchObject({
    number: 1,
    state: 'open',
    merged: false,
    mergeable: true,
    mergeable_state: 'clean',
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
    head: { ref: 'topic', sha, label: 'acme:topic' },
    base: { ref: 'main' },
  });
  const refs = git(sandbox.gitDir('acme', 'widget'), 'for-each-ref', '--format=%(refname)', 'refs/pull');
  expect(refs).toBe('refs/pull/1/head\nrefs/pull/1/merge');
  const files = await call(sandbox, 'rita', { path: `${widget}/pulls/1/files` });
  expect(files.body).toMatchObject([{ filename: 'lines.txt', status: 'modified', additions: 1, deletions: 1 }]);
});

test.each([
  ['merge', 2, 'Merge pull request #1 from acme/topic\n\nMerge topic'],
  ['squash', 1, 'Merge topic (#1)'],
  ['rebase', 1, 'Change topic'],
])('the method %s puts a commit of %i parents and the right tree on the base', async (method, parents, message) => {
  const { sandbox, work } = await worldWithPull();
  git(work, 'checkout', '--quiet', 'main');
  commitFile(work, 'other.txt', 'other\n', 'Other');
  await gitAsync(work, 'push', '--quiet', 'origin', 'main');
  const merged = await merge(sandbox, 1, { merge_method: method });
  expect(merged).toMatchObject({ status: 200, body: { merged: true } });
  const bare = sandbox.gitDir('acme', 'widget');
  expect(linesOf(sandbox, 'main')).toBe(linesWith({ 2: 'two' }));
  expect(git(bare, 'show', 'main:other.txt')).toBe('other');
  expect(git(bare, 'log', '-1', '--format=%P', 'main').split(' ')).toHaveLength(parents);
  expect(git(bare, 'log', '-1', '--format=%B', 'main').trimEnd()).toBe(message);
  expect(git(bare, 'fsck', '--no-dangling')).toBe('');
  const after = await call(sandbox, 'rita', { path: `${widget}/pulls/1` });
  expect(after.body).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: git(bare, 'rev-parse', 'main') });
});

test.each(['merge', 'squash', 'rebase'] as const)(
  'two pull requests landed by %s one after the other lose nothing',
  async (method) => {
    const { sandbox, work } = await worldWithPull({ 2: 'two' });
    await pushBranch(work, 'second', { 15: 'fifteen' });
    await openPull(sandbox, 'second');
    await approveAndMergePull(sandbox, { ...repo, number: 1, by: 'alma', method });
    await approveAndMergePull(sandbox, { ...repo, number: 2, by: 'alma', method });
    expect(linesOf(sandbox, 'main')).toBe(linesWith({ 2: 'two', 15: 'fifteen' }));
  },
);

test('two merges asked at the same moment both land', async () => {
  const { sandbox, work } = await worldWithPull({ 2: 'two' });
  await pushBranch(work, 'second', { 15: 'fifteen' });
  await openPull(sandbox, 'second');
  const both = await Promise.all([merge(sandbox, 1, { merge_method: 'squash' }), merge(sandbox, 2)]);
  expect(both.map((answer) => answer.status)).toEqual([200, 200]);
  expect(linesOf(sandbox, 'main')).toBe(linesWith({ 2: 'two', 15: 'fifteen' }));
});

test.each(['merge', 'squash', 'rebase'])(
  'a conflict is answered 405 for the method %s and moves nothing',
  async (method) => {
    const { sandbox, work } = await worldWithPull({ 5: 'mine' });
    await pushBranch(work, 'rival', { 5: 'theirs' });
    await openPull(sandbox, 'rival');
    await merge(sandbox, 1);
    const before = git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'main');
    const seen = await call(sandbox, 'wim', { path: `${widget}/pulls/2` });
    expect(seen.body).toMatchObject({ mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null });
    const refused = await merge(sandbox, 2, { merge_method: method });
    expect(refused).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
    expect(git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'main')).toBe(before);
  },
);

test('a merge of another head than the one reviewed is answered 409', async () => {
  const { sandbox } = await worldWithPull();
  expect((await merge(sandbox, 1, { sha: '0'.repeat(40) })).status).toBe(409);
});

test.each([
  ['exists already', { head: 'topic' }, /A pull request already exists for acme:topic\./u],
  ['has no commits', { head: 'main' }, /No commits between main and main/u],
  ['has an unknown head', { head: 'nothing' }, /"field":"head","code":"invalid"/u],
  ['has an unknown base', { head: 'topic', base: 'nothing' }, /"field":"base","code":"invalid"/u],
  ['has a hostile head', { head: '--upload-pack=x' }, /"field":"head","code":"invalid"/u],
  ['has no title', { head: 'topic', title: '' }, /"field":"title"/u],
])('a pull request that %s is answered 422', async (_what, asked, says) => {
  const { sandbox } = await worldWithPull();
  const refused = await openPull(sandbox, 'topic', asked);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toMatch(says);
});

test('a push to the head moves the pull request, and deleting the head closes it', async () => {
  const { sandbox, work } = await worldWithPull();
  const next = commitFile(work, 'lines.txt', linesWith({ 2: 'zwei' }), 'Again');
  await gitAsync(work, 'push', '--quiet', 'origin', 'topic');
  const moved = await call(sandbox, 'wim', { path: `${widget}/pulls/1` });
  expect(moved.body).toMatchObject({ state: 'open', commits: 2, head: { sha: next } });
  expect(git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'refs/pull/1/head')).toBe(next);
  await gitAsync(work, 'push', '--quiet', 'origin', '--delete', 'topic');
  const closed = await call(sandbox, 'wim', { path: `${widget}/pulls/1` });
  expect(closed.body).toMatchObject({ state: 'closed', merged: false });
  expect(git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'refs/pull/1/head')).toBe(next);
});

test('a pull request whose commits are pushed to the base is merged', async () => {
  const { sandbox, work, sha } = await worldWithPull();
  await gitAsync(work, 'push', '--quiet', 'origin', 'topic:main');
  const seen = await call(sandbox, 'wim', { path: `${widget}/pulls/1` });
  expect(seen.body).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: sha });
});

test('issues and pull requests share one sequence of numbers, and a reader may not merge', async () => {
  const { sandbox, work } = await worldWithPull();
  const issue = await call(sandbox, 'rita', { method: 'POST', path: `${widget}/issues`, body: { title: 'Between' } });
  expect(issue.body).toMatchObject({ number: 2 });
  await pushBranch(work, 'second', { 15: 'fifteen' });
  expect((await openPull(sandbox, 'second')).body).toMatchObject({ number: 3 });
  const refused = await call(sandbox, 'rita', { method: 'PUT', path: `${widget}/pulls/1/merge`, body: {} });
  expect(refused.status).toBe(403);
  const listed = await call(sandbox, 'wim', { path: `${widget}/pulls?head=acme:second&base=main` });
  expect(listed.body).toMatchObject([{ number: 3 }]);
});
