import { beforeEach, describe, expect, it } from 'vitest';
import { CellKey } from '../domain/artifact.ts';
import { digestOf } from '../domain/canonical-json.ts';
import { tagRef } from '../domain/git-names.ts';
import { addSeconds } from '../domain/instant.ts';
import { sealManifest, type Manifest } from '../domain/manifest.ts';
import { RepoKey } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ChannelName } from '../domain/train/channels.ts';
import { CandidateVersion, ReleaseVersion, tagOf } from '../domain/version.ts';
import { BASE, cutStep, NOW, planOf } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { fakeId } from '../testing/memory-git.ts';
import { worldFailure } from '../testing/small-train.ts';
import { abandon } from './abandon.ts';
import { applyPlan } from './apply-plan.ts';
import { cutBranches } from './cut-branches.ts';
import { markFinal, withdrawFinal } from './final-candidate.ts';
import { freezeTrain, thawTrain } from './freeze.ts';
import { waiveGate } from './gates.ts';
import { FINAL_GATES, judge } from './judge.ts';
import { approvePlan, savePlan, showPlan } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { createRelease, listReleases, resolveRelease } from './releases.ts';
import { releaseStatus } from './status.ts';
import { stopApply } from './stop-apply.ts';
import { todo } from './todo.ts';
import { planUndo } from './undo-plan.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc2 = CandidateVersion.parse('2.8.0-rc2');
const core = RepoKey.parse('core');

let app = memoryApp();
const as = (login: string) => ({ ...app, who: () => Promise.resolve(login) });
const said = (result: Result<unknown, AppProblem>): string =>
  result.ok ? '' : result.problems.map(({ kind, code, text }) => `${kind} ${code}: ${text}`).join('\n');
const types = async (): Promise<readonly string[]> => (await entriesOf(app)).map(({ event }) => event.type);

function tag(candidate: CandidateVersion, commit = BASE): void {
  app.git.setRef('/remotes/core', tagRef(tagOf(candidate)), commit);
}

function manifestOf(candidate: CandidateVersion, content = 'first'): ReturnType<typeof sealManifest> {
  const files: Manifest['files'] = [
    {
      cell: CellKey.parse('core/wheel/any/cpu/3.13'),
      repo: core,
      key: StoreKey.parse('whl/core.whl'),
      size: 5,
      digest: digestOf(content),
      run: null,
      requires: null,
    },
  ];
  const repos = [{ repo: core, candidate, commit: BASE }];
  return sealManifest({ train: 'small', release, candidate, channel: ChannelName.parse('test'), repos, files });
}

async function recordManifest(candidate: CandidateVersion, content?: string): Promise<void> {
  const sealed = manifestOf(candidate, content);
  await record(app, { type: 'manifest-recorded', release, candidate, ...sealed, proof: 'read', reason: '' });
}

/** What is closed of the gates before a final candidate is waived: the train in memory has no forge. */
async function waiveAll(): Promise<void> {
  const { gates } = await judge(app, release, { families: FINAL_GATES });
  const until = addSeconds(NOW, 86_400);
  for (const { id } of gates) await waiveGate(app, { release, gate: id, reason: 'no forge here', until });
}

beforeEach(async () => {
  app = memoryApp();
  await createRelease(app, release);
});

const ready = async (): Promise<void> => {
  tag(rc1);
  await recordManifest(rc1);
  await waiveAll();
};
const mark = (candidate = rc1) => markFinal(app, { candidate, reason: 'go' });

