import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTrain } from '../../config/load.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { GitFile } from '../../ports/git.ts';
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

async function gateOf(change: (jobs: Map<string, string[]>) => void = () => undefined) {
  const jobs = workflows();
  change(jobs);
  const all = filesOf(jobs);
  const git = memoryGit({ refs: { pytorch: { 'refs/heads/viable/strict': MAIN } } });
  const reading = {
    ...git,
    files: (_at: unknown, _commit: unknown, patterns: readonly string[]) =>
      Promise.resolve(
        all.filter(({ path }) => path.includes('_build') === patterns.some((each) => each.includes('_build'))),
      ),
  };
  const found = await readTriggers({ train, release: RELEASE, git: reading, now: NOW });
  const gates = decideCoverage(found, expectedOf(), { train, release: RELEASE, waivers: [], now: NOW });
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
