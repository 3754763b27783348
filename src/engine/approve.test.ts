import { describe, expect, it } from 'vitest';
import { digestOf } from '../domain/canonical-json.ts';
import { branchRef } from '../domain/git-names.ts';
import { addSeconds } from '../domain/instant.ts';
import { RepoKey } from '../domain/repo.ts';
import { BASE, cutStep, LATER, NOW, planOf, smallTrain, tagStep, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { fakeId, memoryGit, type MemoryGit } from '../testing/memory-git.ts';
import { admit, type Admission } from './admit.ts';
import { decideApproval, decideRevocation, possibleApprovers } from './approve.ts';
import type { PlanRecord } from './fold.ts';
import { explain } from './problem.ts';

const permanent = planOf([tagStep('core')]);

function recordWith(more: Partial<PlanRecord> = {}): PlanRecord {
  return {
    plan: permanent,
    madeAt: NOW,
    goodUntil: LATER,
    approvals: [],
    intended: [],
    receipts: [],
    stops: [],
    ended: null,
    finishedAt: null,
    dropped: null,
    ...more,
  };
}

const portsOf = (git: MemoryGit) => ({ git, files: null, packages: null });

function approvedBy(...people: readonly string[]): PlanRecord {
  return recordWith({
    approvals: people.map((by) => ({ by, at: NOW, role: 'release-manager', digest: permanent.digest })),
  });
}

describe('approving a plan that cannot be taken back', () => {
  it.each([
    ['its author', 'ana', recordWith(), 'approver-is-author'],
    ['somebody without the role', 'mallory', recordWith(), 'approver-without-role'],
    ['the same person twice', 'ben', approvedBy('ben'), 'approval-twice'],
    [
      'anybody once it was dropped',
      'ben',
      recordWith({ dropped: { by: 'ana', reason: 'wrong commit' } }),
      'plan-dropped',
    ],
    ['anybody once it is done', 'ben', recordWith({ finishedAt: NOW }), 'plan-finished'],
    ['anybody after its time', 'ben', recordWith({ goodUntil: NOW }), 'plan-expired'],
    [
      'anybody when it needs no approval',
      'ben',
      recordWith({ plan: planOf([cutStep('core')]) }),
      'approval-not-needed',
    ],
  ])('is refused to %s', (_case, who, record, code) => {
    const decided = decideApproval(record, { train: smallTrain, who, now: NOW });
    expect(decided.ok ? [] : decided.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('may be given again by the same person once theirs has expired, also to a plan that was begun and is old', () => {
    const now = addSeconds(NOW, 24 * 60 * 60);
    const begun = { ...approvedBy('ben'), intended: ['push-tag:core:v2.8.0-rc1'] };
    expect(decideApproval(begun, { train: smallTrain, who: 'ben', now }).ok).toBe(true);
    const early = decideApproval(begun, { train: smallTrain, who: 'ben', now: addSeconds(now, -1) });
    expect(early.ok ? '' : early.problems[0].code).toBe('approval-twice');
  });

  it('is asked of a plan that can be taken back and that the train wants agreed on', () => {
    const agreed = recordWith({ plan: planOf([cutStep('core')], { approvals: 3 }) });
    expect(decideApproval(agreed, { train: smallTrain, who: 'ben', now: NOW }).ok).toBe(true);
  });

  it('leaves those who have not, but not the author', () => {
    const counting = { train: smallTrain, now: NOW };
    expect(possibleApprovers(approvedBy('ben'), counting)).toEqual(['cleo', 'dora']);
    const later = { ...counting, now: addSeconds(NOW, 24 * 60 * 60) };
    expect(possibleApprovers(approvedBy('ben'), later)).toEqual(['ben', 'cleo', 'dora']);
  });

  it('binds the approval to the digest of the plan', () => {
    const decided = decideApproval(recordWith(), { train: smallTrain, who: 'dora', now: NOW });
    expect(decided.ok && decided.value.event).toMatchObject({
      type: 'plan-approved',
      digest: permanent.digest,
      role: 'approver',
    });
  });

  it('can be taken back until the plan is begun', () => {
    expect(decideRevocation(approvedBy('ben'), { who: 'ben', now: NOW, reason: 'second thought' }).ok).toBe(true);
    const begun = { ...approvedBy('ben'), intended: ['push-tag:core:v2.8.0-rc1'] };
    const late = decideRevocation(begun, { who: 'ben', now: NOW, reason: 'too late' });
    expect(late.ok ? '' : late.problems[0].code).toBe('plan-begun');
  });
});

describe('admitting a plan', () => {
  const admission: Admission = {
    train: smallTrain,
    trainDigest: TRAIN_DIGEST,
    now: NOW,
    entries: [],
    confirmation: 'small 2.8.0-rc1',
    closedGates: [],
  };
  const codes = async (record: PlanRecord, more: Partial<Admission> = {}, git = memoryGit()) =>
    (await admit(record, portsOf(git), { ...admission, ...more })).map((problem) => problem.code);

  it('lets in what two others approved and what was typed exactly', async () => {
    expect(await codes(approvedBy('ben', 'cleo'))).toEqual([]);
  });

  it.each([
    ['one approval is not two', approvedBy('ben'), {}, ['approvals-missing']],
    ['the author does not count', approvedBy('ana', 'ben'), {}, ['approvals-missing']],
    ['somebody who lost the role does not count', approvedBy('ben', 'former'), {}, ['approvals-missing']],
    ['the phrase must be typed', approvedBy('ben', 'cleo'), { confirmation: null }, ['not-confirmed']],
    [
      'nearly the phrase is not the phrase',
      approvedBy('ben', 'cleo'),
      { confirmation: 'small 2.8' },
      ['not-confirmed'],
    ],
    [
      'a closed gate closes the plan',
      approvedBy('ben', 'cleo'),
      { closedGates: ['version-file-matches:core'] },
      ['gate-closed'],
    ],
    ['another train file voids it', approvedBy('ben', 'cleo'), { trainDigest: digestOf('edited') }, ['train-changed']],
    ['its time is over', approvedBy('ben', 'cleo'), { now: LATER }, ['plan-expired']],
  ])('%s', async (_case, record, more, expected) => {
    expect(await codes(record, more)).toEqual(expected);
  });

  it('does not count approvals that were given to another digest', async () => {
    const other = approvedBy('ben', 'cleo');
    expect(
      await codes({
        ...other,
        approvals: other.approvals.map((approval) => ({ ...approval, digest: digestOf('another plan') })),
      }),
    ).toEqual(['approvals-missing']);
  });

  it('refuses when a ref it rests on has moved, and names both commits', async () => {
    const git = memoryGit();
    const moved = fakeId('moved');
    git.setRef('/remotes/core', 'refs/heads/main', moved);
    const plan = planOf([cutStep('core')], {
      assumes: [{ repo: RepoKey.parse('core'), remote: '/remotes/core', ref: branchRef('main'), at: BASE }],
    });
    const [problem] = await admit(recordWith({ plan }), portsOf(git), { ...admission, confirmation: null });
    expect(problem === undefined ? '' : explain(problem)).toMatch(
      new RegExp(`main of core was at ${BASE}.*is at ${moved} now`),
    );
    // Begun plans go on: their own steps still check what they touch.
    expect(
      await admit(recordWith({ plan, intended: ['push-refs:core:release/2.8'] }), portsOf(git), {
        ...admission,
        confirmation: null,
      }),
    ).toEqual([]);
  });
});
