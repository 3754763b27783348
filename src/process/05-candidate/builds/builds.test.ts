import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../domain/canonical-json.ts';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import type { Gate } from '../../../domain/gate.ts';
import { RepoSlug } from '../../../domain/repo.ts';
import { CandidateVersion } from '../../../domain/version.ts';
import { bindStep } from '../../../engine/drivers/index.ts';
import type { RunJob, WorkflowRun } from '../../../ports/forge.ts';
import type { GitFile } from '../../../ports/git.ts';
import { memoryForge, type MemoryForge } from '../../../testing/memory-forge.ts';
import { memoryGit } from '../../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../../testing/small-train.ts';
import { decideBuilds, decideRetry, explainRetry, readBuilds } from './index.ts';

const SLUG = RepoSlug.parse('acme/core');
const [TAGGED, ELSEWHERE] = [commitId('a'), commitId('b')];
const PATH = '.github/workflows/build.yml';
const RC1 = CandidateVersion.parse('2.8.0-rc1');

const train = smallTrain(
  { core: { binaries: { workflows: ['.github/workflows/build*.yml'] } } },
  {
    support: {
      columns: [{ id: 'python', kind: 'python', title: 'Python' }],
      lines: { '2.8': { python: { from: '3.12', to: '3.13', experimental: ['3.13t'] } } },
    },
    artifacts: {
      platforms: {
        linux: { system: 'Linux', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-linux_x86_64'] }] },
      },
      accelerators: { cpu: { title: 'CPU', name: 'cpu' } },
      packages: {
        acme: {
          builds: [
            { kind: 'wheel', platforms: ['linux'], accelerators: ['cpu'], job: 'Build / wheel-py{python-word}' },
          ],
        },
      },
    },
  },
);
const expected = expectedArtifacts(train, RELEASE);
const CELLS = ['3.12', '3.13', '3.13t'].map((python) => `acme/wheel/linux/cpu/${python}`);
const JOBS = ['wheel-py3_12', 'wheel-py3_13', 'wheel-py3_13t'];

const ON_RC = 'on: {push: {tags: ["v*-rc*"]}}\njobs: {a: {runs-on: x}}\n';
const file = (path: string, text: string): GitFile => ({ path, mode: '100644', blob: commitId('9'), text });

const run = (id: number, more: Partial<WorkflowRun> = {}): WorkflowRun => ({
  id,
  name: 'Build',
  path: PATH,
  branch: 'v2.8.0-rc1',
  commit: TAGGED,
  event: 'push',
  attempt: 1,
  state: 'green',
  startedAt: NOW,
  link: `https://forge.example/runs/${id}`,
  ...more,
});

let jobIds = 0;
const job = (name: string, state: RunJob['state'], more: Partial<RunJob> = {}): RunJob => {
  jobIds += 1;
  const id = 1000 + jobIds;
  const times = { startedAt: NOW, finishedAt: state === 'running' ? null : NOW };
  return { id, name, commit: TAGGED, attempt: 1, state, ...times, link: `https://forge.example/job/${id}`, ...more };
};

interface World {
  readonly runs?: readonly WorkflowRun[];
  /** Of run 7, unless told. */
  readonly jobs?: readonly RunJob[];
  readonly files?: readonly GitFile[];
  readonly refuse?: Error;
}

const ALL_GREEN = JOBS.map((name) => job(name, 'green'));

function forgeOf({ runs = [run(7)], jobs = ALL_GREEN }: World): MemoryForge {
  const forge = memoryForge({ login: 'rita', now: () => NOW });
  forge.repo(SLUG).runs.push(...runs);
  forge.repo(SLUG).runJobs.set(7, [...jobs]);
  return forge;
}

async function factsOf(world: World = {}, forge = forgeOf(world)) {
  const git = memoryGit({
    refs: { core: { 'refs/tags/v2.8.0-rc1': TAGGED } },
    files: { [TAGGED]: world.files ?? [file(PATH, ON_RC)] },
  });
  const port = world.refuse === undefined ? forge.forge : refusing(forge, world.refuse);
  return readBuilds({ train, release: RELEASE, git, forge: port, now: NOW });
}

function refusing({ forge }: MemoryForge, error: Error) {
  return { ...forge, checks: { ...forge.checks, runsOf: () => Promise.reject(error) } };
}

async function gatesOf(world: World = {}): Promise<{ readonly started: Gate; readonly green: Gate }> {
  if (!expected.ok) throw new Error('no matrix');
  const deciding = { train, expectation: expected.value, waivers: [], now: NOW };
  const [started, green, ...more] = decideBuilds(await factsOf(world), deciding);
  if (started === undefined || green === undefined || more.length > 0) throw new Error('not two gates');
  return { started, green };
}

const texts = (gate: Gate): readonly string[] => gate.evidence.map(({ text }) => text);

describe('builds-started', () => {
  it('passes by the number of the run that the push of the tag began on its commit', async () => {
    expect((await gatesOf()).started).toMatchObject({
      id: 'builds-started:core',
      verdict: 'pass',
      summary: 'core v2.8.0-rc1 started 1 build workflow: run 7',
      owners: ['otto', 'rita'],
    });
  });

  it('does not count the run of a tag before it was moved, though its name is the same', async () => {
    const { started, green } = await gatesOf({ runs: [run(7, { commit: ELSEWHERE })] });
    expect(started.verdict).toBe('failing');
    expect(started.summary).toContain('started 0 of 1 build workflow: no run of .github/workflows/build.yml');
    expect(texts(started)).toContain(
      'not counted: run 7 of .github/workflows/build.yml was on bbbbbbbbb: the tag was elsewhere then',
    );
    expect(green.verdict).toBe('queued');
  });

  it.each([
    ['another tag on the same commit', { branch: 'v2.8.0-rc2' }],
    ['a person', { event: 'workflow_dispatch' }],
    ['another workflow of that name', { path: '.github/workflows/other.yml' }],
  ])('does not count a run of %s', async (_what, change) => {
    expect((await gatesOf({ runs: [run(7, change)] })).started.verdict).toBe('failing');
  });

  it('counts of two runs the newest, and tells of the other', async () => {
    const { started } = await gatesOf({ runs: [run(5, { state: 'red' }), run(7)] });
    expect(started).toMatchObject({ verdict: 'pass' });
    expect(texts(started).at(-1)).toBe('not counted: run 5 of .github/workflows/build.yml was before the newest');
  });

  it('fails where one of two workflows did not start, and where the tag starts none at all', async () => {
    const two = [file(PATH, ON_RC), file('.github/workflows/build-mac.yml', ON_RC)];
    expect((await gatesOf({ files: two })).started.summary).toBe(
      'core v2.8.0-rc1 started 1 of 2 build workflows: no run of .github/workflows/build-mac.yml',
    );
    const none = (await gatesOf({ files: [file(PATH, ON_RC.replace('-rc', '-beta'))] })).started;
    expect(none).toMatchObject({
      verdict: 'failing',
      summary: 'core v2.8.0-rc1: no build workflow starts at aaaaaaaaa',
    });
    expect(texts(none)[0]).toContain('is not started by v2.8.0-rc1');
  });

  it('knows nothing where CI answers 403, which is never green', async () => {
    const { started, green } = await gatesOf({ refuse: worldFailure('not-allowed', 'GitHub said 403') });
    for (const gate of [started, green])
      expect(gate).toMatchObject({ verdict: 'no-data', summary: 'could not be read: GitHub said 403' });
  });
});

describe('builds-green', () => {
  it('passes cell by cell', async () => {
    expect((await gatesOf()).green).toMatchObject({
      verdict: 'pass',
      summary: 'core v2.8.0-rc1: 3 of 3 cells built',
      since: NOW,
    });
  });

  it.each(['red', 'cancelled', 'skipped'] as const)(
    'fails for a cell whose job is %s, with the way to retry it',
    async (state) => {
      const jobs = JOBS.map((name, index) => job(name, index === 1 ? state : 'green'));
      const { green } = await gatesOf({ jobs, runs: [run(7, { state: 'red' })] });
      expect(green.verdict).toBe('failing');
      expect(green.summary).toContain(`2 of 3 cells built; failing: ${CELLS[1]}`);
      expect(green.fix).toContain(`signalbox rc retry 2.8.0-rc1 --only ${CELLS[1]}`);
      expect(green.evidence[0]).toMatchObject({ text: `${CELLS[1]}: wheel-py3_13 ${state}`, link: jobs[1]?.link });
    },
  );

  it('fails for a cell that no job of a run that is over was for, though the run is green', async () => {
    const { green } = await gatesOf({ jobs: [job('wheel-py3_12', 'green'), job('wheel-py3_13', 'green')] });
    expect(green.verdict).toBe('failing');
    expect(texts(green)[0]).toBe(`${CELLS[2]}: no job is called Build / wheel-py3_13t`);
  });

  it('waits for a job that a running run may still make', async () => {
    const jobs = [job('wheel-py3_12', 'green'), job('wheel-py3_13', 'running')];
    const { green } = await gatesOf({ jobs, runs: [run(7, { state: 'running' })] });
    expect(green).toMatchObject({ verdict: 'running', summary: 'core v2.8.0-rc1: 1 of 3 cells built; 2 not done' });
  });

  it('judges the newest attempt of each job, and counts what was green only after a retry', async () => {
    const jobs = [
      ...JOBS.map((name, index) => job(name, index === 0 ? 'red' : 'green')),
      job('wheel-py3_12', 'green', { attempt: 2 }),
      // What the forge carries over into an attempt is no retry.
      job('wheel-py3_13', 'green', { attempt: 2 }),
    ];
    const { green } = await gatesOf({ jobs, runs: [run(7, { attempt: 2 })] });
    expect(green).toMatchObject({
      verdict: 'pass',
      summary: 'core v2.8.0-rc1: 3 of 3 cells built; 1 green only after a retry',
    });
    expect(texts(green)[0]).toBe('wheel-py3_12: green at attempt 2, after it had failed (flaky)');
  });

  it('fails where every wheel is built and another job of the run is red', async () => {
    const jobs = [...ALL_GREEN, job('upload', 'red')];
    const { green } = await gatesOf({ jobs, runs: [run(7, { state: 'red' })] });
    expect(green).toMatchObject({ verdict: 'failing', summary: 'core v2.8.0-rc1: 3 of 3 cells built; red: upload' });
  });
});

const failed = (state: WorkflowRun['state'] = 'red'): World => ({
  runs: [run(7, { state })],
  jobs: JOBS.map((name, index) => job(name, index === 1 ? 'red' : 'green')),
});

async function retry(world: World, only: string | null, recorded: readonly string[] = []) {
  if (!expected.ok) throw new Error('no matrix');
  const forge = forgeOf(world);
  const keys = new Set(expected.value.cells.map(({ key }) => key).filter((key) => recorded.includes(key)));
  const decided = decideRetry(await factsOf(world, forge), {
    train,
    trainDigest: digestOf('train'),
    author: 'rita',
    candidate: RC1,
    expectation: expected.value,
    only,
    recorded: keys,
  });
  return { decided, forge };
}

const refused = async (...given: Parameters<typeof retry>): Promise<string> => {
  const { decided } = await retry(...given);
  if (decided.ok) throw new Error('it was planned');
  return explainRetry(decided.problems[0]);
};

describe('a retry', () => {
  it.each([CELLS[1] ?? '', 'cp313-linux', 'linux/3.13', 'CORE-cp313'])(
    'of %s starts that job again and no other',
    async (only) => {
      const { decided, forge } = await retry(failed(), only);
      if (!decided.ok || decided.value.kind !== 'plan') throw new Error('no plan');
      const [step, ...more] = decided.value.plan.body.steps;
      if (step === undefined) throw new Error('no step');
      expect(more).toEqual([]);
      expect(step).toMatchObject({ kind: 'rerun-jobs', run: 7, attempt: 1, names: ['wheel-py3_13'], commit: TAGGED });
      const bound = bindStep(step, {
        git: memoryGit({}),
        forge: forge.forge,
        pages: null,
        files: null,
        packages: null,
      });
      expect(await bound.observe()).toEqual({ is: 'absent' });
      expect(await bound.act()).toMatchObject({ acted: true, handle: { run: '7', attempt: '2' } });
      // Killed here, its next run finds it and starts nothing twice.
      expect(await bound.observe()).toMatchObject({ is: 'present', text: 'wheel-py3_13 runs in attempt 2' });
      expect(
        forge
          .repo(SLUG)
          .runJobs.get(7)
          ?.filter(({ attempt }) => attempt === 2),
      ).toMatchObject([{ name: 'wheel-py3_13', state: 'queued' }]);
    },
  );

  it('does not take an attempt with other jobs for its own', async () => {
    const { decided, forge } = await retry(failed(), CELLS[1] ?? '');
    if (!decided.ok || decided.value.kind !== 'plan') throw new Error('no plan');
    const [step] = decided.value.plan.body.steps;
    const repo = forge.repo(SLUG);
    repo.runs.splice(0, 1, run(7, { state: 'red', attempt: 2 }));
    repo.runJobs
      .get(7)
      ?.push(job('wheel-py3_12', 'green', { attempt: 2, startedAt: null }), job('wheel-py3_13', 'red', { attempt: 2 }));
    if (step === undefined) throw new Error('no step');
    const bound = bindStep(step, { git: memoryGit({}), forge: forge.forge, pages: null, files: null, packages: null });
    expect(await bound.observe()).toEqual({
      is: 'other',
      text: 'run 7 is at attempt 2 now, in which wheel-py3_13 was not started again',
    });
  });

  it('of everything starts the failed jobs of each run', async () => {
    const { decided } = await retry(failed(), null);
    expect(decided).toMatchObject({
      ok: true,
      value: { plan: { body: { steps: [{ job: null, names: ['wheel-py3_13'] }] } } },
    });
    expect((await retry({}, null)).decided).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
  });

  it('is refused with what to do instead', async () => {
    expect(await refused(failed(), CELLS[0] ?? '')).toContain('is green. A candidate never changes');
    expect(await refused(failed('running'), CELLS[1] ?? '')).toContain('Run 7 of core still goes on');
    expect(await refused(failed(), CELLS[1] ?? '', CELLS)).toContain('was recorded as part of 2.8.0-rc1');
    expect(await refused(failed(), 'cp311')).toBe(`No cell with a named job is "cp311". Failing: ${CELLS[1]}.`);
    expect(await refused(failed(), '')).toContain('No cell with a named job is ""');
    expect(await refused({}, 'linux')).toContain('"linux" is 3 cells');
    expect(await refused({ jobs: ALL_GREEN.slice(1) }, CELLS[0] ?? '')).toContain('No run has a job for');
    expect(await refused({ refuse: worldFailure('not-allowed', '403') }, null)).toContain('could not be read: 403');
  });
});