describe('marking a candidate as final', () => {
  it('is bound to the files that were recorded, once', async () => {
    await ready();
    const { digest } = manifestOf(rc1);
    const final = { candidate: rc1, manifest: digest, by: 'ana', isCurrent: true, reason: 'go' };
    expect(await mark()).toMatchObject({ ok: true, value: { final, files: 1, isNew: true } });
    expect(await mark()).toMatchObject({ ok: true, value: { final, isNew: false } });
    expect((await types()).filter((type) => type === 'candidate-final')).toHaveLength(1);
    expect(await releaseStatus(app, release)).toMatchObject({ final });
  });

  it('is done again when other files were recorded since', async () => {
    await ready();
    await mark();
    await recordManifest(rc1, 'second');
    expect((await releaseStatus(app, release)).final?.isCurrent).toBe(false);
    const manifest = manifestOf(rc1, 'second').digest;
    expect(await mark()).toMatchObject({ ok: true, value: { final: { manifest, isCurrent: true }, isNew: true } });
  });

  it('is refused to others than release managers, and that is written down', async () => {
    await ready();
    const refused = await markFinal(as('dora'), { candidate: rc1, reason: '' });
    expect(said(refused)).toMatch(/^not-allowed role-missing: /u);
    expect((await entriesOf(app)).at(-1)).toMatchObject({ actor: 'dora', event: { type: 'refused' } });
  });

  it('is refused before anybody recorded its files', async () => {
    tag(rc1);
    expect(said(await mark())).toBe(
      'refused manifest-missing: Nobody has recorded which files 2.8.0-rc1 consists of, so there is nothing to bind the mark to. Record them: signalbox artifact record 2.8.0-rc1',
    );
  });

  it('is refused while a gate before it is closed, by name', async () => {
    tag(rc1);
    await recordManifest(rc1);
    expect(said(await mark())).toBe(
      'gates-closed gate-blocked: 1 gate keeps 2.8.0-rc1 from being final: milestone-resolved. Read or waive them: signalbox gate list 2.8.0',
    );
    expect(await types()).not.toContain('candidate-final');
  });

  it('is refused once there is a newer one', async () => {
    await ready();
    tag(rc2);
    expect(said(await mark())).toMatch(/^refused candidate-newer: core has 2\.8\.0-rc2 since/u);
  });

  it('is refused when the tag is not where it was when its files were recorded', async () => {
    await ready();
    tag(rc1, fakeId('elsewhere'));
    expect(said(await mark())).toMatch(/^conflict tag-moved: .* is at [0-9a-f]{7,} now\./u);
    app.git.setRef('/remotes/core', tagRef(tagOf(rc1)), null);
    expect(said(await mark())).toMatch(/^conflict tag-moved: .* and is gone\./u);
  });

  it('is refused when it cannot be told whether there is a newer one', async () => {
    await ready();
    const git = { ...app.git, remoteRefs: () => Promise.reject(worldFailure('ENETDOWN', 'the network is down')) };
    const refused = await markFinal({ ...app, git }, { candidate: rc1, reason: '' });
    expect(said(refused)).toMatch(/^no-data tags-unknown: The tags of core could not be read \(the network is down\)/u);
  });

  it('is refused of what was abandoned', async () => {
    await ready();
    await abandon(app, { release, candidate: rc1, reason: 'wrong keys' });
    expect(said(await mark())).toMatch(/^refused abandoned: 2\.8\.0-rc1 was abandoned by @ana/u);
  });

  it('of another candidate needs the first to be withdrawn, with a reason', async () => {
    await ready();
    await mark();
    tag(rc2);
    await recordManifest(rc2);
    await waiveAll();
    expect(said(await mark(rc2))).toBe(
      'refused other-final: 2.8.0-rc1 is final already, marked by @ana. Only one can be; withdraw it first: signalbox rc final 2.8.0-rc1 --withdraw',
    );
    expect(said(await withdrawFinal(app, { candidate: rc2, reason: 'slip' }))).toBe(
      'refused not-final: 2.8.0-rc1, not 2.8.0-rc2, of 2.8.0 is marked as final.',
    );
    expect((await withdrawFinal(app, { candidate: rc1, reason: 'a blocker' })).ok).toBe(true);
    // The manifest in this test says the same commit of both: rc2 is its own newest candidate.
    expect(await mark(rc2)).toMatchObject({ ok: true, value: { final: { candidate: rc2 } } });
    expect(said(await withdrawFinal(as('mallory'), { candidate: rc2, reason: 'why not' }))).toMatch(/^not-allowed/u);
  });
});

