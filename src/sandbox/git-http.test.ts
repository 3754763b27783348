import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import {
  call,
  cleanUp,
  cloneAs,
  commitFile,
  freshFolder,
  git,
  gitAsync,
  gitRun,
  startSmallWorld,
  stop,
} from './test-world.ts';

afterEach(cleanUp);

const widget = '/repos/acme/widget';

test('a public repository is cloned without a token, and has the files of its source', async () => {
  const { sandbox } = await startSmallWorld();
  const folder = freshFolder();
  await gitAsync(folder, 'clone', '--quiet', sandbox.gitUrl('acme', 'widget'), 'copy');
  expect(readFileSync(join(folder, 'copy', 'README.md'), 'utf8')).toBe('# widget\n');
});

test('a pushed commit is what the bare repository, the REST API and the next fetch show', async () => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  const sha = commitFile(work, 'new.txt', 'new\n', 'Add new');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:topic');
  expect(git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'refs/heads/topic')).toBe(sha);
  const ref = await call(sandbox, 'rita', { path: `${widget}/git/ref/heads/topic` });
  expect(ref.body).toMatchObject({ ref: 'refs/heads/topic', object: { sha, type: 'commit' } });
  const other = await cloneAs(sandbox, 'rita');
  expect(git(other, 'rev-parse', 'origin/topic')).toBe(sha);
});

test('an atomic push of two refs of which the remote rejects one changes neither', async () => {
  const { sandbox } = await startSmallWorld();
  await sandbox.rejectRefs('acme', 'widget', ['refs/heads/release/9.9']);
  const work = await cloneAs(sandbox, 'wim');
  const pushed = await gitRun(work, 'push', '--atomic', 'origin', 'HEAD:orig/release/9.9', 'HEAD:release/9.9');
  expect(pushed.code).toBe(1);
  expect(pushed.stderr).toContain('GH013: Repository rule violations found for refs/heads/release/9.9');
  expect(git(sandbox.gitDir('acme', 'widget'), 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});

test('a push of two refs that is not atomic changes the one that is not rejected', async () => {
  const { sandbox } = await startSmallWorld();
  await sandbox.rejectRefs('acme', 'widget', ['refs/heads/b']);
  const work = await cloneAs(sandbox, 'wim');
  expect((await gitRun(work, 'push', 'origin', 'HEAD:a', 'HEAD:b')).code).toBe(1);
  const refs = git(sandbox.gitDir('acme', 'widget'), 'for-each-ref', '--format=%(refname)');
  expect(refs).toBe('refs/heads/a\nrefs/heads/main');
});

test.each([
  ['delete a version tag', 'alma', ['--delete', 'v1.0.0-rc1']],
  ['move a version tag by force', 'alma', ['--force', 'HEAD:refs/tags/v1.0.0-rc1']],
  ['delete a release branch', 'wim', ['--delete', 'release/1.0']],
  ['rewrite a release branch', 'wim', ['--force', 'HEAD~2:release/1.0']],
  ['delete the frozen cut point', 'wim', ['--delete', 'orig/release/1.0']],
  ['write a pull request ref', 'alma', ['HEAD:refs/pull/1/head']],
])('nobody without the right may %s', async (_what, login, args) => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, login);
  await gitAsync(
    work,
    'push',
    '--quiet',
    'origin',
    'HEAD:release/1.0',
    'HEAD:orig/release/1.0',
    'HEAD:refs/tags/v1.0.0-rc1',
  );
  commitFile(work, 'more.txt', 'more\n', 'More');
  const before = git(sandbox.gitDir('acme', 'widget'), 'for-each-ref');
  expect((await gitRun(work, 'push', 'origin', ...args)).code).toBe(1);
  expect(git(sandbox.gitDir('acme', 'widget'), 'for-each-ref')).toBe(before);
});

test('a release branch moves forward, and an admin may undo it', async () => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'alma');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:release/1.0');
  commitFile(work, 'more.txt', 'more\n', 'More');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:release/1.0');
  await gitAsync(work, 'push', '--quiet', 'origin', '--delete', 'release/1.0');
  expect((await call(sandbox, 'wim', { path: `${widget}/branches/release%2F1.0` })).status).toBe(404);
});

