import { describe, expect, it } from 'vitest';
import { CellKey } from '../domain/artifact.ts';
import { digestOf, type Digest } from '../domain/canonical-json.ts';
import { addSeconds, Instant } from '../domain/instant.ts';
import { LedgerEvent, type LedgerEntry } from '../domain/ledger-event.ts';
import { sealManifest } from '../domain/manifest.ts';
import { sealPlan, type PlanBody } from '../domain/plan/plan.ts';
import { Step } from '../domain/plan/step.ts';
import { RepoKey } from '../domain/repo.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ChannelName } from '../domain/train/channels.ts';
import { Train } from '../domain/train/train.ts';
import { CandidateVersion, ReleaseVersion } from '../domain/version.ts';
import type { ArtifactFiles, FileRef } from '../ports/artifact-files.ts';
import { BASE, cutStep, NOW, planOf, smallTrain, tagStep, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryGit } from '../testing/memory-git.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { memoryPackages } from '../testing/memory-packages.ts';
import { admit, type Admission } from './admit.ts';
import { foldPlans } from './fold.ts';
import { explain, type EngineProblem } from './problem.ts';

const release = ReleaseVersion.parse('2.8.0');
const candidate = CandidateVersion.parse('2.8.0-rc1');
const repo = RepoKey.parse('core');
const bytes = digestOf('the planned bytes');
const others = digestOf('other bytes');

const recorded = sealManifest({
  train: 'small',
  release,
  candidate,
  channel: ChannelName.parse('test'),
  repos: [{ repo, candidate, commit: BASE }],
  files: [
    {
      cell: CellKey.parse('core/wheel/any/cpu/3.13'),
      repo,
      key: StoreKey.parse('whl/core.whl'),
      size: 9,
      digest: bytes,
      run: null,
      requires: null,
    },
  ],
});

const upload = Step.parse({
  kind: 'upload-file',
  key: 'upload-file:core:core.whl',
  wave: 0,
  reversible: 'never',
  undo: 'none: yank the version',
  repo,
  from: { channel: 'staging', place: 0, key: 'whl/core.whl' },
  to: { channel: 'pypi', place: 0 },
  project: 'core',
  version: '2.8.0',
  file: 'core.whl',
  size: 9,
  digest: bytes,
});

const copy = (before: Digest | null = null, wave = 0): Step =>
  Step.parse({
    kind: 'copy-file',
    key: 'copy-file:core:core.whl',
    wave,
    reversible: 'yes',
    undo: 'remove it',
    repo,
    from: { channel: 'test', place: 0, key: 'whl/core.whl' },
    to: { channel: 'staging', place: 0, key: 'whl/core.whl' },
    size: 9,
    digest: bytes,
    before,
  });

const PHRASE = 'small 2.8.0';
const publish = (purpose: PlanBody['purpose'], steps: readonly Step[], more: Partial<PlanBody> = {}) =>
  planOf(steps, { purpose, phrase: PHRASE, manifest: recorded.digest, approvals: 2, ...more });

const nameOf = ({ channel, key }: FileRef): string => `${channel}/${key}`;
const never = (): Promise<never> => Promise.reject(new Error('an admission changes nothing'));

/** Files by `channel/key`; those of `undigested` have no digest recorded with them. Only looks are answered. */
function filesOf(there: Readonly<Record<string, Digest>>, undigested: readonly string[] = []) {
  const asked: string[] = [];
  const files: ArtifactFiles = {
    look: async (at) => {
      asked.push(`look ${nameOf(at)}`);
      const digest = there[nameOf(at)];
      return digest === undefined ? null : { size: 9, digest: undigested.includes(nameOf(at)) ? null : digest };
    },
    read: async (at) => {
      asked.push(`read ${nameOf(at)}`);
      return there[nameOf(at)] ?? null;
    },
    // A listing tells that nothing lies there; what lies there is left to a look.
    list: async ({ channel }, keys) => {
      asked.push(`list ${channel}`);
      return new Map(keys.filter((key) => there[`${channel}/${key}`] === undefined).map((key) => [key, null]));
    },
    source: never,
    copy: never,
    reversion: never,
    recordDigest: never,
    remove: never,
    readBack: never,
  };
  return { files, asked };
}