describe('giving up', () => {
  it('a release: nothing is planned or carried out with it again, and it is no longer live', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    expect(await abandon(app, { release, candidate: null, reason: 'skipped' })).toMatchObject({
      ok: true,
      value: { what: '2.8.0', by: 'ana', reason: 'skipped', isNew: true },
    });
    const why = /^refused abandoned: 2\.8\.0 was abandoned by @ana at 2025-06-24 14:00 UTC \("skipped"\), for ever/u;
    const run = { id: plan.id, confirmation: null, stop: new AbortController().signal, report: () => {} };
    expect(said(await applyPlan(app, run))).toMatch(why);
    expect(said(await cutBranches(app, { release, dryRun: true }))).toMatch(why);
    const agreed = await savePlan(app, planOf([cutStep('core')], { approvals: 2 }));
    expect(said(await approvePlan(as('ben'), agreed.plan.id))).toMatch(why);
    expect(app.git.pushes()).toBe(0);
    expect((await listReleases(app))[0]?.closed).toMatchObject({ how: 'abandoned', reason: 'skipped' });
    expect(said(await createRelease(app, release))).toMatch(/^refused abandoned: 2\.8\.0 was abandoned \("skipped"\)/u);
    expect(said(await resolveRelease(app, undefined))).toMatch(/No release is live/u);
    const status = await releaseStatus(app, release);
    expect(status).toMatchObject({ next: null, abandoned: { by: 'ana' } });
    expect(status.blocking[0]).toMatchObject({ id: 'release-abandoned', verdict: 'failing' });
    expect((await showPlan(app, plan.id)).ok && (await showPlan(app, plan.id))).toMatchObject({
      value: { abandoned: { what: '2.8.0' } },
    });
  });

  it('leaves the way back open: what was done is taken back', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    const run = { confirmation: null, stop: new AbortController().signal, report: () => {} };
    expect((await applyPlan(app, { id: plan.id, ...run })).ok).toBe(true);
    await abandon(app, { release, candidate: null, reason: 'skipped' });
    await freezeTrain(app, 'and stop everything');
    const undo = await planUndo(app, plan.id);
    const id = undo.ok ? undo.value.view.plan.id : '';
    expect(await applyPlan(app, { id, ...run })).toMatchObject({ ok: true, value: { end: 'finished' } });
    expect(app.git.refsOf('/remotes/core').has('refs/heads/release/2.8')).toBe(false);
  });

  it('is once: the first decision and its reason stay', async () => {
    await abandon(app, { release, candidate: null, reason: 'skipped' });
    expect(await abandon(as('ben'), { release, candidate: null, reason: 'me too' })).toMatchObject({
      ok: true,
      value: { by: 'ana', reason: 'skipped', isNew: false },
    });
  });

  it('a candidate: only one that there is', async () => {
    const give = (candidate: CandidateVersion, of = app) => abandon(of, { release, candidate, reason: 'wrong keys' });
    expect(said(await give(rc1))).toBe(
      'usage candidate-unknown: There is no candidate 2.8.0-rc1. List them: signalbox rc list 2.8.0',
    );
    const git = { ...app.git, remoteRefs: () => Promise.reject(worldFailure('ENETDOWN', 'the network is down')) };
    expect(said(await give(rc1, { ...app, git }))).toMatch(/^no-data tags-unknown: .*the network is down/u);
    tag(rc1);
    expect(await give(rc1)).toMatchObject({ ok: true, value: { what: rc1, isNew: true } });
    await recordManifest(rc2);
    expect((await give(rc2)).ok).toBe(true);
    // The release itself goes on.
    expect((await listReleases(app))[0]?.closed).toBeNull();
  });

  it('is a release manager’s, of a release that there is', async () => {
    expect(said(await abandon(as('dora'), { release, candidate: null, reason: 'why not' }))).toMatch(/^not-allowed/u);
    const other = ReleaseVersion.parse('2.9.0');
    expect(said(await abandon(app, { release: other, candidate: null, reason: 'slip' }))).toMatch(
      /^usage release-unknown/u,
    );
    expect(await types()).not.toContain('release-abandoned');
  });
});

