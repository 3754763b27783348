import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../../../domain/git-names.ts';
import type { Job } from '../../../domain/jobs.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { CandidateVersion } from '../../../domain/version.ts';
import { memoryGit, memoryReadForge } from '../../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../../testing/small-train.ts';
import { decideHealth, readHealth, type FinalCommits } from './index.ts';

const [HEAD, TAGGED] = [commitId('a'), commitId('b')];
const train = smallTrain({ core: { branchGreen: { jobs: ['pull / *', 'trunk / *'], ignore: ['*unstable*'] } } });
const job = (name: string, state: Job['state'], attempts = 1): Job => {
  return { name, state, attempts, startedAt: NOW, finishedAt: NOW, link: null };
};
const GREEN = [job('pull / linux', 'green'), job('trunk / mac', 'green'), job('pull / unstable', 'red')];

interface World {
  readonly jobs?: (commit: ObjectId) => readonly Job[];
  readonly head?: ObjectId | null;
  readonly final?: FinalCommits;
}

async function gateOf({ jobs = () => GREEN, head = HEAD, final }: World = {}) {
  const git = memoryGit({ refs: { core: head === null ? {} : { 'refs/heads/release/2.8': head } } });
  const forge = memoryReadForge({ onCommit: async (_slug, commit) => jobs(commit) });
  const facts = await readHealth({ train, release: RELEASE, git, forge, now: NOW, final: final ?? null });
  const [gate, ...more] = decideHealth(facts, { train, waivers: [], now: NOW });
  if (gate === undefined || more.length > 0) throw new Error('not one gate');
  return gate;
}

const greenOnTag = (commit: ObjectId): readonly Job[] => (commit === TAGGED ? GREEN : [job('pull / linux', 'red')]);
const refuses = (): never => {
  throw worldFailure('not-allowed', '403');
};

const final = { candidate: CandidateVersion.parse('2.8.0-rc2'), commits: new Map([[RepoKey.parse('core'), TAGGED]]) };

describe('health-green', () => {
  it('is there only where the train names jobs, and passes by the head of the release branch', async () => {
    expect(await gateOf()).toMatchObject({
      id: 'health-green:core',
      verdict: 'pass',
      summary: '2 of 2 jobs green on release/2.8 at aaaaaaaaa',
    });
  });

  it.each([
    ['red', 'failing'],
    ['skipped', 'failing'],
    ['running', 'running'],
    ['needs-action', 'needs-you'],
  ] as const)('with a job that is %s is %s', async (state, verdict) => {
    expect((await gateOf({ jobs: () => [...GREEN, job('pull / mac', state)] })).verdict).toBe(verdict);
  });

  it('fails where a named job did not run at all, and counts what was green only when run again', async () => {
    expect(await gateOf({ jobs: () => GREEN.slice(0, 1) })).toMatchObject({
      verdict: 'failing',
      summary: '1 of 1 jobs green on release/2.8 at aaaaaaaaa; no job matches trunk / *',
    });
    const flaky = await gateOf({ jobs: () => [...GREEN, job('pull / mac', 'green', 3)] });
    expect(flaky.summary).toBe('3 of 3 jobs green on release/2.8 at aaaaaaaaa; 1 flaky');
  });

  it('after the mark judges the commit of the final candidate, whatever landed on the branch since', async () => {
    const gate = await gateOf({ jobs: greenOnTag, final });
    expect(gate).toMatchObject({
      verdict: 'pass',
      summary: '2 of 2 jobs green on release/2.8, final 2.8.0-rc2, at bbbbbbbbb',
    });
    expect(gate.evidence.at(-1)?.text).toBe('release/2.8 is at aaaaaaaaa by now, which is not judged');
    const turned = await gateOf({
      jobs: (commit) => (commit === TAGGED ? [job('pull / linux', 'red')] : GREEN),
      final,
    });
    expect(turned.verdict).toBe('failing');
  });

  it('knows nothing where CI answers 403, and waits for a branch that is not cut', async () => {
    expect(await gateOf({ jobs: refuses })).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: 403',
    });
    expect(await gateOf({ head: null })).toMatchObject({ verdict: 'queued', summary: 'core has no release/2.8 yet' });
  });
});
