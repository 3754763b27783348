import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { GateId, type Gate } from '../../domain/gate.ts';
import type { Train } from '../../domain/train/train.ts';
import { bindStep } from '../../engine/drivers/index.ts';
import type { Git } from '../../ports/git.ts';
import { addCommits, makeRepo, testGit } from '../../testing/git-repos.ts';
import { NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import { decideCandidate, type CandidateAnswer } from './decide.ts';
import { readCandidate } from './read.ts';

let root = '';
let dir = '';
let git: Git;
let train: Train;

const LANDED: Gate = {
  id: GateId.parse('release-only-landed:core'),
  verdict: 'pass',
  summary: '',
  evidence: [],
  owners: [],
  since: null,
  fix: null,
  waiver: null,
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-candidate-'));
  dir = join(root, 'core.git');
  await makeRepo({ dir, commits: [{ files: { 'version.txt': '2.8.0\n' } }] });
  await testGit(dir, ['branch', 'release/2.8', 'main']);
  await testGit(dir, ['branch', 'orig/release/2.8', 'main']);
  git = gitAdapter({ mirrors: join(root, 'mirrors') });
  train = smallTrain({
    core: { remote: dir },
    infra: { until: '2.0' },
    vision: { until: '2.0' },
    audio: { until: '2.0' },
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function plan(): Promise<CandidateAnswer> {
  const facts = await readCandidate({ train, release: RELEASE, git, now: NOW });
  const request = { train, trainDigest: digestOf('t'), author: 'rita', against: null };
  const result = decideCandidate(facts, request, [LANDED]);
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join(', '));
  return result.value;
}

async function carryOut(answer: CandidateAnswer): Promise<void> {
  if (answer.kind !== 'plan') throw new Error('no plan');
  for (const step of answer.plan.body.steps)
    expect(await bindStep(step, { git, forge: null, pages: null, files: null, packages: null }).act()).toMatchObject({
      acted: true,
    });
}

it('tags rc1 annotated at the head, then nothing new, then rc2 with the history since rc1', async () => {
  await carryOut(await plan());
  expect((await testGit(dir, ['cat-file', '-t', 'v2.8.0-rc1'])).trim()).toBe('tag');
  expect(await plan()).toMatchObject({ kind: 'nothing-to-do', unchanged: [{ repo: 'core', candidate: '2.8.0-rc1' }] });
  await addCommits(dir, [{ branch: 'release/2.8', message: 'A pick', files: { 'a.txt': '1\n' } }]);
  const second = await plan();
  expect(second.tags).toMatchObject([
    { candidate: '2.8.0-rc2', history: { since: 'v2.8.0-rc1', count: 1, commits: [{ subject: 'A pick' }] } },
  ]);
  await carryOut(second);
  expect((await testGit(dir, ['tag', '--list'])).trim().split('\n')).toEqual(['v2.8.0-rc1', 'v2.8.0-rc2']);
});

it('VER-04: tags nothing on a commit whose version file says something else', async () => {
  await addCommits(dir, [{ branch: 'release/2.8', files: { 'version.txt': '2.8.0a0\n' } }]);
  await expect(plan()).rejects.toThrow('version-file-mismatch');
  expect(await testGit(dir, ['tag', '--list'])).toBe('');
});
