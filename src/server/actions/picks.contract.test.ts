import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { showPick } from '../../app/picks.ts';
import { createRelease } from '../../app/releases.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { RELEASE } from '../../testing/small-train.ts';
import { ACTIONS } from './index.ts';

let folder = '';
let world: PickWorld;
let head: ObjectId;
let asked = '';

/** What the action answers: what was said, or the code of the refusal. */
async function run(
  name: string,
  login: string,
  input: Record<string, string>,
  params: Record<string, string> = { repo: 'core', number: '12' },
): Promise<string> {
  const action = ACTIONS.find((each) => each.name === name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  const done = await action.run({ app: world.appOf(login), params, input });
  return done.ok ? `${done.value.to} ${done.value.said}` : done.problems[0].code;
}

const onto = 'release/2.8';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-pick-actions-'));
  world = await pickWorld(folder);
  await world.commit([{ branch: onto, message: '[release only] Pin', files: { 'pin.txt': 'pin\n' } }]);
  const [fix] = await world.commit([{ message: 'Fix NaN (#12)', files: { 'nan.txt': 'no NaN\n' } }]);
  if (fix === undefined) throw new Error('the fix was not made');
  world.merged({ number: 12, title: 'Fix NaN', commit: fix });
  await createRelease(world.appOf('rita'), RELEASE);
  asked = await run('pick-request', 'alice', { onto, class: 'docs', fixes: '' });
  // What the plan would make, made by hand: the action only decides.
  const [pick] = await world.commit([
    { branch: 'cherry-pick-12-onto-2.8', message: 'Fix NaN (#12)', files: { 'nan.txt': 'no NaN\n' } },
  ]);
  if (pick === undefined) throw new Error('the pick was not made');
  head = pick;
  world.forge.repo(CORE).pulls.push({
    number: 20,
    title: 'Fix NaN',
    body: '',
    state: 'open',
    draft: false,
    head: { branch: 'cherry-pick-12-onto-2.8', commit: head, repo: CORE },
    base: onto,
    mergeCommit: null,
    mergedAt: null,
    labels: [],
    author: 'alice',
    updatedAt: Instant.parse('2026-06-08T11:00:00Z'),
    link: 'https://forge.example/acme/core/pull/20',
  });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const stateOf = async (): Promise<string> => {
  const pick = await showPick(world.appOf('rita'), { pr: 12, onto });
  return pick.ok ? pick.value.state : pick.problems[0].code;
};

describe('deciding about a pick', () => {
  it('begins with a request, which is planned and not pushed', async () => {
    expect(asked).toMatch(
      /^\/plans\/p\w+ Asked for core #12 onto release\/2\.8\. Plan p\w+ makes it; nothing is pushed before it is applied\.$/u,
    );
    expect(await stateOf()).toBe('needs-review');
  });

  it('is for release managers, and never for the author of the change', async () => {
    expect(await run('pick-approve', 'alice', { onto, head })).toBe('not-a-release-manager');
    expect(await run('pick-refuse', 'alice', { onto, reason: 'no' })).toBe('not-a-release-manager');
    const core = world.forge.repo(CORE);
    const index = core.pulls.findIndex(({ number }) => number === 12);
    const pull = core.pulls[index];
    if (pull === undefined) throw new Error('there is no #12');
    core.pulls[index] = { ...pull, author: 'Rita' };
    expect(await run('pick-approve', 'rita', { onto, head })).toBe('own-change');
    core.pulls[index] = pull;
  });

  it('refuses an approval of another head than the one that is there', async () => {
    expect(await run('pick-approve', 'rita', { onto, head: 'b'.repeat(40) })).toBe('head-moved');
    expect(await stateOf()).toBe('needs-review');
  });

  it('goes from a refusal with its reason back to review', async () => {
    const refused = await run('pick-refuse', 'rita', { onto, reason: 'a feature' });
    expect(refused).toBe('/pr/core/12 Refused: core #12 onto release/2.8.');
    expect(await stateOf()).toBe('refused');
    expect(await run('pick-reopen', 'alice', { onto, reason: 'it is not' })).toBe('not-a-release-manager');
    await run('pick-reopen', 'rita', { onto, reason: 'it is a fix' });
  });

  it('waits for the answer to a question', async () => {
    await run('pick-ask', 'rita', { onto, question: 'which release had it right?' });
    expect(await stateOf()).toBe('needs-info');
    await run('pick-reopen', 'alice', { onto, reason: '2.7' });
  });

  it('asks for a reason, a branch and a day that there is', async () => {
    await expect(run('pick-refuse', 'rita', { onto, reason: ' ' })).rejects.toThrow(ZodError);
    await expect(run('pick-refuse', 'rita', { reason: 'no' })).rejects.toThrow(ZodError);
    await expect(run('pick-dispense', 'rita', { onto, reason: 'x', until: '2026-02-30' })).rejects.toThrow(ZodError);
    expect(await run('pick-refuse', 'rita', { onto, reason: 'no' }, { repo: 'core', number: '<b>' })).toBe(
      'not-a-pull-request',
    );
    expect(await run('pick-refuse', 'rita', { onto: 'relase/2.8', reason: 'no' })).toBe('branch-not-live');
  });

  it('lets a pick in until the end of a day', async () => {
    expect(await run('pick-dispense', 'rita', { onto, reason: 'data loss', until: '2026-06-10' })).toContain('Let in');
    const pick = await showPick(world.appOf('rita'), { pr: 12, onto });
    expect(pick).toMatchObject({ value: { record: { dispensation: { until: '2026-06-10T23:59:59Z' } } } });
  });

  it('says that a pick is under way when it is asked for again or retried', async () => {
    expect(await run('pick-retry', 'alice', { onto })).toContain('is under way: #20');
    const named = { onto, class: 'docs', fixes: '', repo: 'core', pr: '#12' };
    expect(await run('pick-request-named', 'alice', named, { release: '2.8.0' })).toContain('is under way: #20');
  });

  it('refuses to ask for reverts where there is none to make', async () => {
    expect(await run('reverts-request', 'rita', {}, { release: '2.8.0' })).toBe('no-revert-to-make');
  });

  it('plans trackers and rewrites them for release managers', async () => {
    expect(await run('tracker-open', 'rita', {}, { release: '2.8.0' })).toMatch(
      /^\/plans\/p\w+ Plan p\w+ opens the trackers/u,
    );
    expect(await run('tracker-sync', 'alice', {}, { release: '2.8.0' })).toBe('role-missing');
    expect(await run('tracker-sync', 'rita', {}, { release: '2.8.0' })).toBe('no-tracker');
  });
});

describe('the end of a pick', () => {
  it('is an approval of the head, or the word of who asked', async () => {
    expect(await run('pick-approve', 'rita', { onto, head })).toBe('/pr/core/12 Approved: core #12 onto release/2.8.');
    expect(await stateOf()).toBe('approved');
    expect(await run('pick-withdraw', 'mallory', { onto, reason: 'x' })).toBe('not-yours-to-withdraw');
    expect(await run('pick-withdraw', 'alice', { onto, reason: 'fixed otherwise' })).toContain('Withdrawn');
    expect(await run('pick-refuse', 'rita', { onto, reason: 'late' })).toBe('already-decided');
  });
});
