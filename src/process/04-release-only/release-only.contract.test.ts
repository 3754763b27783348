import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import type { Train } from '../../domain/train/train.ts';
import { bindStep } from '../../engine/drivers/index.ts';
import type { Git } from '../../ports/git.ts';
import { addCommits, fingerprintOf, makeRepo, refsOf, testGit } from '../../testing/git-repos.ts';
import { NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import { decideReleaseOnly, type ReleaseOnlyAnswer } from './decide.ts';
import { decideReleaseOnlyGates } from './gates.ts';
import { readReleaseOnly, type ReleaseOnlyFacts } from './read.ts';

let root = '';
let dir = '';
let git: Git;
let train: Train;

const WORKFLOW = '.github/workflows/build.yaml';
const BEFORE =
  '\uFEFFjobs:\r\n  a:\r\n    uses: acme/infra/x.yml@main # pinned: no\r\n  b:\r\n    uses: someorg/tool@main';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-release-only-'));
  dir = join(root, 'vision.git');
  await makeRepo({
    dir,
    commits: [{ files: { [WORKFLOW]: BEFORE, 'version.txt': '0.23.0a0\n', 'run.sh': { run: 'nightly\n' } } }],
  });
  await testGit(dir, ['branch', 'release/0.23', 'main']);
  git = gitAdapter({ mirrors: join(root, 'mirrors') });
  train = smallTrain(
    {
      core: { until: '2.0' },
      infra: { source: 'main', remote: dir, branch: 'infra/{line}', cutPoint: null },
      audio: { until: '2.0' },
      vision: {
        slug: undefined,
        remote: dir,
        onBranch: [
          { id: 'refs', kind: 'workflow-refs', files: ['.github/workflows/*.yml'] },
          { id: 'version', kind: 'file', files: ['version.txt'], to: '{version}' },
          { id: 'channel', kind: 'replace', files: ['run.sh'], find: 'nightly', to: 'test' },
        ],
      },
    },
    { forge: undefined },
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

function read(): Promise<ReleaseOnlyFacts> {
  return readReleaseOnly({ train, release: RELEASE, git, forge: null, now: NOW });
}

async function plan(): Promise<ReleaseOnlyAnswer> {
  const result = decideReleaseOnly(await read(), {
    train,
    trainDigest: digestOf('t'),
    author: 'rita',
    repos: ['vision'],
  });
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join(', '));
  return result.value;
}

async function carryOut(answer: ReleaseOnlyAnswer): Promise<void> {
  if (answer.kind !== 'plan') throw new Error('no plan');
  for (const step of answer.plan.body.steps) {
    const bound = bindStep(step, { git, forge: null, pages: null, files: null, packages: null });
    expect(await bound.observe()).toEqual({ is: 'absent' });
    expect(await bound.act()).toMatchObject({ acted: true });
  }
}

it('planning leaves the remote as it is, byte for byte', async () => {
  const before = await fingerprintOf(dir);
  expect((await plan()).kind).toBe('plan');
  expect(await fingerprintOf(dir)).toBe(before);
});

it('makes one commit above the release branch that changes just the edited values; pushed, it is not made again', async () => {
  await carryOut(await plan());
  const head = 'signalbox/release-only/0.23';
  const base = (await refsOf(dir))['refs/heads/release/0.23'];
  expect((await testGit(dir, ['rev-parse', `${head}^`])).trim()).toBe(base);
  expect(await testGit(dir, ['show', `${head}:${WORKFLOW}`])).toBe(
    BEFORE.replace('infra/x.yml@main', 'infra/x.yml@infra/2.8'),
  );
  expect(await testGit(dir, ['ls-tree', head, 'run.sh'])).toMatch(/^100755 /);
  expect(await testGit(dir, ['diff', '--stat', `${head}^`, head])).toContain(
    '3 files changed, 3 insertions(+), 3 deletions(-)',
  );
  const again = await plan();
  expect([again.kind, again.notes.length]).toEqual(['nothing-to-do', 1]);
});

it('once merged, nothing is left: no commit, and the gate is open', async () => {
  await carryOut(await plan());
  await testGit(dir, ['update-ref', 'refs/heads/release/0.23', 'refs/heads/signalbox/release-only/0.23']);
  expect(await plan()).toMatchObject({
    kind: 'nothing-to-do',
    done: [{ repo: 'vision', target: 'branch' }],
    notes: [],
  });
  const gates = decideReleaseOnlyGates(await read(), train, [], NOW);
  expect(gates.find(({ id }) => id === 'release-only-landed:vision')?.verdict).toBe('pass');
});

it('is not forced anew when the release branch moves on after the push', async () => {
  await carryOut(await plan());
  const before = await refsOf(dir);
  await addCommits(dir, [{ branch: 'release/0.23', files: { 'other.txt': 'a pick\n' } }]);
  expect((await plan()).kind).toBe('nothing-to-do');
  const head = 'refs/heads/signalbox/release-only/0.23';
  expect((await refsOf(dir))[head]).toBe(before[head]);
});
