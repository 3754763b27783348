import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTrain } from '../../config/load.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { RecordedRun } from '../../domain/train/evidence.ts';
import type { Train } from '../../domain/train/train.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { addSeconds } from '../../domain/instant.ts';
import type { Forge, RunJob, WorkflowRun } from '../../ports/forge.ts';
import type { GitFile } from '../../ports/git.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { memoryGit } from '../../testing/reading-ports.ts';
import { commitId, NOW } from '../../testing/small-train.ts';
import { decideCoverage } from './decide-coverage.ts';
import { readTriggers } from './read-triggers.ts';

const RELEASE = ReleaseVersion.parse('2.7.0');
const MAIN = commitId('a');
const loaded = await loadTrain(join(import.meta.dirname, '..', '..', '..', 'trains', 'pytorch', 'train.yaml'));
if (!loaded.ok) throw new Error('the preset is broken');
const { train } = loaded.value;
const expected = expectedArtifacts(train, RELEASE);
if (!expected.ok) throw new Error('the preset has no matrix of 2.7');
const cells = expected.value.cells.filter(({ cell, job }) => cell.repo === 'pytorch' && job !== null);

/** The workflows as PyTorch generates them: one for each platform, with a job for each wheel that calls the workflow which builds. */
function workflows(): Map<string, string[]> {
  const jobs = new Map<string, string[]>();
  for (const { job } of cells) {
    const [workflow = '', name = ''] = (job ?? '').split(' / ');
    jobs.set(workflow, [...(jobs.get(workflow) ?? []), name.replace('*wheel', 'wheel').replaceAll('*', '')]);
  }
  return jobs;
}

const fileOf = (name: string, text: string): GitFile => ({
  path: `.github/workflows/${name}.yml`,
  mode: '100644',
  blob: commitId('9'),
  text,
});

function filesOf(jobs: ReadonlyMap<string, readonly string[]>): readonly GitFile[] {
  return [
    ...[...jobs].map(([name, all]) =>
      fileOf(
        `generated-${name}-nightly`,
        `name: ${name}\non: push\njobs:\n${all.map((job) => (job.includes('${{') ? `  late: {strategy: {matrix: "${job}"}}` : `  ${job}: {uses: ./.github/workflows/_build.yml}`)).join('\n')}\n`,
      ),
    ),
    fileOf('_build', 'on: workflow_call\njobs: {build: {runs-on: x}}\n'),
  ];
}

interface Recorded {
  readonly forge: Forge | null;
  readonly branch?: string;
  /** What the files were at commits other than the newest. */
  readonly before?: (files: readonly GitFile[]) => readonly GitFile[];
}

const CORE = RepoKey.parse('pytorch');

/** The preset, in which the workflows of wheels for Linux are known by their runs. */
function recordedTrain(branch: string | undefined): Train {
  const { repos } = train;
  const pytorch = repos[CORE];
  if (pytorch?.binaries === undefined) throw new Error('the preset has no binaries of pytorch');
  const workflow = '.github/workflows/generated-linux-binary-manywheel-*.yml';
  const recorded = [RecordedRun.parse({ workflow, ...(branch === undefined ? {} : { branch }) })];
  return { ...train, repos: { ...repos, [CORE]: { ...pytorch, binaries: { ...pytorch.binaries, recorded } } } };
}

async function gateOf(change: (jobs: Map<string, string[]>) => void = () => undefined, recorded?: Recorded) {
  const jobs = workflows();
  change(jobs);
  const all = filesOf(jobs);
  const git = memoryGit({ refs: { pytorch: { 'refs/heads/viable/strict': MAIN } } });
  const reading = {
    ...git,
    files: (_at: unknown, commit: unknown, patterns: readonly string[]) =>
      Promise.resolve(
        (commit === MAIN ? all : (recorded?.before?.(all) ?? all)).filter(
          ({ path }) => path.includes('_build') === patterns.some((each) => each.includes('_build')),
        ),
      ),
  };
  const used = recorded === undefined ? train : recordedTrain(recorded.branch);
  const forge = recorded?.forge ?? null;
  const found = await readTriggers({ train: used, release: RELEASE, git: reading, forge, now: NOW });
  const gates = decideCoverage(found, expectedOf(), { train: used, release: RELEASE, waivers: [], now: NOW });
  const [gate, ...more] = gates;
  if (gate === undefined || more.length > 0) throw new Error(`not one gate: ${gates.map(({ id }) => id).join()}`);
  return gate;
}

