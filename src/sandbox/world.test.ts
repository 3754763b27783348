import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

import {
  closeIssue,
  finishBuilds,
  finishChecks,
  makeWorld,
  makeWorldFrom,
  people,
  type Sandbox,
  WorldFolderError,
} from './index.ts';
import { call, cleanUp, commitFile, freshFolder, git, gitAsync, makeSource, startAgain } from './test-world.ts';

afterEach(cleanUp);

async function madeWorld(seed = 'first') {
  const dir = join(freshFolder(), 'world');
  await makeWorld({ dir, seed, today: '2025-06-16', line: '2.8' });
  return dir;
}

const [core, vision, audio] = [
  { owner: 'pytorch', name: 'pytorch' },
  { owner: 'pytorch', name: 'vision' },
  { owner: 'pytorch', name: 'audio' },
] as const;

const folderOf = (dir: string, name: string) => join(dir, 'repos', 'pytorch', `${name}.git`);
const refsOf = (dir: string) =>
  ['pytorch', 'vision', 'audio', 'test-infra'].map((name) => git(folderOf(dir, name), 'for-each-ref')).join('\n');

test('the same seed and day make the same commits and the same state, another seed others', async () => {
  const [one, two, other] = [await madeWorld(), await madeWorld(), await madeWorld('second')];
  expect(refsOf(two)).toBe(refsOf(one));
  expect(refsOf(other)).not.toBe(refsOf(one));
  const [first, second] = [one, two].map((dir) => readFileSync(join(dir, 'state', 'pytorch', 'vision.json'), 'utf8'));
  expect(second).toBe(first);
});

test('the made repositories are sound, and have the lines, tags and versions of a train before its cut', async () => {
  const dir = await madeWorld();
  for (const name of ['pytorch', 'vision', 'audio', 'test-infra']) {
    expect(git(folderOf(dir, name), 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(Number(git(folderOf(dir, name), 'rev-list', '--count', 'main'))).toBeGreaterThan(190);
  }
  const show = (name: string, path: string) => git(folderOf(dir, name), 'show', path);
  expect(show('pytorch', 'main:version.txt')).toBe('2.8.0a0');
  expect(show('pytorch', 'release/2.7:version.txt')).toBe('2.7.0');
  expect(show('vision', 'main:version.txt')).toBe('0.23.0a0');
  expect(show('audio', 'nightly:version.txt')).toBe('2.8.0a0');
  const bare = folderOf(dir, 'pytorch');
  git(bare, 'merge-base', '--is-ancestor', 'orig/release/2.7', 'release/2.7');
  expect(Number(git(bare, 'rev-list', '--count', 'viable/strict..main'))).toBeGreaterThan(0);
  expect(git(bare, 'tag', '--list', 'v2.7.0*').split('\n').length).toBeGreaterThan(3);
  const picked = git(bare, 'log', '--format=%B', 'orig/release/2.7..release/2.7').matchAll(
    /picked from commit (\w+)/gu,
  );
  for (const [, sha = ''] of picked) git(bare, 'merge-base', '--is-ancestor', sha, 'main');
});

test('website, documentation and tutorials lie beside the train, as the line before left them', async () => {
  const dir = await madeWorld();
  const [website, docs, tutorials] = ['pytorch.github.io', 'docs', 'tutorials'].map((name) => folderOf(dir, name));
  if (website === undefined || docs === undefined || tutorials === undefined) throw new Error('a folder is missing');
  for (const bare of [website, docs, tutorials]) {
    expect(git(bare, 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(git(bare, 'rev-list', '--count', 'HEAD')).toBe('2');
  }
  const page: unknown = JSON.parse(git(website, 'show', 'site:published_versions.json'));
  expect(page).toMatchObject({ latest_stable: '2.7.0', versions: { preview: {}, '2.7.0': {} } });
  for (const sign of ['version_map=', 'stable_version="Stable (2.7.0)"', 'var object = '])
    expect(git(website, 'show', 'site:assets/quick-start-module.js').split(sign)).toHaveLength(2);
  expect(git(docs, 'ls-tree', 'site', 'stable')).toMatch(/^120000 blob /u);
  expect(git(docs, 'show', 'site:stable')).toBe('2.7');
  expect(git(docs, 'show', 'site:pytorch-versions.json')).toContain('"version": "2.7"');
});

const Checks = z.object({ check_runs: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })) });

async function notGreen(sandbox: Sandbox, name: string, ref: string): Promise<readonly string[]> {
  const path = `/repos/pytorch/${name}/commits/${encodeURIComponent(ref)}/check-runs?per_page=100`;
  const { check_runs } = Checks.parse((await call(sandbox, 'ada-rm', { path })).body);
  expect(check_runs.length).toBeGreaterThan(0);
  return check_runs.filter((run) => run.conclusion !== 'success').map((run) => `${run.name}: ${run.conclusion}`);
}

test('the gates of the made world are red at first, and the actors turn them green', async () => {
  const sandbox = await startAgain(await madeWorld());
  expect(await notGreen(sandbox, 'pytorch', 'viable/strict')).toEqual([]);
  expect(await notGreen(sandbox, 'pytorch', 'nightly')).toEqual([]);
  expect(await notGreen(sandbox, 'vision', 'nightly')).toEqual([
    'Build Linux Wheels / manywheel-py3_12-cuda12_8: failure',
  ]);
  expect(await notGreen(sandbox, 'audio', 'nightly')).toEqual(['Build Macos Wheels / wheel-py3_12-cpu: null']);
  await finishChecks(sandbox, { ...vision, ref: 'nightly' });
  await finishChecks(sandbox, { ...audio, ref: 'nightly', names: ['Build Macos Wheels / wheel-py3_12-cpu'] });
  expect([await notGreen(sandbox, 'vision', 'nightly'), await notGreen(sandbox, 'audio', 'nightly')]).toEqual([[], []]);

  const open = async () => {
    const { body } = await call(sandbox, 'ada-rm', { path: '/repos/pytorch/pytorch/issues?milestone=2' });
    return z.array(z.object({ number: z.number(), milestone: z.object({ title: z.literal('2.8.0') }) })).parse(body);
  };
  expect(await open()).toHaveLength(2);
  for (const { number } of await open()) await closeIssue(sandbox, { ...core, number, by: 'gita-r' });
  expect(await open()).toHaveLength(0);
});

test('a candidate of the made world is built when its tag arrives', async () => {
  const sandbox = await startAgain(await madeWorld());
  const work = freshFolder();
  const url = new URL(sandbox.gitUrl('pytorch', 'vision'));
  url.username = 'ada-rm';
  url.password = sandbox.tokens['ada-rm'] ?? '';
  await gitAsync(work, 'clone', '--quiet', '--depth', '1', url.href, '.');
  await gitAsync(
    work,
    'push',
    '--quiet',
    '--atomic',
    'origin',
    'HEAD:refs/heads/release/0.23',
    'HEAD:refs/tags/v0.23.0-rc1',
  );
  expect(await finishBuilds(sandbox, { ...vision, tag: 'v0.23.0-rc1' })).toBe(12);
  const { body } = await call(sandbox, 'ada-rm', { path: '/repos/pytorch/vision/actions/runs?branch=v0.23.0-rc1' });
  expect(body).toMatchObject({ total_count: 1, workflow_runs: [{ status: 'completed', conclusion: 'success' }] });
});

/** Every file of a folder with its content, mode and time of change. */
function printOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const rows = files.map((file) => {
    const stat = statSync(join(folder, file));
    const content = stat.isFile()
      ? createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')
      : '';
    return `${file} ${stat.mode} ${stat.mtimeMs} ${stat.ino} ${content}`;
  });
  return rows.join('\n');
}