describe('freezing the train', () => {
  const run = { confirmation: null, stop: new AbortController().signal, report: () => {} };

  it('is an approver’s too, thawing is not', async () => {
    expect(await freezeTrain(as('dora'), 'the key leaked')).toMatchObject({
      ok: true,
      value: { freeze: { by: 'dora', reason: 'the key leaked' }, isNew: true },
    });
    expect(await freezeTrain(app, 'me too')).toMatchObject({
      ok: true,
      value: { freeze: { by: 'dora' }, isNew: false },
    });
    expect(said(await thawTrain(as('dora'), 'all clear'))).toMatch(/^not-allowed/u);
    expect(said(await freezeTrain(as('mallory'), 'fun'))).toMatch(/^not-allowed/u);
    expect(await thawTrain(app, 'all clear')).toMatchObject({
      ok: true,
      value: { freeze: { by: 'dora' }, isNew: true },
    });
    expect(await thawTrain(app, 'twice')).toMatchObject({ ok: true, value: { freeze: null, isNew: false } });
    expect(await types()).toEqual(['release-created', 'train-frozen', 'train-thawed']);
  });

  it('keeps every plan from being carried out until it is thawed, and is what blocks', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    await freezeTrain(as('dora'), 'the key leaked');
    expect(said(await applyPlan(app, { id: plan.id, ...run }))).toMatch(
      /^refused train-frozen: The train was frozen by @dora/u,
    );
    const status = await releaseStatus(app, release);
    expect(status.blocking[0]).toMatchObject({
      id: 'train-frozen',
      verdict: 'needs-you',
      owners: ['ana', 'ben', 'cleo'],
      fix: 'signalbox release thaw',
    });
    const shown = await showPlan(app, plan.id);
    expect(shown.ok && shown.value.freeze).toMatchObject({ by: 'dora' });
    const waiting = await todo(app, { release });
    expect(JSON.stringify(waiting.people.find(({ who }) => who === 'ana'))).toContain('train-frozen');
    await thawTrain(app, 'all clear');
    expect(await applyPlan(app, { id: plan.id, ...run })).toMatchObject({ ok: true, value: { end: 'finished' } });
    expect((await releaseStatus(app, release)).freeze).toBeNull();
  });
});

const holding = async (): Promise<void> => {
  const leases = await app.leases();
  await leases.take('small', 'release:2.8.0', { holder: 'ben', since: NOW });
};

describe('asking an apply to stop', () => {
  const reason = 'the index is the wrong one';
  it('is written into the ledger for the process that is at it, and says who that is', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    await holding();
    expect(await stopApply(as('dora'), { id: plan.id, reason })).toEqual({
      ok: true,
      value: { plan: plan.id, holder: 'ben', since: NOW },
    });
    expect((await entriesOf(app)).at(-1)).toMatchObject({
      actor: 'dora',
      event: { type: 'apply-stop-asked', release, plan: plan.id, reason },
    });
  });

  it('is refused when nobody is at it, and says what keeps others from it', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    expect(said(await stopApply(app, { id: plan.id, reason }))).toBe(
      `refused not-applied: Nobody is carrying plan ${plan.id} out: there is nothing to stop. So that nobody does: signalbox plan drop ${plan.id}`,
    );
    expect(await types()).not.toContain('apply-stop-asked');
  });

  it('is its author’s, and of those who may approve', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')], { author: 'otto' }));
    await holding();
    expect((await stopApply(as('otto'), { id: plan.id, reason })).ok).toBe(true);
    expect(said(await stopApply(as('mallory'), { id: plan.id, reason }))).toMatch(/^not-allowed/u);
  });

  it('is refused of a plan that is done', async () => {
    const { plan } = await savePlan(app, planOf([cutStep('core')]));
    const run = { confirmation: null, stop: new AbortController().signal, report: () => {} };
    await applyPlan(app, { id: plan.id, ...run });
    await holding();
    expect(said(await stopApply(app, { id: plan.id, reason }))).toMatch(/^refused plan-finished/u);
  });
});