function expectedOf() {
  if (!expected.ok) throw new Error('no matrix');
  return expected.value;
}

const LINUX = 'linux-binary-manywheel';

describe('workflows-cover-matrix', () => {
  it('passes where each expected wheel has a job, those of called workflows included', async () => {
    expect(await gateOf()).toMatchObject({
      id: 'workflows-cover-matrix:pytorch',
      verdict: 'pass',
      summary: `pytorch viable/strict at aaaaaaaaa has a job for each of ${cells.length} cells`,
    });
    expect(cells.length).toBeGreaterThan(50);
  });

  it('names a cell that nothing builds', async () => {
    const gate = await gateOf((jobs) =>
      jobs.set(
        LINUX,
        (jobs.get(LINUX) ?? []).filter((job) => job !== 'wheel-py3_13t-cuda12_8-build'),
      ),
    );
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain(`builds ${cells.length - 1} of ${cells.length} cells`);
    expect(gate.evidence.map(({ text }) => text)).toEqual([
      'torch/wheel/linux-x86_64/cu128/3.13t: no job is called linux-binary-manywheel / *wheel-py3_13t-cuda12_8*-build*',
    ]);
  });

  it('does not take the build of 3.13t for that of 3.13, nor a test for a build', async () => {
    const gate = await gateOf((jobs) =>
      jobs.set(
        LINUX,
        (jobs.get(LINUX) ?? []).map((job) => job.replace('wheel-py3_13-cpu-build', 'wheel-py3_13-cpu-test')),
      ),
    );
    expect(gate.evidence.map(({ text }) => text.split(':')[0])).toEqual(['torch/wheel/linux-x86_64/cpu/3.13']);
  });

  it('names jobs that build what the matrix does not have, with their line', async () => {
    const gate = await gateOf((jobs) => jobs.get(LINUX)?.push('wheel-py3_13-cuda12_4-build'));
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toMatch(
      /builds what the matrix does not have: \.github\/workflows\/_build\.yml:2 linux-binary-manywheel \/ wheel-py3_13-cuda12_4-build \/ build is of no expected cell/,
    );
  });

  it('knows nothing of cells that a matrix may build which is made when it runs', async () => {
    const gate = await gateOf((jobs) => jobs.set(LINUX, ['${{ fromJSON(needs.x.outputs.m) }}']));
    expect(gate.verdict).toBe('no-data');
    expect(gate.summary).toContain('its matrix is made when it runs');
  });
});

