import { describe, expect, it } from 'vitest';
import { Digest } from '../../../domain/canonical-json.ts';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import type { Gate } from '../../../domain/gate.ts';
import { addSeconds, type Instant } from '../../../domain/instant.ts';
import type { ManifestFile } from '../../../domain/manifest.ts';
import { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { CandidateVersion } from '../../../domain/version.ts';
import type { RunJob, WorkflowRun } from '../../../ports/forge.ts';
import { memoryForge } from '../../../testing/memory-forge.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../../testing/small-train.ts';
import { decideValidated, readValidation, type RecordedFiles } from './index.ts';

const SLUG = RepoSlug.parse('acme/infra');
const PATH = '.github/workflows/validate.yml';
const PYTHONS = ['3.12', '3.13'];

const trainWith = (validation: Record<string, unknown> = {}, build: Record<string, unknown> = {}) =>
  smallTrain(
    {},
    {
      validation: { repo: 'infra', workflow: PATH, ...validation },
      support: {
        columns: [{ id: 'python', kind: 'python', title: 'Python' }],
        lines: { '2.8': { python: { from: '3.12', to: '3.13' } } },
      },
      artifacts: {
        platforms: {
          linux: { system: 'Linux', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-linux_x86_64'] }] },
        },
        accelerators: { cpu: { title: 'CPU', name: 'cpu' } },
        packages: {
          acme: {
            builds: [
              {
                kind: 'wheel',
                platforms: ['linux'],
                accelerators: ['cpu'],
                validation: 'Validate / test-py{python-word}',
                ...build,
              },
            ],
          },
        },
      },
    },
  );

const minutes = (count: number): Instant => addSeconds(NOW, count * 60);
const digest = (digit: string): Digest => Digest.parse(`sha256:${digit.repeat(64)}`);
const fileName = (python: string): string => `acme-2.8.0-${python}.whl`;

function cellsOf(train: ReturnType<typeof trainWith>) {
  const expected = expectedArtifacts(train, RELEASE);
  if (!expected.ok) throw new Error('no matrix');
  return expected.value;
}

/** A record of a candidate: the digest of each Python's wheel. */
function recordOf(candidate: string, at: Instant, digests: readonly string[]): RecordedFiles {
  const files = cellsOf(trainWith()).cells.map(({ key }, index): ManifestFile => {
    const name = fileName(PYTHONS[index] ?? '');
    return {
      cell: key,
      repo: RepoKey.parse('core'),
      key: StoreKey.parse(`cpu/${name}`),
      size: 1,
      digest: digest(digests[index] ?? ''),
      run: null,
      requires: null,
    };
  });
  return { candidate: CandidateVersion.parse(candidate), manifest: { files }, at };
}

const RC1 = recordOf('2.8.0-rc1', minutes(0), ['a', 'b']);
/** The second candidate has another file for 3.13 only. */
const RC2 = recordOf('2.8.0-rc2', minutes(60), ['a', 'c']);

interface Played extends Partial<Omit<WorkflowRun, 'id'>> {
  readonly id: number;
  /** The state of each Python's job; none for what the run has no job for. */
  readonly jobs?: Readonly<Record<string, RunJob['state']>>;
  /** What each Python's job says of its file; nothing unless told. */
  readonly tells?: Readonly<Record<string, string>>;
}

interface World {
  readonly runs: readonly Played[];
  readonly recorded?: readonly RecordedFiles[];
  readonly train?: ReturnType<typeof trainWith>;
  readonly refuse?: Error;
}

const GREEN = { '3.12': 'green', '3.13': 'green' } as const;

function forgeOf(runs: readonly Played[]) {
  const forge = memoryForge({ now: () => NOW });
  const repo = forge.repo(SLUG);
  for (const { jobs = GREEN, tells = {}, ...run } of runs) {
    const common = {
      name: 'Validate',
      path: PATH,
      branch: 'release/2.8',
      commit: commitId('d'),
      event: 'workflow_dispatch',
    };
    repo.runs.push({
      ...common,
      attempt: 1,
      state: 'green',
      startedAt: minutes(10),
      link: `https://forge.example/${run.id}`,
      ...run,
    });
    const own = Object.entries(jobs).map(([python, state], index): RunJob => {
      const id = run.id * 100 + index;
      const said = tells[python];
      if (said !== undefined) repo.notes.set(id, [{ title: 'signalbox-validated', message: said }]);
      const name = `test-py${python.replace('.', '_')}`;
      return { id, name, commit: commitId('d'), attempt: 1, state, startedAt: NOW, finishedAt: NOW, link: null };
    });
    repo.runJobs.set(run.id, own);
  }
  return forge.forge;
}

const says = (python: string, digit: string): string =>
  JSON.stringify({ files: [{ file: fileName(python), sha256: digit.repeat(64) }] });

async function gateOf({ runs, recorded = [RC1], train = trainWith(), refuse }: World): Promise<Gate> {
  const memory = forgeOf(runs);
  const refusing = { ...memory.checks, runsOf: () => Promise.reject(refuse ?? new Error('nothing to refuse')) };
  const forge = refuse === undefined ? memory : { ...memory, checks: refusing };
  const expectation = cellsOf(train);
  const facts = await readValidation({ train, release: RELEASE, forge, expectation, recorded, now: NOW });
  if (facts === null) throw new Error('no validation');
  return decideValidated(facts, { train, waivers: [], now: NOW });
}

const texts = (gate: Gate): string => gate.evidence.map(({ text }) => text).join('\n');

describe('binaries-validated', () => {
  it('passes by the digests that the jobs tell', async () => {
    const gate = await gateOf({ runs: [{ id: 1, tells: { '3.12': says('3.12', 'a'), '3.13': says('3.13', 'b') } }] });
    expect(gate).toMatchObject({
      id: 'binaries-validated',
      verdict: 'pass',
      summary: '2 of 2 files of 2.8.0-rc1 validated on infra release/2.8, each by its digest',
    });
  });

  it('says that time and branch are weaker, where CI told no digest, and does not take them where the train wants digests', async () => {
    const runs = [{ id: 1, tells: { '3.12': says('3.12', 'a') } }];
    const gate = await gateOf({ runs });
    expect(gate).toMatchObject({ verdict: 'pass' });
    expect(gate.summary).toContain('2 of 2 files of 2.8.0-rc1 validated');
    expect(gate.summary).toContain('1 only by time and branch, since CI told no digest');
    expect((await gateOf({ runs, train: trainWith({ digests: 'told' }) })).verdict).toBe('failing');
  });

  it("does not take the tests of main for the candidate's, and tells of them", async () => {
    const gate = await gateOf({
      runs: [{ id: 7, branch: 'main', tells: { '3.12': says('3.12', 'a'), '3.13': says('3.13', 'b') } }],
    });
    expect(gate).toMatchObject({ verdict: 'failing' });
    expect(gate.summary).toContain('0 of 2 files of 2.8.0-rc1 validated on infra release/2.8');
    expect(texts(gate)).toContain(
      'not counted: run 7 was on main: it ran the tests of main against the candidate, not those of release/2.8',
    );
  });

  it('is not passed by a green run that validated none of the wheels', async () => {
    const gate = await gateOf({ runs: [{ id: 1, jobs: {} }] });
    expect(gate).toMatchObject({ verdict: 'failing' });
    expect(gate.summary).toBe(
      '0 of 2 files of 2.8.0-rc1 validated on infra release/2.8; 2 not: acme/wheel/linux/cpu/3.12 was tested by no run',
    );
  });

  it('fails for a run on another digest, green as it is', async () => {
    const gate = await gateOf({ runs: [{ id: 1, tells: { '3.12': says('3.12', 'a'), '3.13': says('3.13', 'f') } }] });
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain(
      '1 not: acme/wheel/linux/cpu/3.13 was tested in run 1 with other bytes, sha256:ffffffffffff, not those of 2.8.0-rc1',
    );
  });

  it.each([
    ['no JSON', 'sha256 a'],
    ['a digest that is none', '{"files":[{"file":"acme-2.8.0-3.13.whl","sha256":"xyz"}]}'],
    ['another file', says('3.12', 'b')],
    [
      'two digests of one file',
      JSON.stringify({ files: ['b', 'c'].map((digit) => ({ file: fileName('3.13'), sha256: digit.repeat(64) })) }),
    ],
  ])('takes %s for no proof at all', async (_what, said) => {
    const gate = await gateOf({ runs: [{ id: 1, tells: { '3.13': said } }] });
    expect(gate).toMatchObject({ verdict: 'failing' });
    expect(gate.summary).toContain('1 of 2 files');
  });

  it('after a new candidate keeps the evidence of what that did not touch, and of nothing else', async () => {
    const told = { id: 1, tells: { '3.12': says('3.12', 'a'), '3.13': says('3.13', 'b') } };
    for (const before of [told, { id: 1 }]) {
      const gate = await gateOf({ runs: [before], recorded: [RC1, RC2] });
      expect(gate.verdict).toBe('failing');
      expect(gate.summary).toContain('1 of 2 files of 2.8.0-rc2 validated');
      expect(gate.summary).toContain('1 not: acme/wheel/linux/cpu/3.13');
      const again = {
        id: 2,
        jobs: { '3.13': 'green' },
        startedAt: minutes(70),
        tells: { '3.13': says('3.13', 'c') },
      } as const;
      expect(await gateOf({ runs: [before, again], recorded: [RC1, RC2] })).toMatchObject({ verdict: 'pass' });
    }
  });

  it('believes no time from before the record, nor a file that was another in between', async () => {
    expect((await gateOf({ runs: [{ id: 1, startedAt: minutes(-5) }] })).summary).toContain(
      'was tested in run 1, before this file was recorded',
    );
    const back = recordOf('2.8.0-rc3', minutes(120), ['a', 'b']);
    const gate = await gateOf({ runs: [{ id: 1 }], recorded: [RC1, RC2, back] });
    expect(gate.summary).toContain('1 of 2 files of 2.8.0-rc3 validated');
  });

  it('follows the newest run of each file: red, running or green again', async () => {
    const before = { id: 1 };
    const red = { id: 2, jobs: { '3.13': 'red' }, state: 'red' } as const;
    expect((await gateOf({ runs: [before, red] })).summary).toContain('acme/wheel/linux/cpu/3.13 is red in run 2');
    const running = { id: 2, jobs: { '3.13': 'running' }, state: 'running' } as const;
    expect((await gateOf({ runs: [before, running] })).verdict).toBe('running');
    expect((await gateOf({ runs: [before, red, { id: 3 }] })).verdict).toBe('pass');
  });

  it('fails where the train names no job for a file, waits for a record, and knows nothing of a 403', async () => {
    const unnamed = trainWith({}, { validation: undefined });
    expect((await gateOf({ runs: [{ id: 1 }], train: unnamed })).summary).toContain(
      'the train names no job that tests',
    );
    expect(await gateOf({ runs: [], recorded: [] })).toMatchObject({ verdict: 'queued' });
    expect(await gateOf({ runs: [], refuse: worldFailure('not-allowed', '403') })).toMatchObject({
      verdict: 'no-data',
    });
  });
});
