import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { isOpen } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { sealManifest, type ManifestFile } from '../../domain/manifest.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { candidateOf, tagOf } from '../../domain/version.ts';
import { startPackageIndex, type PackageIndex } from '../../sandbox/packages.ts';
import { applyOnce, composeFor, type ApplyEnd, type ApplyOrder } from '../../testing/crash-apply.ts';
import { buildCrashProgram, startChild, type CrashProgram } from '../../testing/crash-process.ts';
import { NOW } from '../../testing/engine-world.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { makeRepo, testGit } from '../../testing/git-repos.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { planIn } from '../../testing/promotion-story.ts';
import { WHOLE_CANDIDATE as CANDIDATE, WHOLE_RELEASE as RELEASE } from '../../testing/whole-release.ts';
import type { App } from '../app.ts';
import { judge } from '../judge.ts';
import { approvePlan } from '../plans.ts';
import { entriesOf, record } from '../record.ts';
import { promotePypi, PYPI_GATES } from './pypi.ts';
import { promoteStage } from './stage.ts';

const input = { release: RELEASE, dryRun: false };
const TOKEN = 'pypi-together';
const REPOS = ['core', 'vision'] as const;

/** Two repositories, eight wheels, of which the four for the CPU go to the index; stores in folders beside the train file. */
function trainText(dir: string, index: PackageIndex): string {
  const builds = [{ kind: 'wheel', platforms: ['linux-x86_64'], accelerators: ['cpu', 'cuda'] }];
  const folder = (name: string): object => ({ holds: 'wheel', store: 'object-store', address: join(dir, name) });
  return JSON.stringify({
    train: 'small',
    title: 'Small',
    product: 'torch',
    roles: { 'release-manager': ['ana', 'ben'], approver: ['cleo', 'dora'] },
    repos: {
      core: { role: 'core', source: 'main', remote: join(dir, 'core.git'), packages: ['torch'] },
      vision: { role: 'domain', source: 'main', remote: join(dir, 'vision.git'), packages: ['torchvision'] },
    },
    support: {
      columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
      lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda: [{ versions: ['12.6'] }] } } },
      operatingSystems: [{ family: 'Linux', architectures: ['x86_64'] }],
    },
    artifacts: {
      platforms: {
        'linux-x86_64': {
          system: 'Linux',
          architecture: 'x86_64',
          wheels: [{ tags: ['{python}-{abi}-manylinux_2_28_x86_64'] }],
        },
      },
      accelerators: { cpu: { title: 'CPU', name: 'cpu' }, cuda: { title: 'CUDA', name: 'cu{digits}' } },
      packages: { torch: { builds }, torchvision: { builds } },
      publish: { pypi: [{ platform: 'linux-x86_64', accelerator: 'CPU' }] },
    },
    channels: {
      test: { title: 'Test', write: 'replace', places: [folder('test')] },
      staging: { title: 'Staging', write: 'append', places: [folder('staging')] },
      stable: { title: 'Stable', write: 'append', places: [folder('stable')] },
      pypi: {
        title: 'The index',
        write: 'once',
        places: [
          {
            holds: 'wheel',
            store: 'package-index',
            address: index.simpleUrl,
            upload: index.uploadUrl,
            limits: { file: '1 MiB', project: '10 MiB' },
          },
        ],
      },
    },
    promotion: { staging: 'staging', stable: ['stable'], pypi: 'pypi' },
  });
}

let program: CrashProgram;
let home: string;
let database: TestDatabase;
let index: PackageIndex;
let plan: Plan;

beforeAll(async () => {
  program = await buildCrashProgram();
});
afterAll(() => program.remove());

function order(user: string, more: Partial<ApplyOrder> = {}): ApplyOrder {
  return {
    trainFile: join(home, 'train.yaml'),
    token: 'none',
    databaseUrl: database.url('signalbox'),
    now: NOW,
    plan: plan?.id ?? '',
    confirmation: 'torch 2.8.0',
    user,
    indexToken: TOKEN,
    killAt: null,
    pauseAt: null,
    ...more,
  };
}