const noBytes = (): Promise<never> => Promise.reject(new Error('an admission uploads nothing'));

interface Given {
  readonly plan: ReturnType<typeof planOf>;
  readonly events?: readonly Record<string, unknown>[];
  readonly there?: Readonly<Record<string, Digest>>;
  readonly undigested?: readonly string[];
  readonly packages?: ReturnType<typeof memoryPackages>;
  readonly more?: Partial<Admission>;
  readonly train?: Record<string, unknown>;
  readonly begun?: boolean;
}

const AS_PLANNED = { 'test/whl/core.whl': bytes, 'staging/whl/core.whl': bytes };
const manifestRecorded = {
  type: 'manifest-recorded',
  release,
  candidate,
  ...recorded,
  proof: 'read',
  reason: '',
};
const markedFinal = { type: 'candidate-final', release, candidate, manifest: recorded.digest, reason: '' };
const ready = [manifestRecorded, markedFinal];
const approval = (plan: Given['plan'], by: string, at: Instant = NOW) => ({
  actor: by,
  at,
  event: { type: 'plan-approved', release, plan: plan.id, digest: plan.digest, role: 'release-manager' },
});

/** The problems of a plan that ben and cleo approved when it was made, an hour ago. */
async function problemsOf(given: Given): Promise<readonly EngineProblem[]> {
  const { plan, events = ready, there = AS_PLANNED, undigested = [], begun = false } = given;
  const ledger = memoryLedger();
  const made = { type: 'plan-made', release: plan.body.release, plan, goodUntil: addSeconds(NOW, 100 * 3600) };
  const intended = { type: 'step-intended', release, plan: plan.id, step: plan.body.steps[0]?.key };
  const entries: readonly LedgerEntry[] = await ledger.append('small', [
    { at: NOW, actor: 'ana', event: LedgerEvent.parse(made) },
    ...['ben', 'cleo'].map((by) => {
      const { actor, at, event } = approval(plan, by);
      return { actor, at, event: LedgerEvent.parse(event) };
    }),
    ...[...(begun ? [intended] : []), ...events].map((event) => ({
      at: addSeconds(NOW, 60),
      actor: 'dora',
      event: LedgerEvent.parse(event),
    })),
  ]);
  const record = foldPlans(entries).get(plan.id);
  if (record === undefined) throw new Error('the plan was not written');
  const ports = {
    git: memoryGit(),
    files: filesOf(there, undigested).files,
    packages: given.packages ?? memoryPackages(noBytes),
  };
  const train = given.train === undefined ? smallTrain : Train.parse({ ...smallTrain, promotion: given.train });
  return admit(record, ports, { ...admission, train, entries, ...given.more });
}

const admission: Admission = {
  train: smallTrain,
  trainDigest: TRAIN_DIGEST,
  now: addSeconds(NOW, 3600),
  entries: [],
  confirmation: PHRASE,
  closedGates: [],
};
const codesOf = async (given: Given): Promise<readonly string[]> => (await problemsOf(given)).map(({ code }) => code);
const textOf = async (given: Given): Promise<string> => (await problemsOf(given)).map(explain).join('\n');

const pypi = publish('pypi', [upload]);
const stable = publish('stable', [copy()]);

it('lets a promotion in that everything agrees with', async () => {
  expect(await codesOf({ plan: pypi })).toEqual([]);
  expect(await codesOf({ plan: stable })).toEqual([]);
});

const hours = (count: number): Partial<Admission> => ({ now: addSeconds(NOW, count * 3600) });

