import { expect, it } from 'vitest';
import { addSeconds } from '../../domain/instant.ts';
import { LedgerDraft } from '../../domain/ledger-event.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { cutStep, NOW, planOf, smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { Train } from '../../domain/train/train.ts';
import { fakeId } from '../../testing/memory-git.ts';
import type { App } from '../app.ts';
import { createRelease } from '../releases.ts';
import { readNews } from './news.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const EVIL = '<script>alert(1)</script>';

const moved = [{ on: '2025-06-20', from: '2025-07-14', to: '2025-07-30', by: 'ana', why: EVIL }];
const train = Train.parse({
  ...smallTrain,
  calendar: { cadence: { '2.8': { cut: { on: '2025-06-10' }, release: { on: '2025-07-30', moved } } } },
});

/** An app whose ledger has these events after the release was opened, a minute apart. */
async function after(events: readonly object[]): Promise<App> {
  const app = memoryApp({ loaded: { train, digest: TRAIN_DIGEST } });
  await createRelease(app, RELEASE);
  const ledger = await app.ledger();
  const drafts = events.map((event, index) =>
    LedgerDraft.parse({ at: addSeconds(NOW, 60 * (index + 1)), actor: 'ben', event }),
  );
  await ledger.append(train.train, drafts);
  return app;
}

const titlesOf = async (app: App, release: ReleaseVersion | null = RELEASE): Promise<readonly string[]> =>
  (await readNews(app, release)).news.map(({ title }) => title);

const of = { release: '2.8.0' };
const pick = { repo: 'core', pr: 12, onto: 'release/2.8' };
const judged = (changes: readonly object[]) => ({ type: 'gates-judged', ...of, changes, blockers: 1, picks: null });
const turn = (gate: string, from: string | null, to: string) => ({ gate, from, to, why: EVIL, blocking: true });

it('tells what a follower of a release wants to know, newest first', async () => {
  const promotion = planOf([cutStep('core')], { purpose: 'stable', title: 'Promote' });
  const cut = planOf([cutStep('vision')], { title: 'Cut vision' });
  const app = await after([
    { type: 'plan-made', ...of, plan: cut, goodUntil: NOW },
    { type: 'plan-finished', ...of, plan: cut.id, digest: cut.digest },
    { type: 'apply-ended', ...of, plan: cut.id, end: 'stopped', reason: EVIL },
    { type: 'pick-requested', ...of, pick, class: 'regression', fixes: null, via: null },
    { type: 'pick-approved', ...of, pick, head: fakeId('head') },
    { type: 'pick-refused', ...of, pick, reason: EVIL },
    judged([turn('people', null, 'failing')]),
    judged([turn('people', 'failing', 'pass'), turn('ci:core', 'queued', 'running')]),
    judged([turn('people', 'pass', 'failing'), turn('ci:core', 'running', 'pass'), turn('x', 'pass', 'no-data')]),
    judged([turn('ci:core', 'queued', 'running')]),
    judged([]),
    { type: 'candidate-final', ...of, candidate: '2.8.0-rc1', manifest: TRAIN_DIGEST, reason: '' },
    { type: 'plan-made', ...of, plan: promotion, goodUntil: NOW },
    { type: 'plan-finished', ...of, plan: promotion.id, digest: promotion.digest },
    { type: 'train-frozen', reason: EVIL },
    { type: 'refused', ...of, what: 'cut', reason: EVIL },
  ]);
  expect(await titlesOf(app)).toEqual([
    'The train is frozen',
    // This train has no index: the first step of a promotion is the last.
    '2.8.0 is released',
    '2.8.0-rc1 is final',
    '2.8.0: people is failing and 2 more gates turned',
    '2.8.0: people is pass',
    '2.8.0: pick of core #12 onto release/2.8 refused',
    '2.8.0: pick of core #12 onto release/2.8 approved',
    `2.8.0: plan ${cut.id} was stopped`,
    '2.8.0: Cut vision, done',
    '2.8.0 was opened',
    '2.8.0: the release day moved from 2025-07-14 to 2025-07-30',
  ]);
  const { news } = await readNews(app, RELEASE);
  expect(news.map(({ title }) => title).join('\n')).not.toContain('<');
  expect(news.find(({ title }) => title.includes('people is pass'))).toMatchObject({
    text: `people was failing, now pass: ${EVIL}`,
    path: '/r/2.8.0/gates/people',
    by: 'ben',
  });
  expect(news.find(({ title }) => title.includes('2 more gates'))?.path).toBe('/r/2.8.0');
  expect(news.find(({ title }) => title.includes('Cut vision'))?.path).toBe(`/plans/${cut.id}`);
  expect(news.at(-1)).toMatchObject({ at: '2025-06-20T00:00:00Z', by: 'ana', text: EVIL, path: '/calendar' });
});

it('has the same ids for ever: read again, after more happened, and in a ledger that was restored', async () => {
  const app = await after([
    { type: 'train-frozen', reason: 'x' },
    { type: 'train-thawed', reason: 'y' },
  ]);
  const before = await readNews(app, null);
  const ids = before.news.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of [...ids, before.id])
    expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  const ledger = await app.ledger();
  const copy = memoryLedger();
  await copy.restore(train.train, await ledger.read({ train: train.train }));
  await copy.append(train.train, [
    LedgerDraft.parse({ at: addSeconds(NOW, 9000), actor: 'ben', event: { type: 'train-frozen', reason: 'z' } }),
  ]);
  const later = await readNews({ ...app, ledger: () => Promise.resolve(copy) }, null);
  expect(later.id).toBe(before.id);
  expect(later.news.slice(1)).toEqual(before.news);
  expect((await readNews(app, RELEASE)).id).not.toBe(before.id);
});

it('keeps releases apart, tells of the train in each, and of all of them in that of the train', async () => {
  const app = await after([
    { type: 'train-frozen', reason: 'x' },
    { type: 'release-created', release: '2.9.0' },
  ]);
  expect(await titlesOf(app, ReleaseVersion.parse('2.9.0'))).toEqual(['2.9.0 was opened', 'The train is frozen']);
  expect(await titlesOf(app)).not.toContain('2.9.0 was opened');
  expect(await titlesOf(app, null)).toEqual([
    '2.9.0 was opened',
    'The train is frozen',
    '2.8.0 was opened',
    '2.8.0: the release day moved from 2025-07-14 to 2025-07-30',
  ]);
});

it('tells of the newest fifty', async () => {
  const app = await after(Array.from({ length: 70 }, (_, index) => ({ type: 'train-frozen', reason: `${index}` })));
  const { news } = await readNews(app, RELEASE);
  expect(news).toHaveLength(50);
  expect(news[0]?.text).toContain('69');
});
