import { expect, it } from 'vitest';
import type { App } from '../../app/app.ts';
import { APPLY_QUEUE, askApply, carryOutAsked } from '../../app/ask-apply.ts';
import { showGate } from '../../app/gates.ts';
import { listPlans, savePlan, showPlan } from '../../app/plans.ts';
import { entriesOf } from '../../app/record.ts';
import { addSeconds } from '../../domain/instant.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { FinalChecks } from '../../domain/train/final.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { branchRef } from '../../domain/git-names.ts';
import { BASE, cutStep, NOW, planOf, smallTrain, tagStep, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { recordManifest } from '../../testing/recorded-manifest.ts';
import { startApplyWorker } from '../apply-worker.ts';
import { ACTIONS } from './index.ts';

const release = ReleaseVersion.parse('2.8.0');
const as = (app: App, who: string): App => ({ ...app, who: () => Promise.resolve(who) });

async function act(app: App, name: string, given: { params?: Record<string, string>; input?: unknown } = {}) {
  const action = ACTIONS.find((one) => one.name === name);
  if (action === undefined) throw new Error(`no action ${name}`);
  return action.run({ app, params: given.params ?? { release: '2.8.0' }, input: given.input ?? {} });
}

const codeOf = (done: Awaited<ReturnType<typeof act>>): string | null => (done.ok ? null : done.problems[0].code);

async function saved(app: App, plan: Plan): Promise<{ readonly params: { readonly id: string }; readonly id: string }> {
  await savePlan(app, plan);
  return { params: { id: plan.id }, id: plan.id };
}

/** Two cuts that can be taken back. */
const cut = planOf([cutStep('core'), cutStep('vision')]);
/** A tag that cannot. */
const forever = planOf([cutStep('core'), tagStep('core')]);

it('gives each action a path and a name of its own', () => {
  for (const of of ['path', 'name'] as const) {
    expect(new Set(ACTIONS.map((action) => action[of])).size).toBe(ACTIONS.length);
  }
});

it('waives a gate until the end of a day, and ends the waiver', async () => {
  const app = memoryApp();
  const params = { release: '2.8.0', gate: 'milestone-resolved' };
  const input = { reason: ' they are away ', until: '2025-06-30' };
  expect(await act(app, 'gate-waive', { params, input })).toMatchObject({
    ok: true,
    value: { to: '/r/2.8.0/gates/milestone-resolved' },
  });
  const waived = await showGate(app, release, 'milestone-resolved');
  expect(waived).toMatchObject({
    value: { gate: { verdict: 'waived', waiver: { until: '2025-06-30T23:59:59Z', reason: 'they are away' } } },
  });
  expect(await act(app, 'gate-end-waiver', { params, input: { reason: 'back' } })).toMatchObject({ ok: true });
  expect(await showGate(app, release, 'milestone-resolved')).not.toMatchObject({
    value: { gate: { verdict: 'waived' } },
  });
});

it('signs a gate for the files that were shown, and takes that back', async () => {
  const final = FinalChecks.parse({ canaries: { meta: { title: 'Meta', people: ['mia'], evidence: 'required' } } });
  const app = memoryApp({ loaded: { train: { ...smallTrain, final }, digest: TRAIN_DIGEST } });
  await act(app, 'release-create', { input: { release: '2.8.0' } });
  const { digest } = await recordManifest(app, CandidateVersion.parse('2.8.0-rc1'), { core: 'one' });
  const params = { release: '2.8.0', gate: 'downstream-canaries:meta' };
  const input = { evidence: 'https://meta.example/1', reason: 'two days', manifest: digest };
  expect(codeOf(await act(as(app, 'alice'), 'gate-sign', { params, input }))).toBe('role-missing');
  const other = { ...input, manifest: digest.replace(/.$/u, (last) => (last === '0' ? '1' : '0')) };
  expect(codeOf(await act(as(app, 'mia'), 'gate-sign', { params, input: other }))).toBe('candidate-changed');
  expect(await act(as(app, 'mia'), 'gate-sign', { params, input })).toMatchObject({
    value: {
      to: '/r/2.8.0/gates/downstream-canaries%3Ameta',
      said: 'You signed downstream-canaries:meta for 2.8.0-rc1.',
    },
  });
  expect(await showGate(app, release, 'meta')).toMatchObject({ value: { gate: { verdict: 'pass' } } });
  const back = { params, input: { of: 'mia', reason: 'wrong build' } };
  expect(codeOf(await act(as(app, 'dora'), 'gate-sign-off-revoke', back))).toBe('role-missing');
  expect(await act(app, 'gate-sign-off-revoke', back)).toMatchObject({ ok: true });
  expect(await showGate(app, release, 'meta')).toMatchObject({ value: { gate: { verdict: 'needs-you' } } });
});

it.each([
  ['who may not', 'alice', { until: '7d' }, 'role-missing'],
  ['an end that is no moment', 'ana', { until: 'soon' }, 'until-unknown'],
  ['an end that is past', 'ana', { until: '2020-01-01' }, 'waiver-over'],
  ['an end that is too far', 'ana', { until: '90d' }, 'waiver-too-long'],
])('refuses a waiver to %s', async (_why, who, input, code) => {
  const given = { params: { release: '2.8.0', gate: 'people' }, input: { reason: 'because', ...input } };
  expect(codeOf(await act(as(memoryApp(), who), 'gate-waive', given))).toBe(code);
});

it('takes no decision without a reason', async () => {
  await expect(act(memoryApp(), 'train-freeze', { input: { reason: '  ' } })).rejects.toThrow('a reason is needed');
});

it('opens, freezes, thaws, closes', async () => {
  const app = memoryApp();
  expect(await act(app, 'release-create', { input: { release: '2.8.0' } })).toMatchObject({
    ok: true,
    value: { to: '/r/2.8.0' },
  });
  expect(codeOf(await act(app, 'release-create', { input: { release: '2.8' } }))).toBe('not-a-release');
  expect(await act(as(app, 'dora'), 'train-freeze', { input: { reason: 'stop' } })).toMatchObject({ ok: true });
  expect(codeOf(await act(as(app, 'dora'), 'train-thaw', { input: { reason: 'go' } }))).toBe('role-missing');
  expect(await act(app, 'train-thaw', { input: { reason: 'go' } })).toMatchObject({ ok: true });
  expect(await act(app, 'release-close', { input: { reason: 'over' } })).toMatchObject({ ok: true });
});

it('abandons only what was typed', async () => {
  const app = memoryApp();
  await act(app, 'release-create', { input: { release: '2.8.0' } });
  const before = (await entriesOf(app)).length;
  expect(codeOf(await act(app, 'release-abandon', { input: { reason: 'no', phrase: 'abandon 2.8.1' } }))).toBe(
    'not-confirmed',
  );
  expect(codeOf(await act(app, 'release-abandon', { input: { reason: 'no' } }))).toBe('not-confirmed');
  expect(await entriesOf(app)).toHaveLength(before);
  expect(await act(app, 'release-abandon', { input: { reason: 'no', phrase: 'abandon 2.8.0' } })).toMatchObject({
    ok: true,
  });
});

it('makes a saved plan and does nothing, and refuses with the gates that are closed', async () => {
  const app = memoryApp();
  expect(codeOf(await act(app, 'plan-branch-cut'))).toBe('gate-blocked');
  expect(codeOf(await act(as(app, 'alice'), 'plan-branch-cut'))).toBe('role-missing');
  expect(codeOf(await act(app, 'plan-branch-cut', { input: { repo: 'nothing' } }))).toBe('repo-unknown');
  for (const gate of [
    'people',
    'milestone-resolved',
    'nightlies-green:core',
    'branch-source-green:core',
    'nightlies-green:vision',
    'branch-source-green:vision',
    'core-rc-staged',
  ]) {
    await act(app, 'gate-waive', {
      params: { release: '2.8.0', gate },
      input: { reason: 'not in this world', until: '7d' },
    });
  }
  const made = await act(app, 'plan-branch-cut', { input: { repo: 'core' } });
  const [plan] = await listPlans(app, {});
  expect(made).toMatchObject({ ok: true, value: { to: `/plans/${plan?.plan.id}` } });
  expect(await app.git.remoteRefs({ repo: 'core', remote: '/remotes/core' }, [branchRef('release/2.8')])).toEqual([]);
});

it('marks and withdraws only candidates of the release in the path', async () => {
  const given = { input: { candidate: '2.7.0-rc1', reason: 'x' } };
  expect(codeOf(await act(memoryApp(), 'rc-final', given))).toBe('not-a-candidate');
  expect(codeOf(await act(memoryApp(), 'rc-withdraw-final', given))).toBe('not-a-candidate');
  expect(codeOf(await act(memoryApp(), 'rc-final', { input: { candidate: '2.8.0-rc1' } }))).toBe('manifest-missing');
  expect(codeOf(await act(memoryApp(), 'rc-withdraw-final', { input: { candidate: '2.8.0-rc1', reason: 'x' } }))).toBe(
    'not-final',
  );
});

it('counts two approvals that come at once, and none of the author', async () => {
  const app = memoryApp();
  const given = await saved(app, forever);
  const both = await Promise.all(['ben', 'dora'].map((who) => act(as(app, who), 'plan-approve', given)));
  expect(both.map(codeOf)).toEqual([null, null]);
  expect(codeOf(await act(app, 'plan-approve', given))).toBe('approver-is-author');
  expect((await listPlans(app, {})).flatMap(({ approvals }) => approvals.map(({ by }) => by)).toSorted()).toEqual([
    'ben',
    'dora',
  ]);
  expect(await act(as(app, 'ben'), 'plan-revoke', { ...given, input: { reason: 'wrong' } })).toMatchObject({
    ok: true,
  });
  expect(await showPlan(app, given.id)).toMatchObject({ value: { approvals: [{ by: 'dora' }] } });
});

it('drops a plan, and then neither approves nor applies it', async () => {
  const app = memoryApp();
  const given = await saved(app, cut);
  expect(codeOf(await act(as(app, 'alice'), 'plan-drop', { ...given, input: { reason: 'x' } }))).toBe('role-missing');
  expect(await act(app, 'plan-drop', { ...given, input: { reason: 'made anew' } })).toMatchObject({ ok: true });
  expect(codeOf(await act(app, 'plan-apply', given))).toBe('plan-dropped');
  expect(codeOf(await act(app, 'plan-stop', { ...given, input: { reason: 'x' } }))).toBe('plan-dropped');
});

it('carries out what was asked for in the name of who asked, once, however often it is asked', async () => {
  const app = memoryApp();
  const given = await saved(app, cut);
  const asked = await Promise.all([act(app, 'plan-apply', given), act(as(app, 'ben'), 'plan-apply', given)]);
  expect(asked.map((done) => done.ok && done.value.data)).toEqual([
    { plan: cut.id, isNew: true, by: 'ana' },
    { plan: cut.id, isNew: false, by: 'ana' },
  ]);
  const worker = await startApplyWorker(app);
  await (await app.jobs()).close();
  await worker.stop();
  expect(await showPlan(app, cut.id)).toMatchObject({
    value: { state: 'finished', receipts: [{ by: 'ana' }, { by: 'ana' }] },
  });
  const entries = await entriesOf(app);
  expect(entries.filter(({ event }) => event.type === 'apply-started')).toHaveLength(1);
  expect(codeOf(await act(app, 'plan-apply', given))).toBe('plan-finished');
  expect(await act(app, 'plan-undo', given)).toMatchObject({ ok: true });
});

it('asks for the phrase before anything is put into the queue', async () => {
  const app = memoryApp();
  const given = await saved(app, forever);
  expect(codeOf(await act(app, 'plan-apply', { ...given, input: { phrase: 'small 2.8.0-rc1' } }))).toBe(
    'approvals-missing',
  );
  for (const who of ['ben', 'dora']) await act(as(app, who), 'plan-approve', given);
  expect(codeOf(await act(app, 'plan-apply', given))).toBe('not-confirmed');
  expect(codeOf(await act(app, 'plan-apply', { ...given, input: { phrase: 'small 2.8' } }))).toBe('not-confirmed');
  expect(await (await app.jobs()).counts(APPLY_QUEUE)).toEqual({ waiting: 0, running: 0, dead: 0 });
  expect(await act(app, 'plan-apply', { ...given, input: { phrase: 'small 2.8.0-rc1' } })).toMatchObject({ ok: true });
});

it.each([
  ['who may not', (app: App) => Promise.resolve(as(app, 'alice')), 'role-missing'],
  [
    'a frozen train',
    async (app: App) => (await act(app, 'train-freeze', { input: { reason: 'x' } }), app),
    'train-frozen',
  ],
])('refuses to carry out for %s at once', async (_why, change, code) => {
  const app = memoryApp();
  const given = await saved(app, cut);
  expect(codeOf(await act(await change(app), 'plan-apply', given))).toBe(code);
  expect(await (await app.jobs()).counts(APPLY_QUEUE)).toMatchObject({ waiting: 0 });
});

it('tells who is at it while another carries out a plan of the release', async () => {
  const app = memoryApp();
  const given = await saved(app, cut);
  const leases = await app.leases();
  await leases.take('small', 'release:2.8.0', { holder: 'cleo', since: NOW });
  const done = await act(app, 'plan-apply', given);
  expect(done).toMatchObject({
    ok: false,
    problems: [{ code: 'held-by-other' }],
  });
  expect(JSON.stringify(done)).toContain('cleo is changing 2.8.0');
});

it('writes down why a worker was refused, so that its page says so, and takes another order afterwards', async () => {
  const app = memoryApp();
  const given = await saved(
    app,
    planOf([cutStep('core')], {
      assumes: [{ repo: cutStep('core').repo, remote: '/remotes/core', ref: branchRef('main'), at: BASE }],
    }),
  );
  await askApply(app, { id: given.id, confirmation: null });
  app.git.setRef('/remotes/core', branchRef('main'), null);
  const worker = await startApplyWorker(app);
  await worker.stop();
  expect((await entriesOf(app)).at(-1)).toMatchObject({
    actor: 'ana',
    event: { type: 'refused', what: `apply ${given.id}` },
  });
  app.git.setRef('/remotes/core', branchRef('main'), BASE);
  expect(await act(app, 'plan-apply', given)).toMatchObject({ value: { data: { isNew: true } } });
});

it('gives an order back to the queue where this process ends, and another one does the rest', async () => {
  const app = memoryApp();
  await saved(app, cut);
  const ended = new AbortController();
  ended.abort();
  const order = { plan: cut.id, who: 'ana', confirmation: null };
  await expect(carryOutAsked(app, { order, isLast: false, stop: ended.signal })).rejects.toThrow('was interrupted');
  await carryOutAsked(app, { order, isLast: false, stop: new AbortController().signal });
  expect(await showPlan(app, cut.id)).toMatchObject({ value: { state: 'finished' } });
  // What a try that was killed after its last receipt left behind: it is done again, and nothing happens.
  await carryOutAsked(app, { order, isLast: false, stop: new AbortController().signal });
  expect((await entriesOf(app)).filter(({ event }) => event.type === 'plan-finished')).toHaveLength(1);
});

it('waits for who is at it, and gives up only at the last try', async () => {
  const app = memoryApp();
  await saved(app, cut);
  const leases = await app.leases();
  const order = { plan: cut.id, who: 'ana', confirmation: null };
  const { signal: stop } = new AbortController();
  const taken = await leases.take('small', 'release:2.8.0', { holder: 'cleo', since: addSeconds(NOW, -60) });
  expect(taken.taken).toBe(true);
  await expect(carryOutAsked(app, { order, isLast: false, stop })).rejects.toThrow('cleo');
  await carryOutAsked(app, { order, isLast: true, stop });
  expect((await entriesOf(app)).at(-1)).toMatchObject({ event: { type: 'refused' } });
});
