import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { NOW } from '../../testing/small-train.ts';
import { approvePick, requestPick } from '../picks.ts';
import { createRelease } from '../releases.ts';
import { standingPicks } from './standing.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

const byHand = (number: number, body: string, head: ObjectId) => ({
  number,
  title: 'By hand',
  body,
  state: 'open' as const,
  draft: false,
  // From a fork, as people work.
  head: { branch: 'my-pick', commit: head, repo: RepoSlug.parse('alice/core') },
  base: 'release/2.8',
  mergeCommit: null,
  mergedAt: null,
  labels: [],
  author: 'alice',
  updatedAt: NOW,
  link: `https://forge.example/acme/core/pull/${number}`,
});

describe('a pick that conflicts', () => {
  let folder = '';
  let world: PickWorld;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-standing-'));
    world = await pickWorld(folder);
    await world.commit([{ message: 'Text', files: { 'a.txt': 'a\n' } }]);
    await world.commit([{ branch: 'release/2.8', message: 'Begin', files: { 'pin.txt': 'p\n' } }]);
    const [, fix] = await world.commit([
      { message: 'Before it (#6)', files: { 'a.txt': 'other\n' } },
      { message: 'Fix it (#7)', files: { 'a.txt': 'other, fixed\n' } },
    ]);
    world.merged({ number: 7, title: 'Fix it', commit: ObjectId.parse(fix) });
    const created = await createRelease(world.appOf('rita'), RELEASE);
    if (!created.ok) throw new Error(created.problems[0].text);
    const input = { repo: 'core', pr: 7, onto: ['release/2.8'], class: 'docs', fixes: null, dryRun: false };
    await requestPick(world.appOf('alice'), input);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const standing = async () => {
    const [pick] = await standingPicks(world.appOf('rita'), RELEASE);
    if (pick === undefined) throw new Error('there is no pick');
    return pick;
  };

  it('is shown as one, with the file and what is missing before it, and is its author’s to resolve', async () => {
    expect(await standing()).toMatchObject({
      state: 'conflict',
      owners: ['alice'],
      seen: { conflict: { conflicts: [{ path: 'a.txt' }], prerequisites: [{ subject: 'Before it (#6)' }] } },
    });
  });

  it('is taken over from a pull request that people opened by hand and named so, and is approved there', async () => {
    const [head] = await world.commit([
      { branch: 'release/2.8-hand', message: 'By hand', files: { 'a.txt': 'quite another text\n' } },
    ]);
    const { pulls } = world.forge.repo(CORE);
    pulls.push(byHand(20, 'Something else, see #7', ObjectId.parse(head)));
    expect((await standing()).state).toBe('conflict');
    pulls.push(byHand(21, 'Cherry-pick of #7, resolved', ObjectId.parse(head)));
    expect(await standing()).toMatchObject({ state: 'needs-review', seen: { pull: { number: 21 } } });
    const name = { repo: 'core', pr: 7, onto: 'release/2.8' };
    expect(await approvePick(world.appOf('rita'), name)).toMatchObject({ ok: true, value: { state: 'approved' } });
  });

  it('landed in other words is in the candidate that was tagged after its merge, and in none before', async () => {
    const [before, merge] = await world.commit([
      { branch: 'release/2.8', message: 'Before', files: { 'b.txt': 'b\n' } },
      { branch: 'release/2.8', message: 'Words of its own', files: { 'c.txt': 'quite another text\n' } },
    ]);
    const pull = world.forge.repo(CORE).pulls.find(({ number }) => number === 21);
    Object.assign(pull ?? {}, { state: 'merged', mergeCommit: merge, mergedAt: NOW });
    await world.tag('v2.8.0-rc1', ObjectId.parse(before));
    expect(await standing()).toMatchObject({ state: 'landed', seen: { landedBy: null, candidate: null } });
    await world.tag('v2.8.0-rc2', ObjectId.parse(merge));
    expect(await standing()).toMatchObject({ state: 'in-rc', seen: { candidate: '2.8.0-rc2' } });
  });
});
