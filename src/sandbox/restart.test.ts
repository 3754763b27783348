import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

import { WorldFolderError } from './index.ts';
import {
  call,
  cleanUp,
  cloneAs,
  commitFile,
  freshFolder,
  git,
  gitAsync,
  startAgain,
  startSmallWorld,
  stop,
} from './test-world.ts';

afterEach(cleanUp);

const widget = '/repos/acme/widget';
const stateFile = (dir: string) => join(dir, 'state', 'acme', 'widget.json');

test('a world stopped and started again is the same world, and so is a copy of its folder', async () => {
  const { sandbox, dir } = await startSmallWorld();
  const path = `${widget}/issues`;
  await call(sandbox, 'alma', { method: 'POST', path, body: { title: 'Kept', labels: ['x'] } });
  await call(sandbox, 'alma', { method: 'POST', path: `${path}/1/comments`, body: { body: 'Kept too' } });
  await stop(sandbox);
  const copy = join(freshFolder(), 'copy');
  cpSync(dir, copy, { recursive: true });
  for (const folder of [dir, copy]) {
    const again = await startAgain(folder);
    expect((await call(again, 'rita', { path: `${path}/1` })).body).toMatchObject({ title: 'Kept', comments: 1 });
    expect(again.tokens).toEqual(sandbox.tokens);
    const next = await call(again, 'alma', { method: 'POST', path, body: { title: 'Next' } });
    expect(next.body).toMatchObject({ number: 2 });
    await stop(again);
  }
});

test('stopping and starting without a request changes no file', async () => {
  const { sandbox, dir } = await startSmallWorld();
  await stop(sandbox);
  const before = readFileSync(stateFile(dir), 'utf8');
  await stop(await startAgain(dir));
  expect(readFileSync(stateFile(dir), 'utf8')).toBe(before);
});

test('a second sandbox on the same folder is refused while the first answers', async () => {
  const { sandbox, dir } = await startSmallWorld();
  const second = startAgain(dir);
  await expect(second).rejects.toThrow(WorldFolderError);
  await expect(second).rejects.toThrow(`already runs on ${dir}, at ${sandbox.url}`);
  await stop(sandbox);
  await startAgain(dir);
});