describe('a workflow whose matrix is made when it runs', () => {
  const SLUG = RepoSlug.parse('pytorch/pytorch');
  const PATH = `.github/workflows/generated-${LINUX}-nightly.yml`;
  const names =
    workflows()
      .get(LINUX)
      ?.map((job) => `${job} / build`) ?? [];
  const dynamic = (jobs: Map<string, string[]>): unknown => jobs.set(LINUX, ['${{ fromJSON(needs.x.outputs.m) }}']);
  const LATE = `${PATH}:4 late: its matrix is made when it runs: \${{ fromJSON(needs.x.outputs.m) }}`;

  interface Ran extends Partial<WorkflowRun> {
    readonly jobs?: readonly string[];
    readonly skipped?: readonly string[];
  }

  /** A forge with these runs of the workflow, the last being the newest. */
  function ran(...runs: readonly Ran[]): Forge {
    const world = memoryForge();
    const repo = world.repo(SLUG);
    runs.forEach(({ jobs = names, skipped = [], ...run }, index) => {
      const id = index + 1;
      const startedAt = addSeconds(NOW, -86_400);
      const link = `https://forge.example/runs/${id}`;
      const made = { id, name: LINUX, path: PATH, branch: 'viable/strict', commit: MAIN, event: 'push', attempt: 1 };
      repo.runs.push({ ...made, state: 'green', startedAt, link, ...run });
      const job = (name: string, at: number, state: RunJob['state']): RunJob => ({
        id: id * 1000 + at,
        name,
        commit: MAIN,
        attempt: 1,
        state,
        startedAt,
        finishedAt: startedAt,
        link: null,
      });
      repo.runJobs.set(id, [
        ...jobs.map((name, at) => job(name, at, 'green')),
        ...skipped.map((name, at) => job(name, 500 + at, 'skipped')),
      ]);
    });
    return world.forge;
  }

  it('is known by the jobs of its newest run that ended, and the gate says by which', async () => {
    const forge = ran({ jobs: [] }, {}, { state: 'cancelled', jobs: [] }, { state: 'running', jobs: [] });
    const gate = await gateOf(dynamic, { forge });
    expect(gate.verdict).toBe('pass');
    expect(gate.evidence).toEqual([
      {
        text: `the jobs of ${PATH} are those of run 2 on viable/strict at aaaaaaaaa, began ${addSeconds(NOW, -86_400).slice(0, 16).replace('T', ' ')} UTC`,
        link: 'https://forge.example/runs/2',
        source: 'forge pytorch/pytorch',
        at: NOW,
      },
    ]);
  });

  it('lacks the cells that the run did not begin, and those that it skipped', async () => {
    const [first = '', second = '', ...rest] = names;
    const gate = await gateOf(dynamic, { forge: ran({ jobs: rest, skipped: [second] }) });
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain(`builds ${cells.length - 2} of ${cells.length} cells`);
    expect(first).not.toBe('');
  });

  it('tells what the run built that the matrix does not have', async () => {
    const forge = ran({ jobs: [...names, 'wheel-py3_13-cuda12_4-build / build'] });
    const gate = await gateOf(dynamic, { forge });
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain(`${PATH}:1 ${LINUX} / wheel-py3_13-cuda12_4-build / build is of no expected cell`);
  });

  it('is not judged by a run that failed before it began every job', async () => {
    const gate = await gateOf(dynamic, { forge: ran({ state: 'red', jobs: names.slice(1) }) });
    expect(gate.verdict).toBe('no-data');
    expect(gate.summary).toContain('failed, and may not have begun every job');
  });

  const OLD = addSeconds(NOW, -15 * 86_400);
  it.each<readonly [string, Recorded, string]>([
    ['nothing ran', { forge: ran() }, 'no run of it on viable/strict came to an end'],
    [
      'only others ran',
      { forge: ran({ path: 'x.yml' }, { branch: 'main' }) },
      'no run of it on viable/strict came to an end',
    ],
    [
      'the run is too old',
      { forge: ran({ startedAt: OLD }) },
      `its newest run 1 on viable/strict began ${OLD.slice(0, 10)}, more than 14 days ago`,
    ],
    [
      'the file was another one',
      {
        forge: ran({ commit: commitId('b'), branch: 'nightly' }),
        branch: 'nightly',
        before: (files) => files.map((file) => ({ ...file, text: `${file.text ?? ''}# other\n` })),
      },
      'its newest run 1 on nightly was of another text of the file, at bbbbbbbbb',
    ],
    ['nobody is signed in', { forge: null }, 'its runs cannot be asked for: no forge, or nobody is signed in there'],
    ['the forge does not answer', { forge: memoryForge().forge }, 'its runs could not be read: '],
  ])('is no data, with file and line, where %s', async (_what, recorded, why) => {
    const gate = await gateOf(dynamic, recorded);
    expect(gate.verdict).toBe('no-data');
    expect(gate.summary).toContain(`${LATE}; ${why}`);
  });

  it('is known by a run on another commit and branch while the file is the same', async () => {
    const forge = ran({ commit: commitId('b'), branch: 'nightly' });
    expect((await gateOf(dynamic, { forge, branch: 'nightly' })).verdict).toBe('pass');
  });
});
