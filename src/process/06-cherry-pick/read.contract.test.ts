import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { ObjectId } from '../../domain/git-names.ts';
import type { PushPickStep } from '../../domain/plan/step.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { pushPickDriver } from '../../engine/drivers/push-pick.ts';
import type { PullRequest } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';
import { addCommits, fingerprintOf, makeRepo, refsOf, testGit } from '../../testing/git-repos.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { NOW, worldFailure } from '../../testing/small-train.ts';
import { decidePick, readPick, targetOf, type PickPorts } from './index.ts';

const file = (third: string, pin: string) => `one\ntwo\n${third}\nfour\nfive\nsix\nseven\neight\nref: ${pin}\n`;

function merged(landed: ObjectId): PullRequest {
  return {
    number: 7,
    title: 'Fix',
    author: 'alice',
    link: 'x',
    body: '',
    state: 'merged',
    draft: false,
    head: { branch: 'fix', commit: landed, repo: 'acme/core' },
    base: 'main',
    mergeCommit: landed,
    mergedAt: NOW,
    labels: [],
    updatedAt: NOW,
  };
}

describe('a pick on a real repository', () => {
  let root = '';
  let git: Git;
  let made = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-picks-'));
    git = gitAdapter({ mirrors: join(root, 'mirrors') });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function world(fix: string) {
    made += 1;
    const dir = join(root, `r${made}.git`);
    await makeRepo({ dir, commits: [{ message: 'Begin', files: { 'a.yml': file('three', 'main') } }] });
    await testGit(dir, ['branch', 'release/2.8', 'main']);
    const [landed = ObjectId.parse('0'.repeat(40))] = await addCommits(dir, [
      { message: 'Fix (#7)', files: { 'a.yml': fix } },
      { branch: 'release/2.8', message: 'Pin', files: { 'a.yml': file('three', 'release/2.8') } },
    ]);
    const base = pickTrain();
    const repos = Object.fromEntries(
      Object.entries(base.repos).map(([key, entry]) => [key, key === 'core' ? { ...entry, remote: dir } : entry]),
    );
    const train = { ...base, repos };
    const target = targetOf({
      train,
      repo: RepoKey.parse('core'),
      onto: 'release/2.8',
      live: [ReleaseVersion.parse('2.8.0')],
    });
    if (!target.ok) throw new Error(target.problems[0].code);
    const memory = memoryForge();
    for (const slug of ['acme/core', 'ACME/core']) memory.repo(RepoSlug.parse(slug));
    const { forge } = memory;
    const ports = {
      train,
      target: target.value,
      pr: 7,
      by: 'rita',
      fixes: null,
      draft: false,
      generated: [],
      git,
      forge: {
        ...forge,
        pulls: { ...forge.pulls, get: async () => merged(landed), find: async () => [], onto: async () => [] },
      },
      ends: {},
      now: NOW,
      history: async () => ({ landed: [landed], onLine: null, revertedOnMain: null, revertedOnLine: null }),
      run: async () => ({ is: 'missing' }),
      hunks: [{ path: 'a.yml', held: 'ref: release/2.8', instead: 'ref: main', reason: 'pins the branch' }],
    } satisfies PickPorts;
    const request = {
      train,
      trainDigest: digestOf('t'),
      pr: 7,
      class: 'docs',
      fixes: null,
      by: 'rita',
      at: NOW,
      via: null,
      record: null,
    };
    const decide = async (more: Partial<PickPorts> = {}) =>
      decidePick(await readPick({ ...ports, ...more }), request, NOW);
    const read = (more: Partial<PickPorts>) => readPick({ ...ports, ...more });
    return { dir, landed, decide, read, ports };
  }

  async function planOf(decided: Awaited<ReturnType<Awaited<ReturnType<typeof world>>['decide']>>) {
    if (!decided.ok) throw new Error(decided.problems[0].code);
    if (decided.value.kind !== 'plan') throw new Error(decided.value.kind);
    const [push] = decided.value.plan.body.steps;
    if (push?.kind !== 'push-pick') throw new Error('no push');
    return { plan: decided.value.plan, push };
  }

  it('ENG-06: is planned with its resulting tree, and nothing is pushed or changed at the remote', async () => {
    const one = await world(file('fixed', 'main'));
    const before = await fingerprintOf(one.dir);
    const [first, second] = [await planOf(await one.decide()), await planOf(await one.decide())];
    expect(second.plan.digest).toBe(first.plan.digest);
    expect(await fingerprintOf(one.dir)).toBe(before);
  });

  const act = async (push: PushPickStep) => {
    const driver = pushPickDriver(git);
    expect(await driver.observe(push)).toEqual({ is: 'absent' });
    return driver.act(push);
  };

  it('is pushed exactly as it was planned, adopted when it is there, and taken back', async () => {
    const one = await world(file('fixed', 'main'));
    const { push } = await planOf(await one.decide());
    expect(await act(push)).toEqual({ acted: true, handle: { branch: push.branch, commit: push.result.commit } });
    expect((await refsOf(one.dir))['refs/heads/cherry-pick-7-onto-2.8']).toBe(push.result.commit);
    expect((await testGit(one.dir, ['rev-parse', `${push.result.commit}^{tree}`])).trim()).toBe(push.result.tree);
    expect(await pushPickDriver(git).observe(push)).toMatchObject({ is: 'present' });
    expect(pushPickDriver(git).reverse(push, { commit: push.result.commit })).toMatchObject({
      kind: 'push-refs',
      updates: [{ ref: 'refs/heads/cherry-pick-7-onto-2.8', from: push.result.commit, to: null }],
    });
  });

  it('never pushes what comes out otherwise than planned, nor over the work of others', async () => {
    const one = await world(file('fixed', 'main'));
    const { push } = await planOf(await one.decide());
    const other = { ...push, result: { ...push.result, commit: one.landed } };
    expect(await act(other)).toMatchObject({ acted: false });
    await testGit(one.dir, ['branch', 'cherry-pick-7-onto-2.8', 'main']);
    expect(await pushPickDriver(git).observe(push)).toMatchObject({ is: 'other' });
    expect(await pushPickDriver(git).act(push)).toMatchObject({ acted: false });
    expect((await refsOf(one.dir))['refs/heads/cherry-pick-7-onto-2.8']).toBe(one.landed);
    expect(await one.decide()).toMatchObject({ problems: [{ code: 'branch-taken', at: one.landed }] });
  });

  it('ENG-09: pushed, then interrupted, then the line went on: the same branch is used again', async () => {
    const one = await world(file('fixed', 'main'));
    const { push } = await planOf(await one.decide());
    await act(push);
    await addCommits(one.dir, [{ branch: 'release/2.8', message: 'More', files: { 'b.txt': 'b\n' } }]);
    const again = await planOf(await one.decide());
    expect(again.push).toEqual(push);
    expect(await pushPickDriver(git).observe(again.push)).toMatchObject({ is: 'present' });
  });

  it('is refused when it would undo a release-only line, though git sees no conflict', async () => {
    const one = await world(file('fixed', 'main'));
    const [, undo] = await addCommits(one.dir, [
      { message: 'Pin by mistake', files: { 'a.yml': file('fixed', 'release/2.8') } },
      { message: 'Unpin', files: { 'a.yml': file('fixed', 'main') } },
    ]);
    const landed = [ObjectId.parse(undo)];
    const history = async () => ({ landed, onLine: null, revertedOnMain: null, revertedOnLine: null });
    expect(await one.decide({ history })).toMatchObject({
      problems: [{ code: 'undoes-release-only', hunks: [{ held: 'ref: release/2.8', instead: 'ref: main' }] }],
    });
    expect(await one.decide({ history, hunks: [] })).toMatchObject({ ok: true });
  });

  const reverted = { by: ObjectId.parse('9'.repeat(40)), at: NOW };
  it.each([
    ['a pick', {}, 'cherry-pick-7-onto-2.8', 'merged'],
    ['a pick that the line took back', { revertedOnLine: reverted.by }, 'cherry-pick-7-onto-2.8-2', null],
    ['a revert', { revertedOnMain: reverted }, 'cherry-pick-revert-7-onto-2.8', null],
  ] as const)('%s has a branch that no merged pull request has used up', async (_name, change, branch, state) => {
    const one = await world(file('fixed', 'main'));
    const { forge } = one.ports;
    const find = async (_slug: RepoSlug, { head }: { readonly head: string }) =>
      head === 'cherry-pick-7-onto-2.8' ? [merged(one.landed)] : [];
    const pulls = { ...forge.pulls, get: async () => merged(one.landed), find, onto: async () => [] };
    const history = async () => ({ ...(await one.ports.history()), ...change });
    const { line } = await one.read({ history, forge: { ...forge, pulls } });
    expect(line).toMatchObject({ value: { branch } });
    expect(line.known ? (line.value.pull?.state ?? null) : 'unknown').toBe(state);
  });

  it('closed by people it stays closed; closed and its branch deleted, it is made again on the next branch', async () => {
    const one = await world(file('fixed', 'main'));
    const { forge } = one.ports;
    const closed = { ...merged(one.landed), number: 12, state: 'closed' as const, mergeCommit: null, mergedAt: null };
    const find = async (_slug: RepoSlug, { head }: { readonly head: string }) =>
      head === 'cherry-pick-7-onto-2.8' ? [closed] : [];
    const pulls = { ...forge.pulls, get: async () => merged(one.landed), find, onto: async () => [] };
    const more = { forge: { ...forge, pulls } };
    expect((await planOf(await one.decide(more))).push.branch).toBe('cherry-pick-7-onto-2.8-2');
    await testGit(one.dir, ['branch', 'cherry-pick-7-onto-2.8', 'main']);
    expect(await one.decide(more)).toMatchObject({ problems: [{ code: 'pick-closed', pull: 12 }] });
  });

  it.each([
    ['evil/private#1', { is: 'other' }],
    ['https://forge.example/evil/private/issues/1', { is: 'other' }],
    ['ACME/core#1', { is: 'missing' }],
    ['#1', { is: 'missing' }],
  ])('looks only at issues of the train: %s', async (fixes, expected) => {
    const one = await world(file('fixed', 'main'));
    expect((await one.read({ fixes })).fixes).toMatchObject({ known: true, value: expected });
  });

  it('is not decided when the world does not answer; a bug is not hidden', async () => {
    const one = await world(file('fixed', 'main'));
    expect(
      await one.decide({ history: async () => Promise.reject(worldFailure('unavailable', 'the forge is down')) }),
    ).toMatchObject({
      problems: [{ code: 'cannot-read', reason: 'the forge is down' }],
    });
    await expect(one.decide({ history: async () => Promise.reject(new TypeError('a bug')) })).rejects.toThrow('a bug');
  });
});
