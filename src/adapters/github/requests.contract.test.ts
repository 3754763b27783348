import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { readReadiness } from '../../process/02-prepare/index.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import type { Forge } from '../../ports/forge.ts';
import { memoryGit } from '../../testing/reading-ports.ts';
import { NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import { fileAnswerCache, githubForge } from './index.ts';

const REPOS = 12;
const PER_REPO = 6;
const keys = ['core', ...Array.from({ length: REPOS - 1 }, (_unused, index) => `domain-${index + 1}`)];
const folder = mkdtempSync(join(tmpdir(), 'github-requests-'));
const source = join(folder, 'source');
const commits = new Map<string, ObjectId>();
let sandbox: Sandbox;

function git(...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.test'];
  return execFileSync('git', ['-C', source, ...identity, ...args], { env, encoding: 'utf8' }).trim();
}

function branchWith(name: string): void {
  if (name !== 'main') git('checkout', '--quiet', '-b', name);
  writeFileSync(join(source, 'file.txt'), `${name}\n`);
  git('add', '--', 'file.txt');
  git('commit', '--quiet', '-m', `For ${name}`);
  commits.set(name, ObjectId.parse(git('rev-parse', 'HEAD')));
}

const commitOf = (branch: string): ObjectId => ObjectId.parse(commits.get(branch));
const slugOf = (key: string): RepoSlug => RepoSlug.parse(`acme/${key}`);

/** As a command that was just started: nothing in memory, the answers of the last one in the folder. */
function freshForge(login = 'alma', cache = 'answers'): Forge {
  return githubForge({
    apiUrl: sandbox.apiUrl,
    token: () => sandbox.tokens[login] ?? null,
    userAgent: 'signalbox-tests',
    now: () => NOW,
    cache: fileAnswerCache(join(folder, cache)),
  });
}

/** What stage 02 reads of every repository. */
async function readiness(forge: Forge): Promise<unknown> {
  const watched = { nightlies: { ref: 'nightly', jobs: ['build'] }, sourceGreen: { jobs: ['build'] }, source: 'main' };
  const remote = 'https://forge.example/x.git';
  const entry = (key: string) => ({ role: key === 'core' ? 'core' : 'domain', slug: slugOf(key), remote, ...watched });
  const unused = {
    infra: { role: 'infra', until: '2.0' },
    vision: { role: 'domain', until: '2.0' },
    audio: { role: 'domain', until: '2.0' },
  };
  const train = smallTrain({ ...unused, ...Object.fromEntries(keys.map((key) => [key, entry(key)])) });
  const heads = { 'refs/heads/nightly': commitOf('nightly'), 'refs/heads/main': commitOf('main') };
  const gitPort = memoryGit({ refs: Object.fromEntries(keys.map((key) => [key, heads])) });
  const facts = await readReadiness({ train, release: RELEASE, forge, git: gitPort, now: NOW });
  expect(facts.repos.filter(({ nightlies }) => nightlies?.known === true)).toHaveLength(REPOS);
  return facts;
}

/** What is looked at after the cut: jobs of the branch, pull requests onto it, the milestone. */
async function afterTheCut(forge: Forge): Promise<unknown> {
  return Promise.all(
    keys.map(async (key) => {
      const repo = slugOf(key);
      const milestone = await forge.milestones.find(repo, '2.8.0');
      return [
        await forge.checks.onCommit(repo, commitOf('release/2.8')),
        await forge.pulls.onto(repo, 'release/2.8', 'all'),
        milestone === null ? [] : await forge.milestones.items(repo, milestone.number, 'all'),
        milestone,
      ];
    }),
  );
}

beforeAll(async () => {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', '--', source]);
  for (const name of ['main', 'nightly', 'release/2.8', 'topic']) branchWith(name);
  git('checkout', '--quiet', 'main');
  const dir = join(folder, 'world');
  await makeWorldFrom({
    dir,
    sources: keys.map((name) => ({ source, owner: 'acme', name })),
    users: [
      { login: 'alma', name: 'Alma', roles: { '*': 'admin' } },
      { login: 'rita', name: 'Rita', roles: {} },
    ],
    now: NOW,
  });
  sandbox = await startSandbox({ dir });
  const forge = freshForge('alma', 'making');
  for (const repo of keys.map(slugOf)) {
    await forge.milestones.create(repo, { title: '2.8.0', description: '' });
    const branches = { head: 'topic', base: 'release/2.8' };
    await forge.pulls.open(repo, { ...branches, title: 'Pick', body: '', draft: false });
    for (const branch of ['main', 'nightly', 'release/2.8']) {
      const status = { context: 'build', state: 'success', description: '', link: null } as const;
      await forge.checks.postStatus(repo, commitOf(branch), status);
    }
  }
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['before the cut', readiness],
  ['after the cut', afterTheCut],
])(
  'observing 12 repositories %s costs at most 6 requests each, and nothing when nothing changed',
  async (name, observe) => {
    sandbox.requests.clear();
    const first = await observe(freshForge());
    const cold = sandbox.requests.counted();
    expect(cold).toBeGreaterThan(REPOS);
    expect(cold).toBeLessThanOrEqual(REPOS * PER_REPO);
    sandbox.requests.clear();
    expect(await observe(freshForge())).toEqual(first);
    // oxlint-disable-next-line no-console -- the counts are part of what this test is for
    console.info(`requests ${name}:`, JSON.stringify({ repos: REPOS, cold, warm: sandbox.requests.counted() }));
    expect(sandbox.requests.counted()).toBe(0);
    expect(sandbox.requests.all().length).toBeGreaterThan(REPOS);
  },
);

it('sees at once what changed, and pays for that only', async () => {
  await afterTheCut(freshForge());
  const status = { context: 'build', state: 'failure', description: '', link: null } as const;
  await freshForge('alma', 'making').checks.postStatus(slugOf('domain-3'), commitOf('release/2.8'), status);
  sandbox.requests.clear();
  const jobs = await freshForge().checks.onCommit(slugOf('domain-3'), commitOf('release/2.8'));
  expect(jobs).toMatchObject([{ name: 'build', state: 'red' }]);
  expect(sandbox.requests.counted()).toBe(1);
});

it('gives the answers of one person to no other, and keeps them where only their owner can read', async () => {
  await afterTheCut(freshForge());
  sandbox.requests.clear();
  await freshForge('rita').pulls.onto(slugOf('core'), 'release/2.8', 'all');
  expect(sandbox.requests.counted()).toBe(1);
  expect(statSync(join(folder, 'answers')).mode & 0o077).toBe(0);
});

it('asks again where what it kept is gone or damaged', async () => {
  const forge = freshForge();
  const first = await forge.pulls.onto(slugOf('core'), 'release/2.8', 'all');
  const answers = join(folder, 'answers');
  for (const file of readdirSync(answers)) writeFileSync(join(answers, file), '{"key":"');
  expect(await freshForge().pulls.onto(slugOf('core'), 'release/2.8', 'all')).toEqual(first);
  rmSync(answers, { recursive: true });
  expect(await forge.pulls.onto(slugOf('core'), 'release/2.8', 'all')).toEqual(first);
});
