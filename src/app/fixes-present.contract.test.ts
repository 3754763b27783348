import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectId } from '../domain/git-names.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { CORE, pickWorld, type PickWorld } from '../testing/pick-app.ts';
import type { App } from './app.ts';
import { missingPicks } from './history.ts';
import { judge, judgeBefore, CUT_GATES } from './judge.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

let folder = '';
let world: PickWorld;
let app: App;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixes-'));
  world = await pickWorld(folder);
  app = world.appOf('rita');
  await world.forge.forge.milestones.create(CORE, { title: '2.8.0', description: '' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const repo = () => world.forge.repo(CORE);

/** A closed issue of the milestone, assigned to somebody. */
async function closedIssue(title: string, closedAs: 'completed' | 'not-planned' = 'completed'): Promise<number> {
  const { issues } = world.forge.forge;
  const { number } = await issues.create(CORE, {
    title,
    body: '',
    labels: [],
    milestone: '2.8.0',
    assignees: ['gita'],
  });
  await issues.close(CORE, number);
  const item = repo().items.find((one) => one.number === number);
  if (item !== undefined) item.closedAs = closedAs;
  return number;
}

async function commit(message: string, file: string, branch = 'main'): Promise<ObjectId> {
  const [id] = await world.commit([{ branch, message, files: { [file]: `${file} is mended\n` } }]);
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}

/** A pull request that names the issue, merged as this commit. */
function mergedPull(
  number: number,
  { issue, body, as }: { readonly issue: number; readonly body: string; readonly as: ObjectId },
): void {
  world.merged({ number, title: 'Mend', commit: as });
  const pull = repo().pulls.find((one) => one.number === number);
  if (pull !== undefined) pull.body = body;
  const at = pull?.updatedAt;
  if (at === undefined) throw new Error('the pull request was not made');
  repo().events.set(issue, [{ kind: 'mentioned-in', at, by: 'alice', repo: CORE, item: number, isPullRequest: true }]);
}

const gate = async (as: App = app) => {
  const [found] = (await judge(as, RELEASE, { only: ['fixes-present'] })).gates;
  if (found === undefined) throw new Error('it was not judged');
  return found;
};

it('before the cut: a fix that is on main and not on the branch to cut from is named, with who answers for it', async () => {
  const [first, second] = [await closedIssue('NaN'), await closedIssue('Strides')];
  await commit(`Fix NaN (#112)\n\nFixes #${first}`, 'nan.txt');
  await commit('Nothing of it', 'other.txt', 'viable/strict');
  await commit(`Fix strides (#113)\n\nFixes #${second}`, 'strides.txt');
  const judged = await gate();
  expect(judged).toMatchObject({ verdict: 'failing', owners: ['gita', 'otto', 'rita'] });
  expect(judged.summary).toMatch(/^1 of 2 closed items are not on viable\/strict at [0-9a-f]{9}: #2$/u);
  expect(judged.evidence.map(({ text }) => text.replaceAll(/[0-9a-f]{9}/gu, 'ID'))).toEqual([
    '#2 Strides: not there, ID is not there',
    '#1 NaN: there, ID is in its history',
  ]);
  expect((await judgeBefore(app, RELEASE, { step: 'cut', families: CUT_GATES })).gates.map(({ id }) => id)).toContain(
    'fixes-present',
  );
});

it('after the cut: a pick is there by its proof, and a mention is none', async () => {
  const issue = await closedIssue('Strides');
  await commit('[release only] Pin', 'pin.txt', 'release/2.8');
  const fix = await commit(`Fix strides (#113)\n\nFixes #${issue}`, 'strides.txt');
  await commit(`Docs of strides, see #${issue}\n\nFixes #${issue}`, 'docs.txt', 'release/2.8');
  expect(await gate()).toMatchObject({
    verdict: 'failing',
    fix: 'signalbox pick request 113 --onto release/2.8 -c CLASS; all of them: signalbox pick missing 2.8.0',
  });
  await commit(`Fix strides (#113) (#120)\n\n(cherry picked from commit ${fix})`, 'strides.txt', 'release/2.8');
  const judged = await gate();
  expect(judged).toMatchObject({ verdict: 'pass' });
  expect(judged.summary).toMatch(/^1 of 1 closed items are on release\/2\.8 at/u);
  expect(judged.evidence[0]?.text).toMatch(/: there, [0-9a-f]{9} is [0-9a-f]{9} by /u);
});

it.each([
  ['whose pull request says that it closes it', 'Fixes #1', 'pass'],
  ['that its pull request only mentions', 'Part of #1', 'needs-you'],
  ['whose pull request closes another', 'Fixes #2, not #1', 'needs-you'],
])('an issue %s', async (_name, body, verdict) => {
  const issue = await closedIssue('NaN');
  const fix = await commit('Mend it without a number', 'nan.txt');
  await commit('Nothing of it', 'other.txt', 'viable/strict');
  mergedPull(113, { issue, body, as: fix });
  expect(await gate()).toMatchObject({ verdict });
});

it('an issue that a commit closed, by the word of the forge', async () => {
  const issue = await closedIssue('NaN');
  const fix = await commit('Mend it', 'nan.txt');
  await commit('Nothing of it', 'other.txt', 'viable/strict');
  const at = repo().items[0]?.openedAt;
  if (at === undefined) throw new Error('there is no issue');
  repo().events.set(issue, [{ kind: 'closed', at, by: 'gita', commit: fix }]);
  expect(await gate()).toMatchObject({ verdict: 'pass' });
});

it('what was closed without a change needs nothing, and is not counted as there', async () => {
  await closedIssue('Works as meant', 'not-planned');
  await commit('Begin', 'a.txt', 'viable/strict');
  expect(await gate()).toMatchObject({ verdict: 'pass' });
  expect((await gate()).summary).toMatch(
    /^0 of 1 closed items are on viable\/strict at [0-9a-f]{9}; 1 needed nothing$/u,
  );
});

it('a pick that was put into the milestone is not looked for on main: it is of the branch that it was made for', async () => {
  const picked = await commit('[release only] Pick', 'picked.txt', 'release/2.8');
  const number = await closedIssue('Fix strides, for 2.8');
  const item = repo().items.find((one) => one.number === number);
  if (item !== undefined) item.isPullRequest = true;
  world.merged({ number, title: 'Fix strides, for 2.8', commit: picked });
  const pull = repo().pulls.find((one) => one.number === number);
  if (pull !== undefined) pull.base = 'release/2.8';
  expect(await gate()).toMatchObject({ verdict: 'pass', summary: 'nothing is closed in the milestone' });
});

it('an issue that nothing says how it was mended is a question to its people, before the cut and after', async () => {
  await closedIssue('NaN');
  await commit('Begin', 'a.txt', 'viable/strict');
  expect(await gate()).toMatchObject({ verdict: 'needs-you', owners: ['gita', 'otto', 'rita'] });
  await commit('Cut', 'b.txt', 'release/2.8');
  expect(await gate()).toMatchObject({ verdict: 'needs-you' });
  const [core] = await missingPicks(app, RELEASE);
  expect(core?.found.known === true && core.found.value?.[0]?.verdict).toBe('no-commit');
});

it('is no data where the milestone cannot be read, and fails where there is no branch at all', async () => {
  expect(await gate()).toMatchObject({ verdict: 'failing', summary: 'core has neither release/2.8 nor viable/strict' });
  await commit('Begin', 'a.txt', 'viable/strict');
  expect(await gate({ ...app, forge: null })).toMatchObject({ verdict: 'no-data' });
  const { forge } = app;
  if (forge === null) throw new Error('there is no forge');
  const away = Object.assign(new Error('away'), { code: 'unavailable' });
  const milestones = { ...forge.milestones, items: () => Promise.reject(away) };
  expect(await gate({ ...app, forge: { ...forge, milestones } })).toMatchObject({
    verdict: 'no-data',
    summary: 'could not be read: away',
  });
});