describe('approvals', () => {
  it.each([
    ['count for as long as the train says', 23.9, undefined, []],
    ['count no more after it', 24, undefined, ['approvals-missing']],
    ['count for longer where the train says so', 47, { approvalHours: 48 }, []],
    ['count for less where the train says so', 2, { approvalHours: 2 }, ['approvals-missing']],
  ])('%s', async (_case, after, train, expected) => {
    expect(await codesOf({ plan: stable, more: hours(after), ...(train === undefined ? {} : { train }) })).toEqual(
      expected,
    );
  });

  it('that have expired are named, and are needed again to go on with a plan that was begun', async () => {
    const given = { plan: pypi, begun: true, more: hours(25) };
    expect(await textOf(given)).toBe(
      `Plan ${pypi.id} cannot be taken back, so 2 people other than its author must approve it; it has none, and what ben, cleo gave has expired. Ask them for: signalbox plan approve ${pypi.id}`,
    );
  });

  it('are needed in the number that the plan names, also where it can be taken back, and the text does not say otherwise', async () => {
    const three = publish('stable', [copy()], { approvals: 3 });
    expect(await codesOf({ plan: three })).toEqual(['approvals-missing']);
    expect(await textOf({ plan: three })).toContain(
      'is to be agreed on: 3 people other than its author must approve it',
    );
    expect(await textOf({ plan: three })).not.toContain('cannot be taken back');
  });

  it('of one person count once', async () => {
    const again = approval(stable, 'ben');
    const ledger = memoryLedger();
    const entries = await ledger.append('small', [
      {
        at: NOW,
        actor: 'ana',
        event: LedgerEvent.parse({ type: 'plan-made', release, plan: stable, goodUntil: addSeconds(NOW, 7200) }),
      },
      ...[again, again, again].map(({ actor, at, event }) => ({ actor, at, event: LedgerEvent.parse(event) })),
    ]);
    expect(foldPlans(entries).get(stable.id)?.approvals).toHaveLength(1);
  });
});

describe('windows', () => {
  const train = { windows: [{ days: ['mon'], from: '15:00', to: '18:00' }] };

  it('refuse what publishes outside of them, and say when the next one opens', async () => {
    expect(await textOf({ plan: pypi, train })).toBe(
      `Plan ${pypi.id} publishes (pypi), and the train file does not let that begin now. The next window opens at 2025-06-30 15:00 UTC; then: signalbox apply ${pypi.id}`,
    );
    expect(await codesOf({ plan: stable, train })).toEqual(['outside-window']);
    const monday = { approvalHours: 240, ...train };
    const more = { now: Instant.parse('2025-06-30T15:00:00Z') };
    const long = { plan: stable, train: monday, more };
    // The plan itself is good for a hundred hours only.
    expect(await codesOf(long)).toEqual(['plan-expired']);
  });

  it('hold neither what publishes nothing nor what was begun', async () => {
    expect(await codesOf({ plan: publish('stage', [copy()]), train })).toEqual([]);
    expect(await codesOf({ plan: pypi, train, begun: true })).toEqual([]);
  });

  it('let in what begins inside of them', async () => {
    const today = { windows: [{ days: ['tue'], from: '14:30', to: '15:30' }] };
    expect(await codesOf({ plan: pypi, train: today })).toEqual([]);
  });
});