/** Starts the sandbox in a process of its own and answers its address. */
async function startChild(dir: string) {
  const face = fileURLToPath(new URL('index.ts', import.meta.url));
  const code = `import { startSandbox } from ${JSON.stringify(face)};
    const { apiUrl, tokens } = await startSandbox({ dir: process.argv[1] });
    console.log(JSON.stringify({ apiUrl, tokens }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8'))),
  );
  const Started = z.object({ apiUrl: z.string(), tokens: z.record(z.string(), z.string()) });
  return { child, ...Started.parse(JSON.parse(line)) };
}

test('a server killed in the middle of its work loses no issue that it acknowledged', async () => {
  const { sandbox, dir } = await startSmallWorld();
  await stop(sandbox);
  const acknowledged = new Set<number>();
  let kills = 0;
  for (const limit of [3, 17, 40]) {
    const server = await startChild(dir);
    const exited = new Promise((resolve) => server.child.on('close', resolve));
    const goal = acknowledged.size + limit;
    const writer = async () => {
      for (;;) {
        const body = { title: 'Load', body: 'x'.repeat(2000) };
        const answer = await call(server, 'alma', { method: 'POST', path: `${widget}/issues`, body });
        acknowledged.add(z.object({ number: z.number() }).parse(answer.body).number);
        // The other writers have requests under way at this moment.
        if (acknowledged.size === goal) server.child.kill('SIGKILL');
      }
    };
    const ends = await Promise.allSettled([writer(), writer(), writer(), writer()]);
    expect(ends.every((end) => end.status === 'rejected')).toBe(true);
    await exited;
    kills += 1;
  }
  const again = await startAgain(dir);
  for (const number of acknowledged) {
    expect((await call(again, 'rita', { path: `${widget}/issues/${number}` })).status).toBe(200);
  }
  expect([kills, acknowledged.size]).toEqual([3, expect.any(Number)]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(60);
  expect(readdirSync(join(dir, 'state', 'acme'))).toEqual(['widget.json']);
});

async function worldWithPull() {
  const { sandbox, dir } = await startSmallWorld();
  const work = await cloneAs(sandbox, 'wim');
  await gitAsync(work, 'checkout', '--quiet', '-b', 'topic');
  const head = commitFile(work, 'new.txt', 'new\n', 'New');
  await gitAsync(work, 'push', '--quiet', 'origin', 'topic');
  const pull = { method: 'POST', path: `${widget}/pulls`, body: { title: 'New', head: 'topic', base: 'main' } };
  expect((await call(sandbox, 'wim', pull)).status).toBe(201);
  const gitDir = sandbox.gitDir('acme', 'widget');
  await stop(sandbox);
  return { dir, gitDir, head };
}

/** The state as a kill left it that came after the intent of a merge was written. */
function writeIntent(dir: string, sha: string): void {
  const text = readFileSync(stateFile(dir), 'utf8');
  const intent = JSON.stringify({ sha, by: 'alma', at: '2025-06-16T12:00:00Z' });
  expect(text).toContain('"intent":null');
  writeFileSync(stateFile(dir), text.replace('"intent":null', `"intent":${intent}`));
}

test('a merge killed after it moved the base is a merge after the restart', async () => {
  const { dir, gitDir } = await worldWithPull();
  const tree = git(gitDir, 'rev-parse', 'refs/pull/1/merge^{tree}');
  const squashed = git(gitDir, 'commit-tree', tree, '-p', 'main', '-m', 'New (#1)');
  writeIntent(dir, squashed);
  git(gitDir, 'update-ref', 'refs/heads/main', squashed);
  const again = await startAgain(dir);
  const pull = await call(again, 'rita', { path: `${widget}/pulls/1` });
  expect(pull.body).toMatchObject({ merged: true, merge_commit_sha: squashed, merged_by: { login: 'alma' } });
});

test('a merge killed before it moved the base never happened, and can be asked again', async () => {
  const { dir, gitDir } = await worldWithPull();
  const tree = git(gitDir, 'rev-parse', 'refs/pull/1/merge^{tree}');
  writeIntent(dir, git(gitDir, 'commit-tree', tree, '-p', 'main', '-m', 'New (#1)'));
  const again = await startAgain(dir);
  const pull = await call(again, 'rita', { path: `${widget}/pulls/1` });
  expect(pull.body).toMatchObject({ merged: false, state: 'open' });
  const merged = await call(again, 'alma', { method: 'PUT', path: `${widget}/pulls/1/merge`, body: {} });
  expect(merged.status).toBe(200);
});

test('a candidate tag that arrived as the server died has its builds after the restart', async () => {
  const { dir, gitDir } = await worldWithPull();
  git(gitDir, 'update-ref', 'refs/tags/v1.0.0-rc1', 'main');
  const again = await startAgain(dir);
  const checks = await call(again, 'rita', { path: `${widget}/commits/tags%2Fv1.0.0-rc1/check-runs` });
  expect(checks.body).toMatchObject({ total_count: 2 });
});

test.each([
  ['is no world', (dir: string) => join(dir, 'nothing'), /There is no sandbox world at/u],
  [
    'has a truncated state file',
    (dir: string) => {
      writeFileSync(stateFile(dir), readFileSync(stateFile(dir), 'utf8').slice(0, 200));
      return dir;
    },
    /widget\.json is not readable as state/u,
  ],
])('a folder that %s does not start, and says why', async (_what, prepare, says) => {
  const { sandbox, dir } = await startSmallWorld();
  await stop(sandbox);
  const started = startAgain(prepare(dir));
  await expect(started).rejects.toThrow(WorldFolderError);
  await expect(started).rejects.toThrow(says);
});
