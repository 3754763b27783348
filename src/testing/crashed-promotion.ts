import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { folderStore } from '../adapters/folder/store.ts';
import type { App } from '../app/app.ts';
import { judge } from '../app/judge.ts';
import { approvePlan } from '../app/plans.ts';
import { entriesOf, record } from '../app/record.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { isOpen } from '../domain/gate.ts';
import { Instant } from '../domain/instant.ts';
import { sealManifest, type ManifestFile } from '../domain/manifest.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { StoreKey } from '../domain/store-key.ts';
import { reposOf } from '../domain/train/naming.ts';
import { candidateOf, tagOf } from '../domain/version.ts';
import { startPackageIndex, type PackageIndex } from '../sandbox/packages.ts';
import { applyOnce, composeFor, type ApplyEnd, type ApplyOrder } from './crash-apply.ts';
import type { CrashRun } from './crash-process.ts';
import { NOW } from './engine-world.ts';
import { fixedClock } from './fixed-clock.ts';
import { makeRepo, testGit } from './git-repos.ts';
import { makeWheel } from './make-wheel.ts';
import { sha256Of } from './memory-store.ts';
import { testDatabase } from './postgres.ts';
import { WHOLE_CANDIDATE as CANDIDATE, WHOLE_RELEASE as RELEASE } from './whole-release.ts';

const TOKEN = 'pypi-together';
/** How long the database may need to see that a killed process is gone. */
const PATIENCE_MILLIS = 10_000;
/** More than one is needed only when a push of the dead process lands in the middle of the next. */
const TRIES = 3;

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

