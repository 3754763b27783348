import { beforeEach, expect, it } from 'vitest';
import { succeed } from '../../domain/result.ts';
import { FinalChecks } from '../../domain/train/final.ts';
import { Channel } from '../../domain/train/channels.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryStores } from '../../testing/memory-store.ts';
import { noStores } from '../../testing/no-stores.ts';
import { recordManifest } from '../../testing/recorded-manifest.ts';
import { showGate } from '../gates.ts';
import { judge } from '../judge.ts';
import { createRelease } from '../releases.ts';
import { performancePage } from '../../server/pages/performance.ts';
import { releaseBefore } from './performance.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc10 = CandidateVersion.parse('2.8.0-rc10');
const suite = { title: 'Demo', channel: 'perf', place: 'demo/{tag}/' };
const perf = Channel.parse({
  title: 'Results',
  write: 'append',
  places: [{ holds: 'any', store: 'object-store', address: 'perf' }],
});
const trainWith = (more: Record<string, unknown> = {}) => ({
  ...smallTrain,
  channels: { perf },
  final: FinalChecks.parse({ performance: { demo: { ...suite, ...more } } }),
});

let store = memoryStores().store('perf');
const appWith = (more: Record<string, unknown> = {}) =>
  memoryApp({
    loaded: { train: trainWith(more), digest: TRAIN_DIGEST },
    stores: {
      ...noStores,
      of: (channel) =>
        Promise.resolve(succeed([{ channel, holds: 'any' as const, store, writable: succeed(store), outside: null }])),
    },
  });
let app = appWith();

const around = (value: number): number[] =>
  Array.from({ length: 12 }, (_none, index) => value * (0.995 + (index % 11) / 1100));
const results = (value: number, measured: Record<string, string> = {}): string =>
  JSON.stringify({
    schema: 'signalbox.benchmarks/1',
    suite: 'demo',
    measured,
    benchmarks: [{ benchmark: 'resnet', unit: 'ms', better: 'lower', samples: around(value) }],
  });

async function gate() {
  const shown = await showGate(app, release, 'no-perf-regression:demo');
  if (!shown.ok) throw new Error(shown.problems[0].text);
  return shown.value.gate;
}

beforeEach(async () => {
  store = memoryStores().store('perf');
  app = appWith({ proof: 'manifest' });
  await createRelease(app, release);
});

it('is no gate of a train that names no suite', async () => {
  expect((await judge(memoryApp(), release, { families: ['no-perf-regression'] })).gates).toEqual([]);
});

it('waits for a candidate, then for its results, and passes on those of its very files', async () => {
  app = appWith({ proof: 'manifest', baseline: '2.7.1' });
  expect(await gate()).toMatchObject({ verdict: 'queued', summary: 'Demo: no candidate of 2.8.0 was recorded yet' });
  const { digest } = await recordManifest(app, rc1, { core: 'one' });
  expect(await gate()).toMatchObject({ verdict: 'queued', summary: 'Demo: no results of 2.8.0-rc1 in channel perf' });
  // Beside it lie those of another candidate, whose name begins the same.
  store.plant('demo/v2.8.0-rc10/run.json', results(900));
  store.plant('demo/v2.8.0-rc1/notes.txt', 'no results');
  store.plant('demo/v2.8.0-rc1/run.json', results(100, { manifest: digest }));
  expect(await gate()).toMatchObject({ verdict: 'no-data', summary: 'Demo: no results of 2.7.1 in channel perf' });
  store.plant('demo/v2.7.1/run.json', results(100));
  expect((await gate()).summary).toBe(
    'Demo: a file shows only by where it lies that it was measured on 2.7.1; the train asks for the manifest',
  );
});

it('is void for another candidate: its results are not those of the one before', async () => {
  app = appWith({ proof: 'version' });
  const { digest } = await recordManifest(app, rc1, { core: 'one' });
  store.plant('demo/v2.7.0/run.json', results(100, { version: '2.7.0' }));
  store.plant('demo/v2.8.0-rc1/run.json', results(101, { version: '2.8.0-rc1', manifest: digest }));
  expect(await gate()).toMatchObject({ verdict: 'pass', summary: 'Demo: 2.8.0-rc1 against 2.7.0: 1 unchanged' });
  await recordManifest(app, rc1, { core: 'other bytes under the same name' });
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  expect((await gate()).summary).toMatch(/demo\/v2\.8\.0-rc1\/run\.json was measured on other files \(sha256:/u);
  await recordManifest(app, rc10, { core: 'ten' });
  expect(await gate()).toMatchObject({ verdict: 'queued', summary: 'Demo: no results of 2.8.0-rc10 in channel perf' });
});

it('says on its page what the gate says, with each interval in the table of the picture', async () => {
  app = appWith({ proof: 'place', baseline: '2.7.1' });
  await recordManifest(app, rc1, { core: 'one' });
  store.plant('demo/v2.7.1/run.json', results(100));
  store.plant('demo/v2.8.0-rc1/run.json', results(120));
  expect(await gate()).toMatchObject({ verdict: 'failing' });
  const read = await performancePage.read({ app, params: { release: '2.8.0' }, query: {} });
  expect(read).toMatchObject({
    ok: true,
    value: {
      stale: false,
      view: {
        candidate: '2.8.0-rc1',
        suites: [{ name: 'demo', problem: null, benchmarks: [{ name: 'resnet', change: 'regression' }] }],
      },
    },
  });
});

it('reads one file by its name where the place is one', async () => {
  app = appWith({ place: 'results-{version}.json', proof: 'place', baseline: '2.7.1' });
  await recordManifest(app, rc1, { core: 'one' });
  store.plant('results-2.7.1.json', results(100));
  store.plant('results-2.8.0-rc1.json', results(90));
  expect(await gate()).toMatchObject({ verdict: 'pass', summary: 'Demo: 2.8.0-rc1 against 2.7.1: 1 improvement' });
});

it('has no data where the store cannot be read', async () => {
  app = {
    ...appWith({ baseline: '2.7.1' }),
    stores: {
      ...noStores,
      of: () => Promise.reject(Object.assign(new Error('403 of the store'), { code: 'not-allowed' })),
    },
  };
  await recordManifest(app, rc1, { core: 'one' });
  expect(await gate()).toMatchObject({ verdict: 'no-data', summary: 'Demo: could not be read: 403 of the store' });
});

it('knows the release before: the patch before, else the newest of the lines before', async () => {
  expect(await releaseBefore(app, ReleaseVersion.parse('2.8.2'))).toBe('2.8.1');
  expect(await releaseBefore(app, release)).toBe('2.7.0');
  await createRelease(app, ReleaseVersion.parse('2.7.1'));
  expect(await releaseBefore(app, release)).toBe('2.7.1');
  expect(await releaseBefore(app, ReleaseVersion.parse('3.0.0'))).toBe('2.8.0');
});

it.each([
  ['no word for the version', 'results/'],
  ['a way out', '../{tag}/'],
  ['an empty part', 'a//{tag}'],
])('is refused in the train file with %s in its place', (_what, place) => {
  expect(FinalChecks.safeParse({ performance: { demo: { ...suite, place } } }).success).toBe(false);
});