describe('decisions since the plan was made', () => {
  const frozen = { type: 'train-frozen', reason: 'the key leaked' };
  const abandonedRelease = { type: 'release-abandoned', release, reason: 'skipped' };
  const abandonedCandidate = { type: 'candidate-abandoned', release, candidate, reason: 'wrong keys' };

  it('refuse everything on a frozen train, begun or not, with who, since when and why', async () => {
    const text = await textOf({ plan: pypi, events: [...ready, frozen] });
    expect(text).toBe(
      `The train was frozen by @dora at 2025-06-24 14:01 UTC ("the key leaked"): plan ${pypi.id} is not carried out before it is thawed. A release manager does that with: signalbox release thaw`,
    );
    expect(await codesOf({ plan: pypi, begun: true, events: [...ready, frozen] })).toEqual(['train-frozen']);
    expect(await codesOf({ plan: planOf([cutStep('core')]), events: [frozen] })).toEqual(['train-frozen']);
    expect(await codesOf({ plan: pypi, events: [...ready, frozen, { type: 'train-thawed', reason: 'no' }] })).toEqual(
      [],
    );
  });

  it.each([
    ['its release', abandonedRelease, '2.8.0'],
    ['its candidate', abandonedCandidate, '2.8.0-rc1'],
  ])('refuse a plan for ever when %s was abandoned', async (_case, event, what) => {
    const given = { plan: pypi, events: [...ready, event] };
    expect(await codesOf(given)).toEqual(['abandoned']);
    expect(await codesOf({ ...given, begun: true })).toEqual(['abandoned']);
    expect(await textOf(given)).toMatch(new RegExp(`^${what} was abandoned by @dora at 2025-06-24 14:01 UTC`, 'u'));
  });

  it('refuse to tag a candidate that was abandoned', async () => {
    const plan = planOf([tagStep('core', 0)], { phrase: PHRASE });
    expect(await codesOf({ plan, events: [abandonedCandidate] })).toEqual(['abandoned']);
    const other = { ...abandonedCandidate, candidate: '2.8.0-rc2' };
    expect(await codesOf({ plan, events: [other] })).toEqual([]);
  });

  it.each(['undo', 'restore', 'yank'] as const)('let %s take back all the same', async (purpose) => {
    const plan = publish(purpose, [copy()]);
    expect(await codesOf({ plan, events: [...ready, frozen, abandonedRelease] })).toEqual([]);
  });

  it.each([
    ['no candidate is final', [manifestRecorded], 'no candidate of 2.8.0 is marked as final'],
    [
      'the mark was withdrawn',
      [...ready, { type: 'candidate-final-withdrawn', release, candidate, reason: 'a bug' }],
      'no candidate of 2.8.0 is marked as final',
    ],
    [
      'the final candidate has other files',
      [manifestRecorded, { ...markedFinal, manifest: others }],
      '2.8.0-rc1 is, with other files',
    ],
  ])('refuse to publish when %s', async (_case, events, text) => {
    expect(await codesOf({ plan: stable, events })).toEqual(['final-changed']);
    expect(await textOf({ plan: pypi, events })).toContain(text);
    expect(await codesOf({ plan: publish('stage', [copy()]), events })).toEqual([]);
  });
});

