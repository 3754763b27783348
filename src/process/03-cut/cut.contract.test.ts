import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../../adapters/git/index.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Train } from '../../domain/train/train.ts';
import { bindStep } from '../../engine/drivers/index.ts';
import type { Git } from '../../ports/git.ts';
import { addCommits, fingerprintOf, makeRepo, refsOf, testGit } from '../../testing/git-repos.ts';
import { NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import { decideCut, type CutAnswer } from './decide.ts';
import { readCut } from './read.ts';

let root = '';
let core = '';
let infra = '';
let base: ObjectId | undefined;
let git: Git;
let train: Train;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-cut-'));
  [core, infra] = [join(root, 'core.git'), join(root, 'infra.git')];
  const made = await makeRepo({ dir: core, commits: [{ files: { 'a.txt': '1\n' } }, { files: { 'a.txt': '2\n' } }] });
  await makeRepo({ dir: infra, commits: [{ files: { 'b.txt': '1\n' } }] });
  base = made.commits.at(-1);
  git = gitAdapter({ mirrors: join(root, 'mirrors') });
  const plain = { slug: undefined, source: 'main', nightlies: undefined, sourceGreen: undefined };
  train = smallTrain(
    {
      core: { ...plain, remote: core },
      infra: { ...plain, remote: infra },
      vision: { until: '2.0' },
      audio: { until: '2.0' },
    },
    { forge: undefined },
  );
});
afterEach(async () => {
  await chmod(infra, 0o755);
  await rm(root, { recursive: true, force: true });
});

async function plan(): Promise<CutAnswer> {
  const facts = await readCut({ train, release: RELEASE, git, forge: null, now: NOW, recordedBases: new Map() });
  const result = decideCut(facts, { train, trainDigest: digestOf('t'), author: 'rita' }, []);
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join(', '));
  return result.value;
}

/** Carries the plan out through the drivers of the engine; tells which steps the remote refused. */
async function carryOut({ body }: Plan): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const step of body.steps) {
    const bound = bindStep(step, { git, forge: null, pages: null, files: null, packages: null });
    const state = await bound.observe();
    if (state.is === 'absent' && !(await bound.act()).acted) refused.push(step.key);
  }
  return refused;
}

it('CUT-06: planning changes nothing anywhere: remotes are the same bytes before and after', async () => {
  const before = [await fingerprintOf(core), await fingerprintOf(infra)];
  const answer = await plan();
  expect(answer.kind).toBe('plan');
  expect([await fingerprintOf(core), await fingerprintOf(infra)]).toEqual(before);
});

it('a cut makes both branches at the exact base, and a second run does nothing', async () => {
  const answer = await plan();
  if (answer.kind !== 'plan') throw new Error('no plan');
  expect(await carryOut(answer.plan)).toEqual([]);
  expect(await refsOf(core)).toMatchObject({ 'refs/heads/release/2.8': base, 'refs/heads/orig/release/2.8': base });
  await addCommits(core, [
    { files: { 'a.txt': 'main goes on\n' } },
    { branch: 'release/2.8', files: { 'a.txt': 'a pick\n' } },
  ]);
  const before = await refsOf(core);
  expect((await plan()).kind).toBe('nothing-to-do');
  expect(await refsOf(core)).toEqual(before);
  await testGit(core, ['fsck', '--strict']);
});

it('a push that one remote rejects is repaired by the second run, and only that', async () => {
  const hook = join(infra, 'hooks', 'pre-receive');
  await testGit(infra, ['config', 'core.hooksPath', join(infra, 'hooks')]);
  await testGit(infra, ['init', '--quiet', '--bare', infra]);
  await writeFile(hook, '#!/bin/sh\necho protected >&2\nexit 1\n', { mode: 0o755 });
  const first = await plan();
  if (first.kind !== 'plan') throw new Error('no plan');
  expect(await carryOut(first.plan)).toEqual(['push-refs:infra:release/2.8']);
  expect(Object.keys(await refsOf(infra))).toEqual(['refs/heads/main']);
  await rm(hook);
  const second = await plan();
  if (second.kind !== 'plan') throw new Error('no plan');
  expect(second.plan.body.steps.map(({ key }) => key)).toEqual(['push-refs:infra:release/2.8']);
  expect(await carryOut(second.plan)).toEqual([]);
  expect((await plan()).kind).toBe('nothing-to-do');
});

it('CUT-08: a release branch that somebody else pushed stops the plan, and stays where it is', async () => {
  await addCommits(core, [{ branch: 'release/2.8', files: { 'a.txt': 'not ours\n' } }]);
  const before = await refsOf(core);
  await expect(plan()).rejects.toThrow('cut-point-unknown');
  expect(await refsOf(core)).toEqual(before);
});