/** A promotion on real folders, repositories, an index over HTTP and PostgreSQL, which processes of their own work at. */
export interface CrashedPromotion {
  /** Where all of it lies; the stores of the channels are folders of their names. */
  readonly home: string;
  readonly index: PackageIndex;
  readonly plan: Plan;
  /** What a process that carries the plan out as this user is told. */
  order(user: string, more?: Partial<ApplyOrder>): ApplyOrder;
  as<Answer>(user: string, work: (app: App) => Promise<Answer>): Promise<Answer>;
  /** Goes on as ben, waiting while the database has not seen yet that a killed process is gone. */
  goOn(): Promise<ApplyEnd>;
  /** What is wrong with the ledger of a plan that was carried out to its end: each step has one receipt, and it ended once. */
  readonly wrongInLedger: () => Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens such a world: the candidate is built, recorded and final; `prepare` makes the plan as ana, two others approve it. */
export async function openCrashedPromotion(prepare: (app: App) => Promise<Plan>): Promise<CrashedPromotion> {
  const home = await mkdtemp(join(process.env['SIGNALBOX_TEST_HOME'] ?? tmpdir(), 'together-'));
  for (const name of ['test', 'staging', 'stable']) await mkdir(join(home, name));
  const database = await testDatabase();
  const owner = { login: 'owner', token: TOKEN, password: 'owner', projects: null };
  const index = await startPackageIndex({ dir: null, now: () => NOW, accounts: [owner] });
  await writeFile(join(home, 'train.yaml'), trainText(home, index));
  const general = (user: string): Omit<ApplyOrder, 'plan' | 'confirmation'> => ({
    trainFile: join(home, 'train.yaml'),
    token: 'none',
    databaseUrl: database.url('signalbox'),
    now: NOW,
    user,
    indexToken: TOKEN,
    killAt: null,
    pauseAt: null,
  });
  const as = async <Answer>(user: string, work: (app: App) => Promise<Answer>): Promise<Answer> => {
    const app = await composeFor(general(user), fixedClock(NOW));
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  };
  const plan = await as('ana', async (app) => {
    await finalCandidate(app, home);
    return prepare(app);
  });
  for (const user of ['cleo', 'dora']) await as(user, (app) => approvePlan(app, plan.id));
  const applied = { plan: plan.id, confirmation: plan.body.phrase };
  return {
    home,
    index,
    plan,
    order: (user, more = {}) => ({ ...general(user), ...applied, ...more }),
    as,
    goOn: async () => {
      for (const until = performance.now() + PATIENCE_MILLIS; ;) {
        const end = await as('ben', (app) => applyOnce(app, applied));
        if (end.end !== 'refused' || !end.codes.includes('held-by-other') || performance.now() > until) return end;
        await delay(5);
      }
    },
    wrongInLedger: async () => {
      const entries = await as('ana', (app) => entriesOf(app, RELEASE));
      const events = entries.flatMap(({ event }) => ('plan' in event && event.plan === plan.id ? [event] : []));
      const receipts = events.flatMap((event) => (event.type === 'step-receipt' ? [event.step] : []));
      const ends = events.filter(({ type }) => type === 'plan-finished').length;
      return [
        ...plan.body.steps.flatMap(({ key }) => {
          const count = receipts.filter((step) => step === key).length;
          return count === 1 ? [] : [`${key} has ${count} receipts`];
        }),
        ...(ends === 1 ? [] : [`it ended ${ends} times`]),
      ];
    },
    close: async () => {
      await index.stop();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A candidate that is built, tagged, recorded and final. */
async function finalCandidate(app: App, home: string): Promise<void> {
  const { train } = app.loaded;
  const expected = expectedArtifacts(train, RELEASE);
  if (!expected.ok) throw new Error('the train has no artifacts');
  const built = folderStore(join(home, 'test'));
  const files: ManifestFile[] = [];
  for (const { key: cell, cell: of, file, folder, version } of expected.value.cells) {
    const tags = file
      .replace(/\.whl$/, '')
      .split('-')
      .slice(-3)
      .join('-');
    const { bytes } = makeWheel({ name: of.package, version, tags, requiresPython: '>=3.12' });
    const key = StoreKey.parse(`${folder}/${file}`);
    const digest = sha256Of(bytes);
    const served = { contentType: 'application/zip', cacheControl: null };
    await built.put(key, { bytes }, { sha256: digest, served, onlyIf: 'absent' });
    files.push({ cell, repo: of.repo, key, size: bytes.length, digest, run: null, requires: null });
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

/** Waives what cannot be judged in this world of these families of gates. */
export async function waiveGates(app: App, families: readonly string[]): Promise<void> {
  const { gates } = await judge(app, RELEASE, { families });
  const until = Instant.parse('2099-01-01T00:00:00Z');
  for (const gate of gates.filter((each) => !isOpen(each)))
    await record(app, { type: 'gate-waived', release: RELEASE, gate: gate.id, reason: 'not in this world', until });
}

/** All points take minutes; without this a sample of them is tried. */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SEED = Number(process.env['SIGNALBOX_SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** Some of the numbers, as the seed has it, in order. */
function sampleOf(count: number, most: number): readonly number[] {
  let state = (SEED % 2_147_483_646) + 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: count }, (_, number) => ({ number: number + 1, rank: next() }))
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, LONG ? count : most)
    .map(({ number }) => number)
    .toSorted((left, right) => left - right);
}

/** How a plan is tried by killing the processes that carry it out. */
export interface KillTrial {
  readonly name: string;
  /** Points that are tried unless SIGNALBOX_LONG is set. */
  readonly sample: number;
  readonly open: () => Promise<CrashedPromotion>;
  readonly start: (order: ApplyOrder) => { readonly ended: Promise<CrashRun> };
  /** Called where the plan was carried out, undisturbed the first time; throws where the world is not as planned. */
  readonly expectDone: (world: CrashedPromotion) => Promise<void>;
}

/** What came of killing. */
export interface Killed {
  readonly killed: number;
  readonly tried: number;
  /** Points that a run came to, and was not killed at. One that had none of that number is in neither: receipts that end together are stored by one append. */
  readonly missed: readonly number[];
  /** By the number of the point and its name: ends that are not the end of the plan. */
  readonly notOver: readonly string[];
}

/** Kills a process at points of carrying the plan out, each in a world of its own, lets another go on, and looks at what came of it. */
export async function killAtPoints({ name, sample, open, start, expectDone }: KillTrial): Promise<Killed> {
  const started = performance.now();
  const inWorld = async <Answer>(work: (world: CrashedPromotion) => Promise<Answer>): Promise<Answer> => {
    const world = await open();
    try {
      return await work(world);
    } finally {
      await world.close();
    }
  };
  const { points } = await inWorld(async (world) => {
    const run = await start(world.order('ana')).ended;
    await expectDone(world);
    return run;
  });
  const numbers = sampleOf(points.length, sample);
  const notOver: string[] = [];
  const missed: number[] = [];
  let killed = 0;
  for (const killAt of numbers) {
    await inWorld(async (world) => {
      const run = await start(world.order('ana', { killAt })).ended;
      if (run.killed) killed += 1;
      else if (run.points.length >= killAt) missed.push(killAt);
      let end = await world.goOn();
      // A push of the dead process may land in the middle of the next apply, which stops then.
      for (let tries = 1; end.end === 'stopped' && tries < TRIES; tries += 1) end = await world.goOn();
      const isOver = end.end === 'finished' || (end.end === 'refused' && end.codes.join() === 'plan-finished');
      if (isOver) await expectDone(world);
      else notOver.push(`${killAt} ${run.points.at(-1) ?? ''}: ${JSON.stringify(end)}`);
    });
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const how = LONG ? 'all of them' : `seed ${SEED}; SIGNALBOX_SEED repeats it, SIGNALBOX_LONG=1 tries all`;
  process.stderr.write(`${name}: killed at ${killed} of ${points.length} points in ${seconds} s (${how})\n`);
  return { killed, tried: numbers.length, missed, notOver };
}