test.each([
  ['without the permission', 'rita', 'denied to rita'],
  ['with a wrong token', 'nobody-known', 'Authentication failed'],
])('a push %s is refused and changes nothing', async (_how, login, says) => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  const url = new URL(sandbox.gitUrl('acme', 'widget'));
  url.username = login;
  url.password = sandbox.tokens[login] ?? 'wrong';
  const pushed = await gitRun(work, 'push', url.href, 'HEAD:mine');
  expect(pushed.code).toBe(128);
  expect(pushed.stderr).toMatch(says === 'denied to rita' ? /403|denied/u : /Authentication failed|401/u);
  expect(git(sandbox.gitDir('acme', 'widget'), 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});

test.each(['/acme/nothing.git', '/../users.json', '/acme/..%2f..%2fusers.git'])(
  'a clone of %s finds nothing',
  async (path) => {
    const { sandbox } = await startSmallWorld();
    const cloned = await gitRun(freshFolder(), 'clone', '--quiet', `${sandbox.url}${path}`, 'x');
    expect(cloned.code).toBe(128);
  },
);

test('a push larger than the buffer of git and a fetch after many own commits go through whole', async () => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  writeFileSync(join(work, 'big.bin'), randomBytes(3_000_000));
  git(work, 'add', '--', 'big.bin');
  git(work, 'commit', '--quiet', '-m', 'Big');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:main');
  expect(git(sandbox.gitDir('acme', 'widget'), 'cat-file', '-s', 'main:big.bin')).toBe('3000000');
  const other = await cloneAs(sandbox, 'rita');
  git(other, 'checkout', '--quiet', '-b', 'own');
  // So many commits unknown to the server make the request so long that git compresses it.
  for (let index = 0; index < 80; index += 1) git(other, 'commit', '--quiet', '--allow-empty', '-m', `own ${index}`);
  const next = commitFile(work, 'next.txt', 'next\n', 'Next');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:main');
  await gitAsync(other, 'fetch', '--quiet', 'origin');
  expect(git(other, 'rev-parse', 'origin/main')).toBe(next);
});

test('a candidate tag starts one set of builds, queued, and pushing it again starts no other', async () => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  git(work, 'tag', '-a', '-m', 'rc1', 'v1.0.0-rc1');
  await gitAsync(work, 'push', '--quiet', 'origin', 'v1.0.0-rc1');
  await gitAsync(work, 'push', '--quiet', 'origin', 'v1.0.0-rc1');
  const checks = await call(sandbox, 'rita', { path: `${widget}/commits/tags%2Fv1.0.0-rc1/check-runs?filter=all` });
  expect(checks.body).toMatchObject({
    total_count: 2,
    check_runs: [
      { name: 'binary build linux', status: 'queued', conclusion: null },
      { name: 'binary build mac', status: 'queued', conclusion: null },
    ],
  });
  const runs = await call(sandbox, 'rita', { path: `${widget}/actions/runs?branch=v1.0.0-rc1` });
  expect(runs.body).toMatchObject({ total_count: 1, workflow_runs: [{ event: 'push', status: 'queued' }] });
});

test('a push whose connection is reset after the effect has had its effect', async () => {
  const { sandbox } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  sandbox.faults.next({ method: 'POST', path: '/acme/widget.git/git-receive-pack' }, 'reset-after-effect');
  expect((await gitRun(work, 'push', 'origin', 'HEAD:topic')).code).not.toBe(0);
  expect(sandbox.faults.pending()).toBe(0);
  expect(git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'refs/heads/topic')).toBe(git(work, 'rev-parse', 'HEAD'));
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:topic');
});

test('a push cut off half-way changes nothing, and the server goes on and stops', async () => {
  const { sandbox } = await startSmallWorld();
  const { host, hostname, port } = new URL(sandbox.url);
  const basic = Buffer.from(`wim:${sandbox.tokens['wim'] ?? ''}`).toString('base64');
  const head = [
    'POST /acme/widget.git/git-receive-pack HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Basic ${basic}`,
    'Content-Type: application/x-git-receive-pack-request',
    'Content-Length: 100000',
  ];
  const socket = connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(`${head.join('\r\n')}\r\n\r\n00a0`, () => socket.destroy());
  await closed;
  const refs = git(sandbox.gitDir('acme', 'widget'), 'for-each-ref', '--format=%(refname)');
  expect(refs).toBe('refs/heads/main');
  const work = await cloneAs(sandbox, 'wim');
  await gitAsync(work, 'push', '--quiet', 'origin', 'HEAD:topic');
  await stop(sandbox);
  expect(sandbox.requests.all().find((request) => request.path.endsWith('receive-pack'))).toMatchObject({
    login: 'wim',
  });
});
