import { describe, expect, it } from 'vitest';
import { GateId, type Gate, type Waiver } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/jobs.ts';
import { known, unknown } from '../../domain/observation.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { commitId, NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import { decideReadiness } from './decide.ts';
import type { HeadJobs, MilestoneFacts, ReadinessFacts } from './read.ts';

const train = smallTrain();
const at = (text: string): Instant => Instant.parse(text);

const job = (name: string, change: Partial<Job> = {}): Job => ({
  name,
  state: 'green',
  attempts: 1,
  startedAt: at('2026-06-08T01:00:00Z'),
  finishedAt: at('2026-06-08T02:00:00Z'),
  link: `https://forge.example/job/${name.replaceAll(' ', '')}`,
  ...change,
});

const item = (number: number, change: Partial<ForgeItem> = {}): ForgeItem => ({
  number,
  title: `Item ${number}`,
  body: '',
  isPullRequest: false,
  open: true,
  author: 'sam',
  assignees: [],
  labels: [],
  milestone: '2.8.0',
  openedAt: at('2026-05-01T00:00:00Z'),
  updatedAt: at('2026-05-01T00:00:00Z'),
  link: `https://forge.example/acme/core/issues/${number}`,
  ...change,
});

const milestone = (items: readonly ForgeItem[], change: Record<string, unknown> = {}): MilestoneFacts => ({
  milestone: {
    number: 3,
    title: '2.8.0',
    open: true,
    openItems: items.length,
    closedItems: 61,
    link: 'https://forge.example/acme/core/milestone/3',
    ...change,
  },
  openItems: items,
});

const GREEN = [job('build / linux'), job('build / mac'), job('test')];

const heads = (jobs: readonly Job[], commit: HeadJobs['commit'] = commitId('a')) =>
  known<HeadJobs>({ commit, jobs }, NOW, 'forge acme/core');

function factsWith(change: Partial<ReadinessFacts> & { nightlies?: readonly Job[] } = {}): ReadinessFacts {
  const { nightlies = GREEN, ...rest } = change;
  return {
    release: RELEASE,
    milestoneTitle: '2.8.0',
    milestone: known(milestone([]), NOW, 'forge acme/core'),
    repos: reposOf(train, RELEASE).map((repo) =>
      repo.key === 'core'
        ? { repo, nightlies: heads(nightlies), source: heads([job('test')]) }
        : { repo, nightlies: null, source: null },
    ),
    ...rest,
  };
}