async function as<Answer>(user: string, work: (app: App) => Promise<Answer>): Promise<Answer> {
  const app = await composeFor(order(user), fixedClock(NOW));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** A candidate that is built, tagged, recorded and final. */
async function finalCandidate(app: App): Promise<void> {
  const { train } = app.loaded;
  const expected = expectedArtifacts(train, RELEASE);
  if (!expected.ok) throw new Error('the train has no artifacts');
  const files: ManifestFile[] = [];
  for (const { key: cell, cell: of, file, folder, version } of expected.value.cells) {
    const tags = file
      .replace(/\.whl$/, '')
      .split('-')
      .slice(-3)
      .join('-');
    const { bytes } = makeWheel({ name: of.package, version, tags, requiresPython: '>=3.12' });
    const key = StoreKey.parse(`${folder}/${file}`);
    const path = join(home, 'test', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    files.push({ cell, repo: of.repo, key, size: bytes.length, digest: sha256Of(bytes), run: null, requires: null });
  }
  const repos = [];
  for (const { key, release } of reposOf(train, RELEASE)) {
    const dir = join(home, `${key}.git`);
    const { commits } = await makeRepo({ dir, commits: [{ files: { 'version.txt': `${release}\n` } }] });
    const [commit] = commits;
    if (commit === undefined) throw new Error('nothing was committed');
    const candidate = candidateOf(release, 3);
    await testGit(dir, ['branch', 'release/2.8', commit]);
    await testGit(dir, ['tag', tagOf(candidate), commit]);
    repos.push({ repo: key, candidate, commit });
  }
  const of = { train: train.train, release: RELEASE, candidate: CANDIDATE, channel: 'test', repos, files };
  const { manifest, digest } = sealManifest(of);
  const told = { release: RELEASE, candidate: CANDIDATE };
  await record(app, { type: 'manifest-recorded', ...told, digest, manifest, proof: 'read', reason: '' });
  await record(app, { type: 'candidate-final', ...told, manifest: digest, reason: '' });
}

async function waive(app: App): Promise<void> {
  const { gates } = await judge(app, RELEASE, { families: PYPI_GATES });
  const until = Instant.parse('2099-01-01T00:00:00Z');
  for (const gate of gates.filter((each) => !isOpen(each)))
    await record(app, { type: 'gate-waived', release: RELEASE, gate: gate.id, reason: 'not in this world', until });
}

async function openWorld(): Promise<void> {
  home = await mkdtemp(join(process.env['SIGNALBOX_TEST_HOME'] ?? tmpdir(), 'together-'));
  for (const name of ['test', 'staging', 'stable']) await mkdir(join(home, name));
  database = await testDatabase();
  const owner = { login: 'owner', token: TOKEN, password: 'owner', projects: null };
  index = await startPackageIndex({ dir: null, now: () => NOW, accounts: [owner] });
  await writeFile(join(home, 'train.yaml'), trainText(home, index));
  await as('ana', async (app) => {
    await finalCandidate(app);
    const staged = planIn(await promoteStage(app, input));
    const end = await applyOnce(app, { plan: staged.id, confirmation: null });
    if (end.end !== 'finished') throw new Error(`staging ended with ${JSON.stringify(end)}`);
    await waive(app);
    plan = planIn(await promotePypi(app, input));
  });
  for (const user of ['cleo', 'dora']) await as(user, (app) => approvePlan(app, plan.id));
}

async function closeWorld(): Promise<void> {
  await index.stop();
  await database.drop();
  await rm(home, { recursive: true, force: true });
}

beforeEach(openWorld);
afterEach(closeWorld);

/** Goes on as ben, waiting while the database has not seen yet that a killed process is gone. */
async function goOn(): Promise<ApplyEnd> {
  for (const until = performance.now() + 10_000; ;) {
    const end = await as('ben', (app) => applyOnce(app, order('ben')));
    if (end.end !== 'refused' || !end.codes.includes('held-by-other') || performance.now() > until) return end;
    await delay(5);
  }
}

/** That everything was published, and nothing of it twice. */
async function expectPublished(): Promise<void> {
  const uploads = index.requests.all().filter(({ method, path }) => method === 'POST' && path === '/legacy/');
  expect(uploads.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(index.files()).toHaveLength(4);
  for (const repo of REPOS) {
    expect((await testGit(join(home, `${repo}.git`), ['tag', '--list', 'v2.8.0'])).trim()).toBe('v2.8.0');
  }
  const entries = await as('ana', (app) => entriesOf(app, RELEASE));
  const receipts = entries.flatMap(({ event }) =>
    event.type === 'step-receipt' && event.plan === plan.id ? [event.step] : [],
  );
  expect(receipts.toSorted()).toEqual(plan.body.steps.map(({ key }) => key).toSorted());
  expect(entries.filter(({ event }) => event.type === 'plan-finished' && event.plan === plan.id)).toHaveLength(1);
}

describe('two operators who publish the same release at once', () => {
  it('one does it; the other is told who, uploads nothing, and later hears that it is done', async () => {
    const first = startChild(program, order('ana', { pauseAt: 'packages.upload after' }));
    await first.paused;
    const second = await startChild(program, order('ben')).ended;
    expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
    expect(second.answer).toHaveProperty('text', expect.stringContaining(`ana is changing 2.8.0 since ${NOW}`));
    expect(second.points.filter((point) => point.startsWith('packages.upload'))).toEqual([]);
    first.goOn();
    expect((await first.ended).answer).toEqual({ end: 'finished' });
    const later = await startChild(program, order('ben')).ended;
    expect(later.answer).toMatchObject({ end: 'refused', codes: ['plan-finished'] });
    await expectPublished();
  });

  it('in the same moment: one does it, the other does nothing', async () => {
    const both = ['ana', 'ben'].map((user) => startChild(program, order(user)));
    const ends = (await Promise.all(both.map((child) => child.ended))).map(({ answer }) => answer);
    expect(ends.filter((end) => end?.end === 'finished')).toHaveLength(1);
    const other = ends.find((end) => end?.end !== 'finished');
    expect(other).toMatchObject({ end: 'refused', codes: [expect.stringMatching(/^(held-by-other|plan-finished)$/)] });
    await expectPublished();
  });

  it.each(['packages.upload before', 'packages.upload after', 'ledger.append step-receipt before', 'git.push before'])(
    'the first is killed at %s: the second, refused until then, finishes it, and no file is sent twice',
    async (pauseAt) => {
      const first = startChild(program, order('ana', { pauseAt }));
      await first.paused;
      const second = await startChild(program, order('ben')).ended;
      expect(second.answer).toMatchObject({ end: 'refused', codes: ['held-by-other'] });
      first.kill();
      expect((await first.ended).killed).toBe(true);
      expect(await goOn()).toEqual({ end: 'finished' });
      await expectPublished();
    },
  );
});

/** All points take some minutes; without it a sample is tried. */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SAMPLE = 25;
const TRIES = 3;
const SEED = Number(process.env['SIGNALBOX_SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** Some of the numbers, as the seed has it, in order. */
function sampleOf(count: number): readonly number[] {
  let state = (SEED % 2_147_483_646) + 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: count }, (_, number) => ({ number: number + 1, rank: next() }))
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, LONG ? count : SAMPLE)
    .map(({ number }) => number)
    .toSorted((left, right) => left - right);
}

describe('a process that dies at any point of a publication', () => {
  it('leaves a release that the next apply brings to the same end, with no file sent twice', async () => {
    const started = performance.now();
    const { points } = await startChild(program, order('ana')).ended;
    await expectPublished();
    const numbers = sampleOf(points.length);
    let killed = 0;
    for (const killAt of numbers) {
      await closeWorld();
      await openWorld();
      const run = await startChild(program, order('ana', { killAt })).ended;
      killed += run.killed ? 1 : 0;
      let end = await goOn();
      // A push of the dead process may land in the middle of the next apply, which stops then.
      for (let tries = 1; end.end === 'stopped' && tries < TRIES; tries += 1) end = await goOn();
      const isOver = end.end === 'finished' || (end.end === 'refused' && end.codes.join() === 'plan-finished');
      expect([killAt, run.points.at(-1), isOver]).toEqual([killAt, run.points.at(-1), true]);
      await expectPublished();
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const how = LONG ? 'all of them' : `seed ${SEED}; SIGNALBOX_SEED repeats it, SIGNALBOX_LONG=1 tries all`;
    process.stderr.write(`publication: killed at ${killed} of ${points.length} points in ${seconds} s (${how})\n`);
    // Receipts that end together are stored by one append: a run may have a few points fewer than the first one had.
    expect(killed).toBeGreaterThan(numbers.length * 0.9);
  }, 1_800_000);
});
