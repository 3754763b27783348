import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { NOW } from '../../testing/small-train.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { requestPick } from '../picks.ts';
import { standingPicks } from '../picks/standing.ts';
import { createRelease } from '../releases.ts';
import { handleDelivery } from './handle.ts';

const BOT = 'rita';
const RELEASE = ReleaseVersion.parse('2.8.0');

describe('a change that was asked for before its merge', () => {
  let folder = '';
  let world: PickWorld;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-waited-'));
    world = await pickWorld(folder);
    await world.commit([{ message: 'Text', files: { 'a.txt': 'a\n' } }]);
    await world.commit([{ branch: 'release/2.8', message: 'Begin', files: { 'pin.txt': 'p\n' } }]);
    for (let issue = 1; issue <= 7; issue += 1) world.forge.writeIssue(CORE, 'alice', { title: 'x', body: '' });
    const created = await createRelease(world.appOf(BOT), RELEASE);
    if (!created.ok) throw new Error(created.problems[0].text);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const pulls = () => world.forge.repo(CORE).pulls;
  const states = async () => (await standingPicks(world.appOf(BOT), RELEASE)).map(({ state }) => state);
  const said = () => world.forge.repo(CORE).comments.map(({ body }) => body);

  /** alice asks for #7 while it is open; then it is merged as the commit. */
  async function askThenMerge(
    commits: readonly { readonly message: string; readonly files: Record<string, string> }[],
  ) {
    const [open] = await world.commit([{ branch: 'change-7', message: 'Work', files: { 'work.txt': 'w\n' } }]);
    world.merged({ number: 7, title: 'Fix', commit: need(open) });
    Object.assign(need(pulls()[0]), { state: 'open', mergeCommit: null, mergedAt: null });
    const input = {
      repo: 'core',
      pr: 7,
      onto: ['release/2.8'],
      class: 'docs',
      fixes: null,
      dryRun: false,
      by: 'alice',
    };
    const asked = await requestPick(world.appOf(BOT), input);
    expect(asked).toMatchObject({ value: [{ outcome: { ok: true, value: { kind: 'waits-for-merge' } } }] });
    expect(await states()).toEqual(['waits-for-merge']);
    const made = await world.commit(commits);
    const commit = need(made.at(-1));
    Object.assign(need(pulls()[0]), { state: 'merged', mergeCommit: commit, mergedAt: NOW });
    await merged(commit);
  }

  const merged = (commit: ObjectId) =>
    handleDelivery(world.appOf(BOT), {
      event: 'pull-merged',
      id: 'd1',
      at: NOW,
      repo: CORE,
      by: 'alice',
      item: 7,
      base: 'main',
      commit,
    });

  it('is picked at the merge, once', async () => {
    await askThenMerge([{ message: 'Fix (#7)', files: { 'a.txt': 'b\n' } }]);
    expect(await states()).toEqual(['needs-review']);
    expect(said().filter((body) => body.includes('| Picked | ✅ #8, open |'))).toHaveLength(1);
    await merged(need(pulls()[0]?.mergeCommit ?? undefined));
    expect(pulls().filter(({ base }) => base === 'release/2.8')).toHaveLength(1);
  });

  it('and conflicts then, is told to who asked, and stays with them', async () => {
    await askThenMerge([
      { message: 'Before it (#6)', files: { 'a.txt': 'other\n' } },
      { message: 'Fix (#7)', files: { 'a.txt': 'other, fixed\n' } },
    ]);
    expect(await states()).toEqual(['conflict']);
    expect(said().find((body) => body.includes('conflict in 1 file'))).toContain('@alice');
  });
});

function need<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nothing was made');
  return value;
}
