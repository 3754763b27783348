import { expect, it } from 'vitest';
import { ReleaseView } from '../../api/views/release.ts';
import { TrainView } from '../../api/views/train.ts';
import type { App } from '../../app/app.ts';
import { abandon } from '../../app/abandon.ts';
import { freezeTrain } from '../../app/freeze.ts';
import { closeRelease, createRelease } from '../../app/releases.ts';
import { listGates } from '../../app/gates.ts';
import { releaseStatus } from '../../app/status.ts';
import { statusAnswer } from '../../cli/commands/status.ts';
import { candidatesAnswer } from '../../cli/commands/rc-list.ts';
import { branchRef, tagRef } from '../../domain/git-names.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { BASE } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { PROMOTED, promotionApp } from '../../testing/promotion-app.ts';
import { roomOf, wordsOf } from '../../testing/doc-says.ts';
import type { Page } from '../page.ts';
import { releasePage } from './release.ts';
import { trainPage } from './train.ts';

const release = ReleaseVersion.parse('2.8.0');

async function readOf(
  page: Page,
  app: App,
  input: { params?: Record<string, string>; query?: Record<string, string> } = {},
) {
  return page.read({ app, params: input.params ?? {}, query: input.query ?? {} });
}

async function releaseOf(app: App, typed = '2.8.0') {
  const read = await readOf(releasePage, app, { params: { release: typed } });
  if (!read.ok) throw new Error(read.problems[0].text);
  return { ...read.value, view: ReleaseView.parse(read.value.view) };
}

async function trainOf(app: App, query: Record<string, string> = {}) {
  const read = await readOf(trainPage, app, { query });
  if (!read.ok) throw new Error(read.problems[0].text);
  return { ...read.value, view: TrainView.parse(read.value.view) };
}

it('says of a release what the command line says of it', async () => {
  const app = memoryApp();
  for (const remote of ['/remotes/core', '/remotes/vision']) {
    app.git.setRef(remote, branchRef('release/2.8'), BASE);
    app.git.setRef(remote, tagRef('v2.8.0-rc1'), BASE);
  }
  const { view, asOf, stale } = await releaseOf(app);
  const status = await releaseStatus(app, release);
  const answer = statusAnswer(status);
  expect({
    release: view.release,
    title: view.title,
    phases: view.phases,
    freeze: view.freeze,
    abandoned: view.abandoned,
    final: view.final,
    repos: view.repos.map(({ picks: _picks, ...repo }) => repo),
    blocking: view.gates.filter(({ id }) => view.blocking.includes(id)),
    next: status.next,
  }).toEqual(answer.data);
  expect(view.gates).toEqual((await listGates(app, release)).gates);
  const candidates = candidatesAnswer(status.repos, { release, only: null, now: app.clock.now() });
  expect(view.candidates).toEqual(candidates.data);
  expect({ asOf, stale }).toEqual({
    asOf: answer.asOf,
    stale: (await listGates(app, release)).gates.some(({ verdict }) => verdict === 'no-data'),
  });
});

it('offers the plan of the next step', async () => {
  const app = memoryApp();
  const { view } = await releaseOf(app);
  const next = (await releaseStatus(app, release)).next;
  expect(view.next).toEqual({ ...next, repos: undefined, plan: 'branch cut' });
});

it('survives the way through JSON', async () => {
  const { view } = await releaseOf(memoryApp());
  expect(ReleaseView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
});

it('refuses what is no release with the words of the command line', async () => {
  const read = await readOf(releasePage, memoryApp(), { params: { release: '<script>' } });
  expect(read).toMatchObject({ ok: false, problems: [{ code: 'not-a-release' }] });
});

it('shows the final candidate with its files, and what comes next', async () => {
  const { app, candidate } = await promotionApp();
  await candidate(1);
  const { view } = await releaseOf(app, PROMOTED);
  expect(view.recorded).toMatchObject([{ candidate: '2.8.0-rc1', files: 9, by: 'ana', abandoned: false }]);
});

it('says of an empty train that no release is live', async () => {
  const { view } = await trainOf(memoryApp());
  expect(view).toMatchObject({ main: null, live: [], ended: [] });
  expect(wordsOf(trainPage.doc(view, roomOf()))).toContain('No release is live.');
});

it('shows the newest live release at length, and every other in a row', async () => {
  const app = memoryApp();
  for (const typed of ['2.7.1', '2.8.0']) await createRelease(app, ReleaseVersion.parse(typed));
  await createRelease(app, ReleaseVersion.parse('2.6.0'));
  await closeRelease(app, ReleaseVersion.parse('2.6.0'), 'over');
  const { view } = await trainOf(app);
  expect(view.main?.release).toBe('2.8.0');
  expect(view.live.map((one) => one.release)).toEqual(['2.7.1', '2.8.0']);
  expect(view.ended).toMatchObject([{ release: '2.6.0', how: 'closed', reason: 'over' }]);
  expect((await trainOf(app, { release: '2.7.1' })).view.main?.release).toBe('2.7.1');
  expect(await readOf(trainPage, app, { query: { release: '9.9.9' } })).toMatchObject({
    ok: false,
    problems: [{ code: 'release-unknown' }],
  });
});

it('shows a freeze on the train, and what was abandoned among what is over', async () => {
  const app = memoryApp();
  await createRelease(app, release);
  await freezeTrain(app, 'the key leaked');
  await abandon(app, { release, candidate: null, reason: 'superseded' });
  const { view } = await trainOf(app);
  expect(view.freeze).toMatchObject({ by: 'ana', reason: 'the key leaked' });
  expect(view.live).toEqual([]);
  expect(view.ended).toMatchObject([{ release: '2.8.0', how: 'abandoned', reason: 'superseded' }]);
});
