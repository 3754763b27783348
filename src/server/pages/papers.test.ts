import { expect, it } from 'vitest';
import { AsksView } from '../../api/views/asks.ts';
import { HandoverView, SyncView } from '../../api/views/papers.ts';
import { Instant } from '../../domain/instant.ts';
import { Train } from '../../domain/train/train.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { createRelease } from '../../app/releases.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { asksPage } from './asks.ts';
import { handoverPage, syncPage } from './papers.ts';
import type { Page } from '../page.ts';

const train = Train.parse({
  ...smallTrain,
  people: { olga: { away: [{ from: '2025-06-20', to: '2025-06-30' }], deputies: ['pim'] } },
  workstreams: { docs: { title: 'Docs', poc: ['olga'] } },
  launchSync: { weekday: 'tue', at: '09:00', zone: 'Europe/Berlin' },
  calendar: { cadence: { '2.8': { cut: { on: '2025-06-12' }, release: { on: '2025-07-09' } } } },
  texts: { notebooks: 'Hello {line}.' },
  asks: {
    notebooks: {
      title: 'Notebooks with {line}',
      text: 'notebooks',
      to: 'the notebook team',
      owner: 'docs',
      sent: { way: 'hand' },
      due: { before: 'release', days: 7 },
      done: [{ by: 'word' }],
    },
  },
});
const NOW = '2025-06-24T14:00:04Z';

async function world() {
  const app = memoryApp({ loaded: { train, digest: TRAIN_DIGEST } });
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  return app;
}

async function viewOf(page: Page, app: Awaited<ReturnType<typeof world>>): Promise<unknown> {
  const answer = await page.read({ app, params: { release: '2.8.0' }, query: {} });
  if (!answer.ok) throw new Error(answer.problems[0].text);
  return answer.value.view;
}

it('shows the asks that ask list has, by the same words', async () => {
  const app = await world();
  const { asks } = AsksView.parse(await viewOf(asksPage, app));
  const { out } = await cliRun(['ask', 'list', '2.8.0'], { app, now: NOW });
  expect(asks).toHaveLength(1);
  const [ask] = asks;
  expect(ask).toMatchObject({
    name: 'notebooks',
    state: 'to-send',
    acts: { who: 'pim', for: 'olga', until: '2025-06-30' },
  });
  expect(ask?.body).toBe('Hello 2.8.');
  const oneLine = out.replaceAll(/\s+/gu, ' ');
  expect(oneLine).toContain(ask?.summary);
  expect(oneLine).toContain(ask?.fix);
});

it('has the agenda and the hand-over that the command line writes, gate by gate', async () => {
  const app = await world();
  for (const [page, words] of [
    [syncPage, 'agenda'],
    [handoverPage, 'handover'],
  ] as const) {
    const shape = page === syncPage ? SyncView : HandoverView;
    const { text, blocking, asks } = shape.parse(await viewOf(page, app));
    const { out } = await cliRun(['people', words, '2.8.0'], { app, now: NOW });
    expect(out.trimEnd()).toBe(text.trimEnd());
    expect(blocking.length).toBeGreaterThan(0);
    for (const { id } of blocking) expect(out).toContain(`\`${id}\``);
    expect(asks.map(({ name }) => name)).toEqual(['notebooks']);
    expect(out).toContain('; @pim for @olga until 30 Jun');
  }
});

it('believes nothing that was read too long ago: gates and asks are no data, and the paper says so itself', async () => {
  const app = await world();
  const readAt = Instant.parse(NOW);
  const sync = SyncView.parse(syncPage.outdated(await viewOf(syncPage, app), readAt));
  const asks = AsksView.parse(asksPage.outdated(await viewOf(asksPage, app), readAt));
  const gates = [...sync.blocking, ...sync.decide.gates];
  expect(new Set([...gates, ...sync.asks, ...asks.asks].map(({ verdict }) => verdict))).toEqual(new Set(['no-data']));
  expect(sync.text.split('\n')[0]).toBe('Not read since 2025-06-24 14:00 UTC: this may not hold any more.');
});

it('refuses what is no release', async () => {
  const app = await world();
  for (const page of [asksPage, syncPage, handoverPage]) {
    const answer = await page.read({ app, params: { release: '../x' }, query: {} });
    expect(answer.ok).toBe(false);
  }
});
