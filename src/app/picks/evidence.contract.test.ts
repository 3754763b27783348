import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { CommitJob, WorkflowRun } from '../../ports/forge.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { NOW } from '../../testing/small-train.ts';
import { requestPick } from '../picks.ts';
import { createRelease } from '../releases.ts';

describe('a CI failure as the reason of a pick for a patch', () => {
  let folder = '';
  let world: PickWorld;
  let commits: readonly ObjectId[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-evidence-'));
    world = await pickWorld(folder);
    commits = await world.commit([
      { branch: 'release/2.8', message: 'One', files: { 'x.txt': '1\n' } },
      { branch: 'release/2.8', message: 'Two', files: { 'x.txt': '2\n' } },
      { branch: 'release/2.9', message: 'Three', files: { 'x.txt': '3\n' } },
    ]);
    const [fix] = await world.commit([{ message: 'Fix (#7)', files: { 'fix.txt': 'fixed\n' } }]);
    await world.tag('v2.8.1-rc1', at(0));
    await world.tag('v2.9.0-rc1', at(2));
    world.merged({ number: 7, title: 'Fix', commit: ObjectId.parse(fix) });
    const created = await createRelease(world.appOf('rita'), ReleaseVersion.parse('2.8.1'));
    if (!created.ok) throw new Error(created.problems[0].text);
    const core = world.forge.repo(CORE);
    core.runs.push(run(1, at(0), 'red'), run(2, at(0), 'green'), run(3, at(1), 'red'), run(4, at(2), 'red'));
    core.jobRuns.push(job(5, at(0), 'red'), job(6, at(0), 'cancelled'));
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const at = (index: number): ObjectId => ObjectId.parse(commits[index]);

  const web = 'https://forge.example/acme/core';
  it.each([
    ['a red run on a candidate of the line', `${web}/actions/runs/1`, 'plan'],
    ['a red job on it', `${web}/actions/runs/2/job/5`, 'plan'],
    ['a red job by its own page', `${web}/runs/5`, 'plan'],
    ['a run that ended well', `${web}/actions/runs/2`, 'evidence-required'],
    ['a job that was cancelled', `${web}/runs/6`, 'evidence-required'],
    ['a red run on a commit that is no candidate', `${web}/actions/runs/3`, 'evidence-required'],
    ["a red run on another line's candidate", `${web}/actions/runs/4`, 'evidence-required'],
    ['a run that is not there', `${web}/actions/runs/99`, 'issue-missing'],
    [
      'a run of somebody else, whatever is said of it',
      'https://forge.example/evil/core/actions/runs/1',
      'evidence-required',
    ],
  ])('%s', async (_name, fixes, expected) => {
    const input = { repo: 'core', pr: 7, onto: ['release/2.8'], class: 'regression', fixes, dryRun: true };
    const answer = await requestPick(world.appOf('rita'), input);
    if (!answer.ok) throw new Error(answer.problems[0].text);
    expect(answer.value.map(({ outcome }) => (outcome.ok ? 'plan' : outcome.problems[0].code))).toEqual([expected]);
  });
});

function run(id: number, commit: ObjectId, state: WorkflowRun['state']): WorkflowRun {
  const path = '.github/workflows/build.yml';
  return { id, name: 'build', path, branch: null, commit, event: 'push', attempt: 1, state, startedAt: NOW, link: 'x' };
}

function job(id: number, commit: ObjectId, state: CommitJob['state']): CommitJob {
  return { id, name: 'build / linux', commit, state, link: null };
}