function gate(facts: ReadinessFacts, id: string, waivers: readonly Waiver[] = []): Gate {
  const found = decideReadiness(facts, train, waivers, NOW).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no gate ${id}`);
  return found;
}

const CORE = 'nightlies-green:core';

describe('milestone-resolved', () => {
  it('passes when nothing is open, in an open and in a closed milestone', () => {
    expect(gate(factsWith(), 'milestone-resolved')).toMatchObject({ verdict: 'pass', fix: null });
    const closed = known(milestone([], { open: false }), NOW, 'forge acme/core');
    expect(gate(factsWith({ milestone: closed }), 'milestone-resolved').verdict).toBe('pass');
  });

  it('fails with every open item named, its assignees first among the owners, since the oldest was opened', () => {
    const open = [
      item(12, { assignees: ['lee'], openedAt: at('2026-04-02T00:00:00Z') }),
      item(15, { isPullRequest: true, openedAt: at('2026-03-01T00:00:00Z') }),
    ];
    const found = gate(factsWith({ milestone: known(milestone(open), NOW, 'x') }), 'milestone-resolved');
    expect(found).toMatchObject({
      verdict: 'failing',
      since: '2026-03-01T00:00:00Z',
      owners: ['lee', 'otto', 'rita'],
      summary: '2 open in milestone 2.8.0: #12, #15',
    });
    expect(found.evidence.map(({ text, link }) => [text, link])).toContainEqual([
      '#12 Item 12 (issue, @lee)',
      'https://forge.example/acme/core/issues/12',
    ]);
    expect(found.evidence.map(({ text }) => text)).toContain('#15 Item 15 (pull request, nobody assigned)');
  });

  it('fails without a milestone and says how to create it', () => {
    const found = gate(factsWith({ milestone: known(null, NOW, 'x') }), 'milestone-resolved');
    expect(found.verdict).toBe('failing');
    expect(found.fix).toContain("gh api repos/acme/core/milestones -f title='2.8.0'");
  });

  it('has no data when the forge counts open items but lists none', () => {
    const odd = known(milestone([], { openItems: 2 }), NOW, 'x');
    expect(gate(factsWith({ milestone: odd }), 'milestone-resolved').verdict).toBe('no-data');
  });

  it('has no data when the forge answered 403: never green', () => {
    const denied = unknown('403: the token may not read milestones', NOW, 'forge acme/core');
    expect(gate(factsWith({ milestone: denied }), 'milestone-resolved')).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: 403: the token may not read milestones',
    });
  });
});

describe('nightlies-green and branch-source-green', () => {
  it.each<[string, readonly Job[], Gate['verdict'], string | null]>([
    ['all jobs green', GREEN, 'pass', '2026-06-08T02:00:00Z'],
    ['one red job', [...GREEN, job('build / win', { state: 'red' })], 'failing', '2026-06-08T02:00:00Z'],
    ['a cancelled job', [...GREEN, job('build / win', { state: 'cancelled' })], 'failing', '2026-06-08T02:00:00Z'],
    ['a skipped job', [...GREEN, job('build / win', { state: 'skipped' })], 'failing', '2026-06-08T02:00:00Z'],
    [
      'a running job',
      [...GREEN, job('build / win', { state: 'running', finishedAt: null })],
      'running',
      '2026-06-08T01:00:00Z',
    ],
    ['a queued job', [...GREEN, job('build / win', { state: 'queued', finishedAt: null })], 'queued', null],
    [
      'a job that waits for approval',
      [...GREEN, job('build / win', { state: 'needs-action', finishedAt: null })],
      'needs-you',
      null,
    ],
    [
      'a red job beside a running one',
      [job('test', { state: 'red' }), job('build / x', { state: 'running' })],
      'failing',
      '2026-06-08T02:00:00Z',
    ],
    ['no job at all', [], 'failing', null],
    ['no job for one of the patterns', [job('test')], 'failing', null],
    ['a red job that no pattern names', [...GREEN, job('lint', { state: 'red' })], 'pass', '2026-06-08T02:00:00Z'],
  ])('judges %s', (_name, jobs, verdict, since) => {
    expect(gate(factsWith({ nightlies: jobs }), CORE)).toMatchObject({ verdict, since });
  });

  it('names the pattern that no job matches', () => {
    const found = gate(factsWith({ nightlies: [job('test')] }), CORE);
    expect(found.summary).toContain('no job matches build / *');
  });

  it('names red jobs with their links, since the first of them finished', () => {
    const jobs = [
      ...GREEN,
      job('build / b', { state: 'red', finishedAt: at('2026-06-08T05:00:00Z') }),
      job('build / a', { state: 'red', finishedAt: at('2026-06-08T04:00:00Z') }),
    ];
    const found = gate(factsWith({ nightlies: jobs }), CORE);
    expect(found.since).toBe('2026-06-08T04:00:00Z');
    expect(found.evidence[0]).toMatchObject({ text: 'build / b: red', link: 'https://forge.example/job/build/b' });
    expect(found.summary).toBe('3 of 5 jobs green on nightly at aaaaaaaaa; not green: build / b, build / a');
  });

  it('counts a job that is green after a retry as green, and lists it as flaky', () => {
    const found = gate(factsWith({ nightlies: [job('build / linux', { attempts: 3 }), job('test')] }), CORE);
    expect(found.verdict).toBe('pass');
    expect(found.evidence.map(({ text }) => text)).toContain('build / linux: green after 3 attempts (flaky)');
  });

  it('does not count ignored jobs, and a pattern with only ignored jobs matches none', () => {
    const ignoring = smallTrain({
      core: { nightlies: { ref: 'nightly', jobs: ['build / *'], ignore: ['* unstable'] } },
    });
    const repos = reposOf(ignoring, RELEASE).map((repo) => ({ repo, nightlies: null, source: null }));
    const judge = (jobs: readonly Job[]): Gate | undefined =>
      decideReadiness(
        factsWith({ repos: repos.map((facts) => ({ ...facts, nightlies: heads(jobs) })) }),
        ignoring,
        [],
        NOW,
      ).find(({ id }) => id === CORE);
    const unstable = job('build / unstable', { state: 'red' });
    expect(judge([job('build / linux'), unstable])?.verdict).toBe('pass');
    expect(judge([unstable])?.verdict).toBe('failing');
  });

  it('skips a repository without a job set, and says so', () => {
    expect(gate(factsWith(), 'nightlies-green:infra')).toMatchObject({
      verdict: 'skipped',
      summary: 'the train names no job set for infra',
    });
  });

  it('fails when the branch does not exist', () => {
    const facts = factsWith();
    const repos = facts.repos.map((repo) =>
      repo.repo.key === 'core' ? { ...repo, nightlies: heads([], null) } : repo,
    );
    expect(gate({ ...facts, repos }, CORE)).toMatchObject({
      verdict: 'failing',
      summary: 'core has no branch nightly',
    });
  });

  it('has no data when the forge could not be read, whatever the reason', () => {
    const facts = factsWith();
    const silent = unknown('403 Forbidden', NOW, 'forge acme/core');
    const repos = facts.repos.map((repo) => (repo.repo.key === 'core' ? { ...repo, source: silent } : repo));
    expect(gate({ ...facts, repos }, 'branch-source-green:core')).toMatchObject({ verdict: 'no-data' });
  });
});

const waiver = (until: string): Waiver => ({
  gate: GateId.parse(CORE),
  by: 'rita',
  reason: 'flaky mac',
  until: at(until),
});

describe('waivers', () => {
  const red = factsWith({ nightlies: [job('test', { state: 'red' })] });

  it('open a failing gate while they hold, and not after', () => {
    expect(gate(red, CORE, [waiver('2026-06-09T00:00:00Z')])).toMatchObject({
      verdict: 'waived',
      waiver: { reason: 'flaky mac' },
    });
    expect(gate(red, CORE, [waiver('2026-06-08T12:00:00Z')]).verdict).toBe('failing');
  });

  it('open only the gate they name', () => {
    const open = factsWith({ milestone: known(milestone([item(1)]), NOW, 'x') });
    expect(gate(open, 'milestone-resolved', [waiver('2026-06-09T00:00:00Z')]).verdict).toBe('failing');
  });
});