describe('files that are not as planned', () => {
  const overwriting = publish('stable', [copy(digestOf('before'))]);
  const taken = { ...AS_PLANNED, 'staging/whl/core.whl': others };

  it.each([
    [stable, { 'test/whl/core.whl': others }, `source test/whl/core.whl was ${bytes} and is ${others}`],
    [stable, {}, `source test/whl/core.whl was ${bytes} and is gone`],
    [stable, taken, `destination staging/whl/core.whl was to be free and is ${others}`],
    [overwriting, taken, `destination staging/whl/core.whl was ${digestOf('before')} and is ${others}`],
    [pypi, { 'staging/whl/core.whl': others }, `source staging/whl/core.whl was ${bytes} and is ${others}`],
  ])('refuse it, are named with both digests, and with who has to approve again (%#)', async (plan, there, named) => {
    expect(await codesOf({ plan, there })).toEqual(['files-changed']);
    expect(await textOf({ plan, there })).toBe(
      `1 file is not as when plan ${plan.id} was made: ${named}. Find out who changed it, then plan again. The new plan needs 2 approvals of its own, again of @ben, @cleo.`,
    );
  });

  it.each([
    ['what lies at the destination is what was planned', { ...AS_PLANNED }, null],
    ['the destination is free', { 'test/whl/core.whl': bytes }, null],
    ['the destination is what is to be written over', { ...AS_PLANNED, 'staging/whl/core.whl': others }, others],
    ['what was to be written over is gone', { 'test/whl/core.whl': bytes }, others],
  ])('are none when %s', async (_case, there, before) => {
    expect(await codesOf({ plan: publish('stable', [copy(before)]), there })).toEqual([]);
  });

  it('are told by the bytes where no digest was recorded with them', async () => {
    const undigested = ['test/whl/core.whl'];
    expect(await codesOf({ plan: stable, undigested })).toEqual([]);
    expect(await codesOf({ plan: stable, undigested, there: { 'test/whl/core.whl': others } })).toEqual([
      'files-changed',
    ]);
  });

  it('are not held against a source that an earlier step of the plan makes', async () => {
    const both = publish('pypi', [copy(), { ...upload, wave: 1 }]);
    expect(await codesOf({ plan: both, there: { 'test/whl/core.whl': bytes } })).toEqual([]);
    const beside = publish('pypi', [copy(), upload]);
    expect(await codesOf({ plan: beside, there: { 'test/whl/core.whl': bytes } })).toEqual(['files-changed']);
  });

  it('are found on the package index: another file of that name, and one whose digest it does not tell', async () => {
    const version = { project: 'core', version: '2.8.0' };
    const to = { channel: 'pypi', place: 0 };
    const packages = memoryPackages(noBytes);
    packages.plant(to, version, { name: 'core.whl', bytes: 'what somebody else built' });
    expect(await textOf({ plan: pypi, packages })).toContain('destination pypi/core.whl was to be free and is sha256:');
    const silent = {
      ...packages,
      look: async () => [{ name: 'core.whl', size: 9, digest: null, uploadedAt: null, yanked: null, listed: true }],
    };
    expect(await textOf({ plan: pypi, packages: silent })).toContain('was to be free and is unknown');
    const same = {
      ...silent,
      look: async () => [{ name: 'core.whl', size: 9, digest: bytes, uploadedAt: null, yanked: null, listed: true }],
    };
    expect(await codesOf({ plan: pypi, packages: same })).toEqual([]);
  });

  it('are looked at only when nothing else is in the way, and not at all for a plan that was begun', async () => {
    const refused: readonly Partial<Given>[] = [
      { more: { confirmation: null } },
      { more: { confirmation: 'small 2.8' } },
      { more: { closedGates: ['staged-valid'] } },
      { train: { windows: [{ days: ['mon'], from: '15:00', to: '18:00' }] } },
      { train: { approvalHours: 1 } },
      { events: [manifestRecorded] },
      { begun: true },
    ];
    for (const given of refused) {
      const packages = memoryPackages(noBytes);
      const codes = await codesOf({ plan: pypi, packages, there: {}, ...given });
      expect(codes).not.toContain('files-changed');
      expect(packages.calls()).toBe(0);
    }
  });

  it('are told five at a time, and counted', async () => {
    const steps = Array.from({ length: 7 }, (_, index) => {
      const key = StoreKey.parse(`whl/${index}.whl`);
      return Step.parse({ ...copy(), key: `copy-file:core:${index}`, from: { channel: 'test', place: 0, key } });
    });
    const text = await textOf({ plan: publish('stable', steps), there: {} });
    expect(text).toContain('7 files are not as when plan');
    expect(text).toContain('test/whl/4.whl');
    expect(text).not.toContain('test/whl/5.whl');
    expect(text).toContain('; and 2 more.');
  });

  it('need the ports that know them: a train without stores does not let them through unseen', async () => {
    const record = foldPlans(
      await memoryLedger().append('small', [
        {
          at: NOW,
          actor: 'ana',
          event: LedgerEvent.parse({ type: 'plan-made', release, plan: stage, goodUntil: addSeconds(NOW, 7200) }),
        },
      ]),
    ).get(stage.id);
    if (record === undefined) throw new Error('the plan was not written');
    const none = { git: memoryGit(), files: null, packages: null };
    await expect(admit(record, none, admission)).rejects.toThrow("the train's channels name none");
  });
});

const stage = sealPlan({ ...publish('stage', [copy()]).body, approvals: undefined, phrase: null });
