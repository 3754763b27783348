import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectId } from '../../domain/git-names.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { standingPicks } from '../picks/standing.ts';
import { createRelease } from '../releases.ts';
import type { App } from '../app.ts';
import { handleDelivery } from './handle.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const BOT = 'signalbox[bot]';
const MARKER = '<!-- signalbox:tracker 2.8.0 -->';

let folder = '';
let world: PickWorld;
let app: App;
let tracker = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nominated-'));
  world = await pickWorld(folder, {
    roles: { 'release-manager': ['rita', BOT], 'repo-owner': [], 'triage-reviewer': [], approver: [] },
  });
  app = world.appOf(BOT);
  await world.commit([{ branch: 'release/2.8', message: '[release only] Pin', files: { 'pin.txt': 'pin\n' } }]);
  const [fix] = await world.commit([{ message: 'Fix NaN (#12)', files: { 'nan.txt': 'none\n' } }]);
  world.merged({ number: 12, title: 'Fix NaN', commit: need(fix) });
  for (let issue = 1; issue <= 5; issue += 1) world.forge.writeIssue(CORE, 'alice', { title: 'NaN', body: '' });
  tracker = world.forge.writeIssue(CORE, 'rita', { title: '[v.2.8.0] Release Tracker', body: MARKER });
  const created = await createRelease(app, RELEASE);
  if (!created.ok) throw new Error(created.problems[0].text);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function need(id: ObjectId | undefined): ObjectId {
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}

const form = (trunk: string, category = 'Regression - https://forge.example/acme/core/issues/5'): string =>
  `Link to landed trunk PR (if applicable):\n* ${trunk}\n\nLink to release branch PR:\n* #40\n\nCriteria Category:\n* ${category}`;

/** Somebody writes it on an item, and the bot is told so twice; answers what the bot said. */
async function written(item: number, by: string, body: string): Promise<readonly string[]> {
  const repo = world.forge.repo(CORE);
  const id = repo.comments.length + 1000;
  const at = app.clock.now();
  repo.comments.push({ id, item, author: by, body, writtenAt: at, editedAt: at, link: '' });
  const delivery = {
    event: 'comment-written',
    id: `d-${id}`,
    repo: CORE,
    by,
    at,
    item,
    isPullRequest: false,
    comment: id,
    body,
  } as const;
  await handleDelivery(app, delivery);
  await handleDelivery(app, delivery);
  return repo.comments.flatMap(({ author, body: text }) =>
    author === BOT && text.includes(`signalbox:answer ${id}.`) ? [text] : [],
  );
}

const picks = async (): Promise<readonly string[]> =>
  (await standingPicks(app, RELEASE)).map(
    ({ record, state }) => `#${record.pick.pr} ${record.class} ${record.askedBy} ${state}`,
  );

it('TRK-03: a comment in the three-block form in the tracker is a request by who wrote it, answered once, and makes nothing', async () => {
  const [answer, ...more] = await written(tracker, 'alice', form('https://forge.example/acme/core/pull/12'));
  expect(more).toEqual([]);
  expect(answer).toContain('#12 is nominated for `release/2.8`: **requested**.');
  expect(answer).toContain('`Cherry-pick of #12` into the text of #40');
  expect(await picks()).toEqual(['#12 regression alice requested']);
  expect(world.forge.repo(CORE).pulls.filter(({ base }) => base === 'release/2.8')).toEqual([]);
});

it.each([
  ['by somebody without rights', 'mallory', form('#12'), 'may not ask'],
  ['of a class that the train has not', 'alice', form('#12', 'Needed by a partner'), 'class'],
  ['of nothing', 'alice', form('none'), 'names no pull request of main'],
  ['of another repository', 'alice', form('acme/vision#12'), 'names no pull request of main'],
])('TRK-03: a nomination %s is refused with one answer', async (_name, by, body, text) => {
  const answers = await written(tracker, by, body);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toContain(text);
  expect(await picks()).toEqual([]);
});

it('TRK-03: the form on any other issue, or in an outsider’s fake tracker, nominates nothing', async () => {
  expect(await written(1, 'alice', form('#12'))).toEqual([]);
  const fake = world.forge.writeIssue(CORE, 'mallory', { title: '[v.2.8.0] Release Tracker', body: MARKER });
  expect(await written(fake, 'alice', form('#12'))).toEqual([]);
  expect(await picks()).toEqual([]);
});
