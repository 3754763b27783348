import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type Forge } from '../../ports/forge.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { forgeContract, type ForgeGround } from '../../testing/forge-contract.ts';
import { githubForge } from './index.ts';

const REPOS = 80;
const folder = mkdtempSync(join(tmpdir(), 'github-contract-'));
const source = join(folder, 'source');
let sandbox: Sandbox;
let topic: ObjectId;
let used = 0;

function git(...args: readonly string[]): string {
  const identity = { GIT_AUTHOR_NAME: 'Tess', GIT_AUTHOR_EMAIL: 't@example.test' };
  const committer = { GIT_COMMITTER_NAME: 'Tess', GIT_COMMITTER_EMAIL: 't@example.test' };
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', source, ...args], { env: { ...env, ...identity, ...committer }, encoding: 'utf8' });
}

function commit(name: string): ObjectId {
  writeFileSync(join(source, name), `${name}\n`);
  git('add', '--', name);
  git('commit', '--quiet', '-m', `Add ${name}`);
  return ObjectId.parse(git('rev-parse', 'HEAD').trim());
}

async function post(login: string, method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.tokens[login] ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

function forgeOf(login: string, token: string | null = null): Forge {
  return githubForge({
    apiUrl: sandbox.apiUrl,
    token: () => token ?? sandbox.tokens[login] ?? null,
    userAgent: 'signalbox-tests',
    now: () => Instant.parse('2025-06-16T12:00:00Z'),
  });
}

const checkBody = {
  queued: { status: 'queued' },
  running: { status: 'in_progress' },
  success: { status: 'completed', conclusion: 'success' },
  failure: { status: 'completed', conclusion: 'failure' },
  skipped: { status: 'completed', conclusion: 'skipped' },
} as const;

async function ground(): Promise<ForgeGround> {
  const name = `ground-${used}`;
  used += 1;
  const at = `/repos/acme/${name}`;
  return {
    forge: forgeOf('alma'),
    repo: RepoSlug.parse(`acme/${name}`),
    gone: RepoSlug.parse('acme/gone'),
    me: 'alma',
    reader: 'rita',
    topic,
    writeIssue: async (by, draft) =>
      z.object({ number: z.number() }).parse(await post(by, 'POST', `${at}/issues`, draft)).number,
    merge: async (pull) => {
      const merged = await post('alma', 'PUT', `${at}/pulls/${pull}/merge`, { merge_method: 'squash' });
      return z.object({ sha: ObjectId }).parse(merged).sha;
    },
    runCheck: async (head, check, state) => {
      const made = await post('ci-bot', 'POST', `${at}/check-runs`, {
        name: check,
        head_sha: head,
        ...checkBody[state],
      });
      return z.object({ id: z.number() }).parse(made).id;
    },
    postStatus: async (head, context, state) => {
      await post('ci-bot', 'POST', `${at}/statuses/${head}`, { context, state });
    },
    team: 'acme/releng',
    writeComment: async (by, item, body) =>
      z.object({ id: z.number() }).parse(await post(by, 'POST', `${at}/issues/${item}/comments`, { body })).id,
    tag: async (tag, commit, kind) => {
      const body = { tag, message: tag, object: commit, type: 'commit' };
      const Made = z.object({ sha: ObjectId });
      const sha = kind === 'light' ? commit : Made.parse(await post('alma', 'POST', `${at}/git/tags`, body)).sha;
      await post('alma', 'POST', `${at}/git/refs`, { ref: `refs/tags/${tag}`, sha });
    },
    draftAs: async (by, { tag, body }) => {
      const made = await post(by, 'POST', `${at}/releases`, { tag_name: tag, body, draft: true });
      return z.object({ id: z.number() }).parse(made).id;
    },
    openPull: async ({ title, draft }) => {
      const pull = { title, draft, head: 'topic', base: 'main' };
      return z.object({ number: z.number() }).parse(await post('ci-bot', 'POST', `${at}/pulls`, pull)).number;
    },
  };
}

beforeAll(async () => {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', '--', source]);
  commit('README.md');
  git('checkout', '--quiet', '-b', 'topic');
  topic = commit('pin.txt');
  git('checkout', '--quiet', 'main');
  const dir = join(folder, 'world');
  const sources = Array.from({ length: REPOS }, (_unused, index) => ({
    source,
    owner: 'acme',
    name: `ground-${index}`,
  }));
  const built = { source, owner: 'acme', name: 'built', buildsOnTag: ['wheel / linux', 'wheel / macos'] };
  await makeWorldFrom({
    dir,
    sources: [...sources, built],
    users: [
      { login: 'alma', name: 'Alma', roles: { '*': 'admin' } },
      { login: 'rita', name: 'Rita', roles: {} },
      { login: 'ci-bot', name: 'CI', type: 'Bot', roles: { '*': 'write' } },
    ],
    teams: { 'acme/releng': ['rita'] },
    now: '2025-06-16T10:00:00Z',
  });
  sandbox = await startSandbox({ dir });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

forgeContract('GitHub, over HTTP to the sandbox', ground);

const issueDraft = { title: 'Release 2.8', body: '<!-- signalbox:tracker:2.8 -->', milestone: null, assignees: [] };
const milestoneDraft = { title: '2.8.0', description: '' };
const pullDraft = { head: 'topic', base: 'main', title: 'Pin', body: '', draft: false };

it('tells of a workflow run by its number, of each of its jobs, and how both ended', async () => {
  const [repo, forge] = [RepoSlug.parse('acme/built'), forgeOf('alma')];
  await post('alma', 'POST', '/repos/acme/built/git/refs', { ref: 'refs/tags/v2.8.0-rc1', sha: topic });
  const [run] = await forge.checks.runsOn(repo, topic);
  if (run === undefined) throw new Error('the tag started no run');
  expect(await forge.checks.run(repo, run.id)).toEqual(run);
  const jobs = await forge.checks.onCommit(repo, topic);
  expect(jobs.length).toBe(2);
  for (const [index, { link, name }] of jobs.entries()) {
    const id = Number(/\/runs\/(\d+)$/.exec(link ?? '')?.[1]);
    const conclusion = index === 0 ? 'failure' : 'success';
    await post('ci-bot', 'PATCH', `/repos/acme/built/check-runs/${id}`, { conclusion });
    const state = index === 0 ? 'red' : 'green';
    expect(await forge.checks.job(repo, id)).toMatchObject({ id, name, commit: topic, state });
  }
  expect(await forge.checks.run(repo, run.id)).toMatchObject({ commit: topic, branch: 'v2.8.0-rc1', state: 'red' });
});

it('starts one failed job of a run again, once the run is over, as its next attempt', async () => {
  const [repo, forge] = [RepoSlug.parse('acme/built'), forgeOf('alma')];
  await post('alma', 'POST', '/repos/acme/built/git/refs', { ref: 'refs/tags/v2.8.0-rc2', sha: topic });
  const [run, ...others] = await forge.checks.runsOf(repo, 'v2.8.0-rc2');
  if (run === undefined) throw new Error('the tag started no run');
  expect(others).toEqual([]);
  const [one, two] = await forge.checks.jobsOf(repo, run.id);
  if (one === undefined || two === undefined) throw new Error('the run has no two jobs');
  const end = (id: number, conclusion: string) =>
    post('ci-bot', 'PATCH', `/repos/acme/built/check-runs/${id}`, { conclusion });
  await end(one.id, 'failure');
  expect(await codeOf(forge.checks.rerunJob(repo, one.id))).toBe('not-allowed');
  await end(two.id, 'success');
  expect(await codeOf(forgeOf('rita').checks.rerunJob(repo, one.id))).toBe('not-allowed');
  await forge.checks.rerunJob(repo, one.id);
  expect(await forge.checks.run(repo, run.id)).toMatchObject({ attempt: 2, state: 'running' });
  const [newest, ...before] = await forge.checks.jobsOf(repo, run.id);
  expect(newest).toMatchObject({ name: one.name, attempt: 2, state: 'queued', commit: topic });
  expect(before.map(({ attempt, state }) => ({ attempt, state }))).toEqual([
    { attempt: 1, state: 'red' },
    { attempt: 1, state: 'green' },
  ]);
});

it('reads what a job said by its annotations, whoever put them there', async () => {
  const made = await ground();
  const { forge, repo } = made;
  const id = await made.runCheck(topic, 'validate', 'success');
  expect(await forge.checks.notesOf(repo, id)).toEqual([]);
  const annotations = [{ title: 'signalbox-validated', message: '{"files":[]}' }, { message: 'untitled' }];
  const output = { title: 'validate', summary: 'passed', annotations };
  await post('ci-bot', 'PATCH', `/repos/${repo}/check-runs/${id}`, { output });
  expect(await forge.checks.notesOf(repo, id)).toEqual([
    { title: 'signalbox-validated', message: '{"files":[]}' },
    { title: '', message: 'untitled' },
  ]);
});

it('reads one file of a branch, and tells what is not there from what is no file', async () => {
  const { forge, repo, gone } = await ground();
  const at = (branch: string, path: string) => forge.repos.file(repo, { branch, path });
  expect(await at('topic', 'pin.txt')).toMatchObject({ text: 'pin.txt\n' });
  expect(await at('main', 'pin.txt')).toBeNull();
  expect(await at('no-such-branch', 'pin.txt')).toBeNull();
  expect(await codeOf(forge.repos.file(gone, { branch: 'main', path: 'pin.txt' }))).toBe('not-found');
});

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'done',
    (error: unknown) => (error instanceof ForgeError ? error.code : error),
  );
}

describe('a person who may only read', () => {
  it('is told that labels, milestones and closing are not allowed', async () => {
    const { repo } = await ground();
    const { issues, labels, milestones } = forgeOf('rita');
    const other = await forgeOf('alma').issues.create(repo, { ...issueDraft, labels: [] });
    expect(await codeOf(labels.create(repo, { name: 'x', color: 'ffffff', description: '' }))).toBe('not-allowed');
    expect(await codeOf(milestones.create(repo, milestoneDraft))).toBe('not-allowed');
    expect(await codeOf(issues.close(repo, other.number))).toBe('not-allowed');
  });

  it('with a token that nobody has is told to give a valid one', async () => {
    const { repo } = await ground();
    expect(await codeOf(forgeOf('nobody', 'not-a-token').milestones.find(repo, '2.8.0'))).toBe('not-signed-in');
  });
});

describe('an answer lost after the effect', () => {
  it('leaves one pull request when the opening is repeated', async () => {
    const { repo, forge } = await ground();
    sandbox.faults.next({ method: 'POST', path: `/api/v3/repos/${repo}/pulls` }, 'reset-after-effect');
    expect(await codeOf(forge.pulls.open(repo, pullDraft))).toBe('unreachable');
    const again = await forge.pulls.open(repo, pullDraft);
    expect(await forge.pulls.find(repo, pullDraft)).toEqual([again]);
    expect(sandbox.faults.pending()).toBe(0);
  });

  it('leaves one milestone when the creation is repeated', async () => {
    const { repo, forge } = await ground();
    sandbox.faults.next({ method: 'POST', path: `/api/v3/repos/${repo}/milestones` }, 'reset-after-effect');
    expect(await codeOf(forge.milestones.create(repo, milestoneDraft))).toBe('unreachable');
    expect(await forge.milestones.create(repo, milestoneDraft)).toMatchObject({ number: 1 });
  });

  it('leaves one issue, which its marker finds', async () => {
    const { repo, forge } = await ground();
    sandbox.faults.next({ method: 'POST', path: `/api/v3/repos/${repo}/issues` }, 'reset-after-effect');
    expect(await codeOf(forge.issues.create(repo, { ...issueDraft, labels: [] }))).toBe('unreachable');
    expect(await forge.issues.findByMarker(repo, 'signalbox:tracker:2.8')).toHaveLength(1);
  });
});

it('tells of rulesets on tags what they hold for, which nothing else does', async () => {
  const { repo, forge } = await ground();
  const [tags] = (await forge.repos.rulesets(repo)).filter(({ target }) => target === 'tag');
  expect(await forge.repos.ruleset(repo, tags?.id ?? 0)).toMatchObject({
    enforcement: 'active',
    include: ['refs/tags/v*'],
    exclude: [],
    kinds: ['update', 'deletion', 'non_fast_forward'],
  });
});

describe('a repository in which nothing changed', () => {
  it('costs no counted request when it is looked at again', async () => {
    const { repo, forge, topic } = await ground();
    const { number } = await forge.milestones.create(repo, milestoneDraft);
    await forge.issues.create(repo, { ...issueDraft, labels: [], milestone: '2.8.0' });
    const look = async (): Promise<readonly unknown[]> => [
      await forge.milestones.find(repo, '2.8.0'),
      await forge.milestones.items(repo, number, 'all'),
      await forge.issues.findByMarker(repo, 'signalbox:tracker:2.8'),
      await forge.pulls.find(repo, pullDraft),
      await forge.checks.onCommit(repo, topic),
    ];
    const first = await look();
    sandbox.requests.clear();
    expect(await look()).toEqual(first);
    expect(sandbox.requests.all().map(({ status, counted }) => ({ status, counted }))).toEqual(
      Array.from({ length: 6 }, () => ({ status: 304, counted: false })),
    );
  });
});

describe('a query that meets a fault on its way', () => {
  it('is repeated, since it only reads', async () => {
    const { repo, forge } = await ground();
    const { number } = await forge.pulls.open(repo, pullDraft);
    for (const fault of [{ status: 502 }, 'reset'] as const) {
      sandbox.faults.next({ method: 'POST', path: '/api/graphql' }, fault);
      expect(await forge.pulls.many(repo, [number])).toMatchObject([{ number, state: 'open' }]);
    }
    expect(sandbox.faults.pending()).toBe(0);
  });

  it('is not repeated when it changes something', async () => {
    const { repo, forge } = await ground();
    const { number } = await forge.pulls.open(repo, { ...pullDraft, draft: true });
    sandbox.faults.next({ method: 'POST', path: '/api/graphql' }, 'reset-after-effect');
    expect(await codeOf(forge.pulls.markReady(repo, number))).toBe('unreachable');
    expect(await forge.pulls.get(repo, number)).toMatchObject({ draft: false });
  });
});

describe('a list that fills its last page', () => {
  it('is read to its end after it grew by a page', async () => {
    const { repo, forge } = await ground();
    const { number } = await forge.issues.create(repo, { ...issueDraft, labels: [] });
    const write = async (count: number): Promise<void> => {
      for (let written = 0; written < count; written += 1) await forge.comments.write(repo, number, 'x');
    };
    await write(99);
    expect(await forge.comments.list(repo, number)).toHaveLength(99);
    await write(1);
    expect(await forge.comments.list(repo, number)).toHaveLength(100);
    await write(1);
    expect(await forge.comments.list(repo, number)).toHaveLength(101);
  });
});

it('loads no client before the first call', () => {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => (name === 'octokit' ? process.exit(7) : next(name, context)) });
    const { githubForge } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
    const forge = githubForge({ apiUrl: 'https://api.github.com', token: () => null, userAgent: 'x', now: () => '' });
    console.log('made');
    await forge.people.whoami();`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 7, stdout: 'made\n' });
});