const fromWorld = (dir: string, source: string, branch?: string) =>
  makeWorldFrom({
    dir,
    sources: [{ source, owner: 'me', name: 'mine', ...(branch === undefined ? {} : { branch }) }],
    users: people,
    now: '2025-06-16T10:00:00Z',
  });

test('a world made from a repository has its branches and tags, and leaves it untouched byte for byte', async () => {
  const source = makeSource();
  git(source, 'tag', 'v0.1.0');
  git(source, 'branch', 'stable', 'HEAD~1');
  git(source, 'update-ref', 'refs/notes/private', 'HEAD');
  writeFileSync(join(source, 'README.md'), 'an edit nobody committed\n');
  const before = printOf(source);
  const dir = join(freshFolder(), 'world');
  await fromWorld(dir, source, 'stable');
  expect(printOf(source)).toBe(before);
  const bare = join(dir, 'repos', 'me', 'mine.git');
  const refs = git(bare, 'for-each-ref', '--format=%(refname)');
  expect(refs).toBe('refs/heads/main\nrefs/heads/stable\nrefs/tags/v0.1.0');
  expect(git(bare, 'symbolic-ref', 'HEAD')).toBe('refs/heads/stable');
  const sandbox = await startAgain(dir);
  const { body } = await call(sandbox, 'ada-rm', { path: '/repos/me/mine' });
  expect(body).toMatchObject({ default_branch: 'stable', permissions: { admin: true } });
  commitFile(source, 'later.txt', 'later\n', 'Later');
  expect((await call(sandbox, 'ada-rm', { path: '/repos/me/mine/commits?sha=main' })).body).toHaveLength(2);
});

test('a world is made from an address as well as from a folder', async () => {
  const first = await startAgain(await madeWorld());
  const dir = join(freshFolder(), 'world');
  await fromWorld(dir, first.gitUrl('pytorch', 'audio'), 'nightly');
  const tip = git(first.gitDir('pytorch', 'audio'), 'rev-parse', 'nightly');
  expect(git(join(dir, 'repos', 'me', 'mine.git'), 'rev-parse', 'HEAD')).toBe(tip);
});

test.each([
  ['is gone', '/nowhere/at/all', undefined, /The repository \/nowhere\/at\/all cannot be read/u],
  ['is an option', '--upload-pack=touch /tmp/owned', undefined, /cannot be read/u],
  ['runs a command', 'ext::sh -c true', undefined, /cannot be read/u],
  ['lacks the branch', null, 'release/9', /has no branch "release\/9"\. It has: main\./u],
])('a source that %s is refused by name', async (_what, source, branch, says) => {
  const dir = join(freshFolder(), 'world');
  const made = fromWorld(dir, source ?? makeSource(), branch);
  await expect(made).rejects.toThrow(WorldFolderError);
  await expect(made).rejects.toThrow(says);
});

test('a folder with something in it is never made into a world', async () => {
  const folder = makeSource();
  await expect(fromWorld(folder, makeSource())).rejects.toThrow(/is not empty/u);
  await expect(makeWorld({ dir: folder, seed: 's', today: '2025-06-16', line: '2.8' })).rejects.toThrow(
    /is not empty/u,
  );
});

test.each([
  ['2.8.1', '2025-06-16', /A line is X\.Y/u],
  ['2.8', '16.6.2025', /A day is YYYY-MM-DD/u],
])('a made world of line %s on %s is refused', async (line, today, says) => {
  await expect(makeWorld({ dir: join(freshFolder(), 'w'), seed: 's', today, line })).rejects.toThrow(says);
});
