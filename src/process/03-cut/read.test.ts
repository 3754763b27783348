import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { GateId, type Waiver } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/jobs.ts';
import { LedgerEntry } from '../../domain/ledger-event.ts';
import { known, unknown } from '../../domain/observation.ts';
import { RepoKey } from '../../domain/repo.ts';
import { CandidateVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import { memoryGit, memoryReadForge, type GitWorld } from '../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../testing/small-train.ts';
import {
  decideCoreStaged,
  readCoreStaged,
  stagedCandidate,
  type StagedChannel,
  type StagedFiles,
} from './core-staged.ts';
import { decideCut } from './decide.ts';
import { readCut, type CutFacts, type CutPorts } from './read.ts';
import { recordedBases } from './recorded.ts';

const [BASE, NEXT, PICK, STRANGE] = [commitId('a'), commitId('b'), commitId('c'), commitId('d')];
const train = smallTrain();
const quietForge: Forge = memoryReadForge({
  milestone: async () => null,
  label: async () => null,
  findByMarker: async () => [],
});

function read(world: GitWorld, change: Partial<CutPorts> = {}): Promise<CutFacts> {
  const recorded = new Map();
  return readCut({
    train,
    release: RELEASE,
    git: memoryGit(world),
    forge: quietForge,
    now: NOW,
    recordedBases: recorded,
    ...change,
  });
}

const sources = {
  core: { 'refs/heads/viable/strict': BASE },
  infra: { 'refs/heads/main': BASE },
  vision: { 'refs/heads/main': BASE },
  audio: { 'refs/heads/main': BASE },
};

const no = async (): Promise<never> => Promise.reject(worldFailure('not-allowed', '403'));

describe('reading for a cut', () => {
  it('CUT-06: asks the remotes once each and writes nowhere: no fetch, no ref, no file', async () => {
    const calls: string[] = [];
    const facts = await read({ refs: sources, calls });
    expect(calls.toSorted()).toEqual(
      ['core', 'infra', 'vision', 'audio'].map((repo) => `remoteRefs ${repo}`).toSorted(),
    );
    expect(facts.repos.map(({ refs }) => refs.known && refs.value.source)).toEqual([BASE, BASE, BASE, BASE]);
  });

  it('fetches to see whether the branch that has moved on still contains its cut point', async () => {
    const refs = {
      ...sources,
      core: { ...sources.core, 'refs/heads/release/2.8': PICK, 'refs/heads/orig/release/2.8': BASE },
    };
    const facts = await read({ refs, parents: { [PICK]: BASE } });
    expect(facts.repos[0]?.refs).toMatchObject({
      known: true,
      value: { branch: PICK, cutPoint: BASE, inBranch: [BASE] },
    });
  });

  it('finds an explicit commit of the source, and does not find one that is nowhere', async () => {
    const refs = { ...sources, infra: { 'refs/heads/main': NEXT } };
    const from = async (commit: typeof BASE): Promise<unknown> => {
      const facts = await read({ refs, parents: { [NEXT]: BASE } }, { from: { repo: 'infra', commit } });
      const infra = facts.repos[1]?.refs;
      return infra?.known === true && infra.value.fromExists;
    };
    expect(await from(BASE)).toBe(true);
    expect(await from(STRANGE)).toBe(false);
  });

  it('reads a recorded base that is in nothing as not contained, not as a failure', async () => {
    const refs = { ...sources, core: { ...sources.core, 'refs/heads/release/2.8': PICK } };
    const facts = await read({ refs }, { recordedBases: new Map([[RepoKey.parse('core'), STRANGE]]) });
    expect(facts.repos[0]?.refs).toMatchObject({ known: true, value: { inBranch: [] } });
  });

  it('sees what git could not have the branch beside', async () => {
    const refs = {
      ...sources,
      core: { ...sources.core, 'refs/heads/release/2.8/hotfix': PICK, 'refs/heads/orig': PICK },
    };
    const facts = await read({ refs });
    expect(facts.repos[0]?.refs).toMatchObject({
      value: { inTheWay: ['refs/heads/release/2.8/hotfix', 'refs/heads/orig'] },
    });
    expect(facts.repos[1]?.refs).toMatchObject({ value: { inTheWay: [] } });
  });

  it('a remote that is gone makes its facts unknown with the reason, and the plan refused', async () => {
    const facts = await read({ fail: worldFailure('gone', 'repository not found') });
    const result = decideCut(facts, { train, trainDigest: digestOf('t'), author: 'rita' }, []);
    expect(!result.ok && result.problems[0]).toMatchObject({ code: 'cannot-read', reason: 'repository not found' });
  });

  it('a forge that refuses makes milestone, label and tracker unknown: never absent', async () => {
    const facts = await read(
      { refs: sources },
      { forge: memoryReadForge({ milestone: no, label: no, findByMarker: no }) },
    );
    expect(facts.aftercare).toMatchObject({ known: false, reason: '403' });
  });
});

const gateWith = async (
  refs: Record<string, typeof BASE>,
  jobs: (commit: string) => readonly Job[],
  change: {
    train?: typeof train;
    forge?: Forge | null;
    waivers?: readonly Waiver[];
    fail?: Error;
    channel?: StagedChannel;
  } = {},
) => {
  const forge =
    change.forge === undefined ? memoryReadForge({ onCommit: async (_slug, commit) => jobs(commit) }) : change.forge;
  const git = memoryGit({ refs: { core: refs }, ...(change.fail === undefined ? {} : { fail: change.fail }) });
  const { channel = null } = change;
  const facts = await readCoreStaged({
    train: change.train ?? train,
    release: RELEASE,
    git,
    forge,
    channel: async () => channel,
    now: NOW,
  });
  return {
    gate: decideCoreStaged(facts, change.train ?? train, change.waivers ?? [], NOW),
    against: stagedCandidate(facts),
  };
};

const job = (name: string, state: Job['state']): Job => ({
  name,
  state,
  attempts: 1,
  startedAt: NOW,
  finishedAt: NOW,
  link: null,
});

const [rc1, rc2] = [CandidateVersion.parse('2.8.0-rc1'), CandidateVersion.parse('2.8.0-rc2')];
const all = { of: 7, here: 7, lacks: [], unread: null, doubt: null };
const some = { of: 7, here: 5, lacks: ['missing: a', 'stale: b'], unread: null, doubt: null };
const channelWith = (...files: readonly StagedFiles[]): StagedChannel => ({
  name: 'test',
  files: known(files, NOW, 'channel test'),
});
const green = (): readonly Job[] => [job('upload / x', 'green')];

describe('core-rc-staged', () => {
  const tags = { 'refs/tags/v2.8.0-rc1': NEXT, 'refs/tags/v2.8.0-rc2': PICK, 'refs/tags/v2.8.0-rc03': STRANGE };

  it('fails without a candidate of core at the remote', async () => {
    expect((await gateWith({}, () => [])).gate).toMatchObject({ verdict: 'failing', fix: 'signalbox rc cut 2.8.0' });
  });

  it('does not take a tag that is no candidate for one', async () => {
    expect(
      (await gateWith({ 'refs/tags/v2.8.0-rc03': STRANGE }, () => [job('upload / x', 'green')])).gate.verdict,
    ).toBe('failing');
  });

  it.each<[Job['state'], string]>([
    ['green', 'pass'],
    ['red', 'failing'],
    ['running', 'running'],
    ['queued', 'queued'],
    ['skipped', 'failing'],
  ])('with its upload job %s is %s', async (state, verdict) => {
    expect((await gateWith({ 'refs/tags/v2.8.0-rc1': NEXT }, () => [job('upload / x', state)])).gate.verdict).toBe(
      verdict,
    );
  });

  it('stays open for rc1 while rc2 is still being built, and names rc1 as what to build against', async () => {
    const found = await gateWith(tags, (commit) => [job('upload / x', commit === NEXT ? 'green' : 'running')]);
    expect(found).toMatchObject({ gate: { verdict: 'pass' }, against: '2.8.0-rc1' });
  });

  it('reads the commit of an annotated tag, not the tag object', async () => {
    const asked: string[] = [];
    const forge = memoryReadForge({
      onCommit: async (_slug, commit) => {
        asked.push(commit);
        return [];
      },
    });
    const git = memoryGit({
      refs: { core: { 'refs/tags/v2.8.0-rc1': STRANGE } },
      peeled: { 'refs/tags/v2.8.0-rc1': NEXT },
    });
    await readCoreStaged({ train, release: RELEASE, git, forge, channel: async () => null, now: NOW });
    expect(asked).toEqual([NEXT]);
  });

  it('has no data without a forge, and when core cannot be read', async () => {
    expect((await gateWith(tags, () => [], { forge: null })).gate.verdict).toBe('no-data');
    expect((await gateWith(tags, () => [], { fail: worldFailure('timeout', 'late') })).gate.verdict).toBe('no-data');
  });

  it('goes by the tag alone where the train names no jobs', async () => {
    const plain = smallTrain({ core: { staged: undefined } });
    expect(await gateWith(tags, () => [], { train: plain })).toMatchObject({
      gate: { verdict: 'pass' },
      against: '2.8.0-rc2',
    });
  });

  describe('by what lies in the channel', () => {
    it('opens when every file is there, whatever the jobs say', async () => {
      const found = await gateWith(tags, () => [job('upload / x', 'red')], {
        channel: channelWith({ candidate: rc2, ...all }),
      });
      expect(found).toMatchObject({
        gate: { verdict: 'pass', summary: 'core v2.8.0-rc2 at ccccccccc is staged (7 of 7 files in test)' },
        against: rc2,
      });
    });

    it('is failing for green jobs whose files are not there, and running while they run', async () => {
      const half = { channel: channelWith({ candidate: rc2, ...some }) };
      expect((await gateWith(tags, green, half)).gate).toMatchObject({
        verdict: 'failing',
        summary: 'core v2.8.0-rc2 is not staged: 5 of 7 files in test; missing: a, and 1 more',
      });
      expect((await gateWith(tags, () => [job('upload / x', 'running')], half)).gate.verdict).toBe('running');
    });

    it('stays open for the candidate before, as long as it is the one that lies there', async () => {
      const both = channelWith({ candidate: rc2, ...some }, { candidate: rc1, ...all });
      expect(await gateWith(tags, green, { channel: both })).toMatchObject({ gate: { verdict: 'pass' }, against: rc1 });
      const mixed = channelWith({ candidate: rc2, ...some }, { candidate: rc1, ...some });
      expect(await gateWith(tags, green, { channel: mixed })).toMatchObject({
        gate: { verdict: 'failing' },
        against: null,
      });
    });

    it('believes files that may be those of the candidate before only with green jobs', async () => {
      const doubtful = { channel: channelWith({ candidate: rc2, ...all, doubt: 'they may be those of v2.8.0-rc1' }) };
      expect((await gateWith(tags, green, doubtful)).gate.verdict).toBe('pass');
      expect((await gateWith(tags, () => [job('upload / x', 'running')], doubtful)).gate).toMatchObject({
        verdict: 'running',
        summary: 'core v2.8.0-rc2 is not staged: 7 of 7 files in test; they may be those of v2.8.0-rc1',
      });
      expect(await gateWith(tags, () => [], doubtful)).toMatchObject({
        gate: { verdict: 'no-data', summary: 'whether core v2.8.0-rc2 is staged: they may be those of v2.8.0-rc1' },
        against: null,
      });
    });

    it('has no data where the channel or a part of it cannot be read, and where nothing is looked for', async () => {
      const closed: StagedChannel = { name: 'test', files: unknown('403', NOW, 'channel test') };
      expect((await gateWith(tags, green, { channel: closed })).gate).toMatchObject({
        verdict: 'no-data',
        summary: 'whether core v2.8.0-rc2 is staged: 403',
      });
      const part = channelWith({ candidate: rc2, of: 7, here: 5, lacks: [], unread: '403', doubt: null });
      expect((await gateWith(tags, green, { channel: part })).gate.verdict).toBe('no-data');
      const none = channelWith({ candidate: rc2, of: 0, here: 0, lacks: [], unread: 'no expected file', doubt: null });
      expect(await gateWith(tags, green, { channel: none })).toMatchObject({
        gate: { verdict: 'no-data' },
        against: null,
      });
      expect((await gateWith(tags, green, { channel: channelWith() })).gate.verdict).toBe('no-data');
    });
  });

  it('can be waived by a person', async () => {
    const waiver: Waiver = {
      gate: GateId.parse('core-rc-staged'),
      by: 'rita',
      reason: 'by hand',
      until: Instant.parse('2026-07-01T00:00:00Z'),
    };
    expect((await gateWith({}, () => [], { waivers: [waiver] })).gate.verdict).toBe('waived');
  });
});

async function entriesOf(
  ...bases: readonly (readonly [typeof BASE, 'intended' | 'received'])[]
): Promise<readonly LedgerEntry[]> {
  const made = await Promise.all(
    bases.map(async ([base, how]) => {
      const facts = await read({ refs: { ...sources, infra: { 'refs/heads/main': base } } });
      const answer = decideCut(facts, { train, trainDigest: digestOf('t'), author: 'rita', repos: ['infra'] }, []);
      if (!answer.ok || answer.value.kind !== 'plan') throw new Error('no plan');
      const { plan } = answer.value;
      const step = { release: RELEASE, plan: plan.id, step: plan.body.steps[0]?.key ?? '' };
      const last =
        how === 'intended'
          ? { type: 'step-intended' as const, ...step }
          : { type: 'step-receipt' as const, ...step, outcome: 'done' as const, handle: {} };
      return [{ type: 'plan-made' as const, release: RELEASE, plan, goodUntil: NOW }, last];
    }),
  );
  return made.flat().map((event, index) =>
    LedgerEntry.parse({
      train: 'acme',
      seq: index + 1,
      at: NOW,
      actor: 'rita',
      event,
      prev: null,
      hash: digestOf(index),
    }),
  );
}

describe('the recorded base of an interrupted cut', () => {
  it('is what the last plan meant to push', async () => {
    expect([...recordedBases(await entriesOf([BASE, 'intended'], [NEXT, 'intended']), RELEASE)]).toEqual([
      ['infra', NEXT],
    ]);
  });

  it('is what was really pushed, where a receipt says so', async () => {
    expect([...recordedBases(await entriesOf([BASE, 'received'], [NEXT, 'intended']), RELEASE)]).toEqual([
      ['infra', BASE],
    ]);
  });

  it('is nothing when a plan was made and never begun', async () => {
    const [made] = await entriesOf([BASE, 'intended']);
    expect(recordedBases(made === undefined ? [] : [made], RELEASE).size).toBe(0);
  });
});
