import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, postgresLeases, postgresLedger } from '../../adapters/postgres/index.ts';
import { s3Store } from '../../adapters/s3/store.ts';
import { secretOf } from '../../config/environment-reading.ts';
import { tagRef } from '../../domain/git-names.ts';
import { isOpen } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Result } from '../../domain/result.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { candidateOf, tagOf } from '../../domain/version.ts';
import { startPackageIndex } from '../../sandbox/packages.ts';
import { objectServer, WITHOUT_CEPH } from '../../testing/ceph.ts';
import { serveChannel } from '../../testing/channel-server.ts';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PIP } from '../../testing/debian-tools.ts';
import { NOW, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { faultProxy, type Passed } from '../../testing/fault-proxy.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { fakeId } from '../../testing/memory-git.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { applyIn, planIn } from '../../testing/promotion-story.ts';
import { testBucket } from '../../testing/test-bucket.ts';
import {
  builtWheels,
  commitsOfOneMoment,
  STRANGERS,
  WHOLE_CANDIDATE,
  WHOLE_RELEASE,
  wholeTrain,
} from '../../testing/whole-release.ts';
import type { App } from '../app.ts';
import { draftRecord, recordManifest } from '../artifacts/record.ts';
import { composeFiles } from '../compose-files.ts';
import { composePackages } from '../compose-packages.ts';
import { composePages } from '../compose-pages.ts';
import { composeStores } from '../compose-stores.ts';
import { markFinal } from '../final-candidate.ts';
import { judge } from '../judge.ts';
import type { Planned } from '../planned.ts';
import { approvePlan } from '../plans.ts';
import type { AppProblem } from '../problem.ts';
import { record } from '../record.ts';
import { backupCandidate } from './backup.ts';
import { publishedRelease } from './published.ts';
import { promotePypi } from './pypi.ts';
import { promoteStable } from './stable.ts';
import { promoteStage } from './stage.ts';

const input = { release: WHOLE_RELEASE, dryRun: false };
const INDEX_TOKEN = 'pypi-whole-release';
/** What rests on a forge, on builders and on a resolver, none of which this world has. */
const NOT_IN_THIS_WORLD = [
  'milestone-resolved',
  'picks-settled',
  'reverts-settled',
  'artifacts-valid',
  'index-valid',
  'companions-resolve',
  'staged-valid',
];

const closing: (() => Promise<void> | void)[] = [];
/** What the product asked the S3 server, by the part of the release. */
const asked = new Map<string, readonly Passed[]>();

function granted<Value>(answer: Result<Value, AppProblem>): Value {
  if (!answer.ok) throw new Error(answer.problems.map(({ text }) => text).join('\n'));
  return answer.value;
}

/** A release on a real S3 server, a real index over HTTP and PostgreSQL, and who acts in it. */
async function openWorld() {
  const server = await objectServer();
  const proxy = await faultProxy(server.endpoint);
  const [main, other] = [await testBucket(server), await testBucket(server)];
  const { endpoint, ...credentials } = server;
  const lies = {
    test: [main.name, 'whl/test'],
    backup: [main.name, 'backup'],
    staging: [main.name, 'staging'],
    stable: [main.name, 'whl/stable'],
    mirror: [other.name, 'whl'],
  } as const;
  /** The same stores by a way that nobody counts. */
  const storeAt = (name: keyof typeof lies) => {
    const [bucket, prefix] = lies[name];
    const store = s3Store({ bucket, prefix, endpoint, region: 'us-east-1', pathStyle: true, credentials });
    closing.push(() => store.close());
    return store;
  };
  const stores = {
    test: storeAt('test'),
    backup: storeAt('backup'),
    staging: storeAt('staging'),
    stable: storeAt('stable'),
    mirror: storeAt('mirror'),
  };
  const outside = { stable: await serveChannel(stores.stable), mirror: await serveChannel(stores.mirror) };
  const owner = { login: 'owner', token: INDEX_TOKEN, password: 'owner', projects: null };
  const index = await startPackageIndex({ dir: null, now: () => NOW, accounts: [owner] });
  const train = wholeTrain({
    index: { address: index.simpleUrl, upload: index.uploadUrl },
    place: (name) => {
      const origin = `s3://${lies[name].join('/')}`;
      const address = name === 'stable' || name === 'mirror' ? outside[name].url : undefined;
      const server_ = { endpoint: proxy.url, pathStyle: true };
      return address === undefined
        ? { address: origin, server: server_, public: false }
        : { address, origin, server: server_ };
    },
  });
  const environment = {
    storeKeys: new Map([
      ['', { accessKeyId: credentials.accessKeyId, secretAccessKey: secretOf(credentials.secretAccessKey) }],
    ]),
    storeAddresses: new Map<string, string>(),
    indexTokens: new Map([['pypi', secretOf(INDEX_TOKEN)]]),
    indexUploads: new Map<string, string>(),
    jobIdentity: null,
    oauth: null,
  };
  const composed = composeStores({ dir: '/nowhere', train, environment, answers: null });
  const database = await testDatabase();
  const opened = await openDatabase(database.place);
  closing.push(
    () => composed.close(),
    () => opened.close(),
    () => database.drop(),
    () => index.stop(),
    () => outside.stable.close(),
    () => outside.mirror.close(),
    () => proxy.close(),
    () => main.close(),
    () => other.close(),
  );
  const ledger = postgresLedger(opened);
  const leases = postgresLeases(opened);
  let who = 'ana';
  const bare = memoryApp({
    loaded: { train, digest: TRAIN_DIGEST },
    ledger: async () => ledger,
    leases: async () => leases,
    stores: composed,
    pages: composePages(composed),
    packages: composePackages({ train, environment, stores: composed }),
    who: async () => who,
  });
  const app = {
    ...bare,
    files: composeFiles({ train, stores: composed, outside: bare.outside }),
    git: { ...bare.git, log: commitsOfOneMoment },
  };
  return {
    app,
    stores,
    index,
    plant: (key: string, bytes: Uint8Array) => main.plant(`whl/test/${key}`, bytes),
    as: (name: string) => {
      who = name;
    },
    /** Does a part of the release, and keeps what it asked the S3 server. */
    part: async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
      proxy.begin();
      const started = performance.now();
      const value = await work();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const passed = [...proxy.passed];
      asked.set(name, passed);
      const down = passed.reduce((sum, { received }) => sum + received, 0);
      process.stdout.write(
        `whole release: ${name}: ${passed.length} requests, ${(down / 1e6).toFixed(2)} MB down, ${seconds} s\n`,
      );
      return value;
    },
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** Files on S3 as builders leave them, the tags of the candidate, and things that lie beside it. */
async function build({ app, stores, plant }: World): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const { key, bytes } of builtWheels(app)) {
    const sha256 = sha256Of(bytes);
    await stores.test.put(
      key,
      { bytes },
      { sha256, served: { contentType: 'application/zip', cacheControl: null }, onlyIf: 'absent' },
    );
    digests.set(key, sha256);
  }
  for (const key of STRANGERS) await plant(key, Buffer.from(key));
  for (const { key, release } of reposOf(app.loaded.train, WHOLE_RELEASE))
    app.git.setRef(`/remotes/${key}`, tagRef(tagOf(candidateOf(release, 3))), fakeId(`${key} rc3`));
  return digests;
}

/** A person decides what cannot be seen here. */
async function waive(app: App): Promise<void> {
  const { gates } = await judge(app, WHOLE_RELEASE, { families: NOT_IN_THIS_WORLD });
  const until = Instant.parse('2099-01-01T00:00:00Z');
  for (const gate of gates.filter((each) => !isOpen(each))) {
    const why = { gate: gate.id, reason: 'not in this world', until };
    await record(app, { type: 'gate-waived', release: WHOLE_RELEASE, ...why });
  }
}

/** Two people approve the plan where that is needed, and it is carried out. */
async function carryOut({ app, as }: World, plan: Plan): Promise<void> {
  for (const who of ['cleo', 'dora']) {
    as(who);
    await approvePlan(app, plan.id);
  }
  as('ana');
  const applied = await applyIn(app, plan);
  if (applied.end !== 'finished') throw new Error(applied.stopped.map(({ reason }) => reason).join('\n'));
}

/** Plans and carries out, counted apart. */
async function promote(
  world: World,
  name: string,
  plan: (app: App) => Promise<Result<Planned, AppProblem>>,
): Promise<void> {
  const made = await world.part(`plan ${name}`, async () => planIn(await plan(world.app)));
  await world.part(name, () => carryOut(world, made));
}

async function keysIn(store: World['stores']['stable']): Promise<readonly StoreKey[]> {
  const keys: StoreKey[] = [];
  for await (const page of store.list('')) keys.push(...page.objects.map(({ key }) => key));
  return keys.toSorted();
}

/** More than any wheel here. */
const MOST = 1024 * 1024;
/** What is read to see the METADATA of one: not all of these, and next to nothing of a large one. */
const END_OF_WHEEL = 128 * 1024;

/** Of wheels, what came down: all bytes, and the most that came of one in one answer. */
function wheelsDown(part: string): { readonly bytes: number; readonly most: number } {
  const reads = (asked.get(part) ?? []).filter((one) => one.method === 'GET' && keyPath(one).endsWith('.whl'));
  const received = reads.map((read) => read.received);
  return { bytes: received.reduce((sum, each) => sum + each, 0), most: Math.max(0, ...received) };
}

/** Without what is asked about it. */
function keyPath({ path }: Passed): string {
  return path.split('?')[0] ?? path;
}

/** What a request is about: a wheel by where it lies, or what is written beside wheels. */
function subjectOf(passed: Passed): string {
  if (passed.path.includes('list-type=2')) return 'listing';
  const path = keyPath(passed);
  const [, , first = '', second = ''] = path.split('/');
  if (path.endsWith('.metadata')) return 'metadata';
  if (/\.(?:html|json)$/.test(path)) return 'page';
  if (first !== 'whl') return first;
  return second === 'test' || second === 'stable' ? second : 'mirror';
}

/** How often what was asked in a part of the release. */
function countsOf(part: string): Readonly<Record<string, number>> {
  const groups = Map.groupBy(asked.get(part) ?? [], (one) => `${one.method} ${subjectOf(one)}`);
  return Object.fromEntries([...groups].map(([what, all]) => [what, all.length]));
}

const PIP = ['pip', 'install', '--isolated', '--no-cache-dir', '--disable-pip-version-check'];
/** For two machines that this one is not. */
const INSTALLED = [
  {
    python: '3.12',
    platform: 'manylinux_2_28_x86_64',
    packages: ['torch-2.8.0', 'torchaudio-2.8.0', 'torchtext-0.19.0', 'torchvision-0.23.0'],
  },
  { python: '3.10', platform: 'win_amd64', packages: ['torch-2.8.0', 'torchvision-0.23.0'] },
];

/** A Python module of Debian, with nothing of this machine's settings. */
function python(home: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, PIP_CONFIG_FILE: '/dev/null', LC_ALL: 'C.UTF-8' };
  return new Promise((resolve, reject) => {
    execFile(DEBIAN_PYTHON, ['-m', ...args], { env, timeout: 120_000 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${stdout}\n${stderr}`)),
    );
  });
}

describe.skipIf(WITHOUT_CEPH)('a whole release on a real S3 server, a real index and PostgreSQL', () => {
  let world: World;
  let digests: ReadonlyMap<string, string>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-whole-'));
    world = await openWorld();
    const { app } = world;
    digests = await build(world);
    await world.part('record', async () => {
      const draft = await draftRecord(app, { candidate: WHOLE_CANDIDATE, read: false, replace: null });
      await recordManifest(app, granted(draft));
    });
    await promote(world, 'backup', (to) => backupCandidate(to, { candidate: WHOLE_CANDIDATE, dryRun: false }));
    await world.part('decide', async () => {
      await waive(app);
      granted(await markFinal(app, { candidate: WHOLE_CANDIDATE, reason: 'all well' }));
    });
    await promote(world, 'stage', (to) => promoteStage(to, input));
    await world.part('decide again', () => waive(app));
    await promote(world, 'stable', (to) => promoteStable(to, input));
    await promote(world, 'pypi', (to) => promotePypi(to, input));
  }, 600_000);

  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings exactly the files of the manifest to stable, its mirror and the backup, byte for byte', async () => {
    expect(digests.size).toBe(150);
    const kept = new Map([...digests].map(([key, digest]) => [`v2.8.0-rc3/wheel/${key}`, digest]));
    for (const [name, wanted] of [
      ['stable', digests],
      ['mirror', digests],
      ['backup', kept],
    ] as const) {
      const store = world.stores[name];
      const found = new Map<string, string>();
      for (const key of await keysIn(store)) {
        if (!/\.(?:html|json|metadata)$/.test(key))
          found.set(key, sha256Of((await store.source(key).tail(MOST)).bytes));
      }
      expect([name, found]).toEqual([name, wanted]);
    }
    // What lay beside them still does.
    expect(await keysIn(world.stores.test)).toEqual([...digests.keys(), ...STRANGERS].toSorted());
  });

  it('lets the server copy: of no wheel more comes here than its end', () => {
    expect(wheelsDown('backup')).toEqual({ bytes: 0, most: 0 });
    for (const [part, files] of [
      ['plan stable', 150],
      ['stable', 300],
    ] as const) {
      const { bytes, most } = wheelsDown(part);
      process.stdout.write(`whole release: ${part}: ${bytes} bytes of wheels came here, ${most} at most at once\n`);
      expect([part, most <= END_OF_WHEEL, bytes <= files * END_OF_WHEEL]).toEqual([part, true, true]);
    }
  });

  it('asks the server for less than ten things a file, and for nothing twice that is written once', () => {
    const [planned, applied] = [countsOf('plan stable'), countsOf('stable')];
    // Sources once for the plan and once for the gates; of the destinations listings tell that they are free.
    expect(planned).toMatchObject({ 'HEAD test': 300, 'HEAD backup': 150, 'HEAD staging': 30, 'GET test': 150 });
    expect([planned['HEAD stable'], planned['HEAD mirror']]).toEqual([undefined, undefined]);
    expect(applied).toMatchObject({
      'HEAD test': 150,
      'HEAD backup': 150,
      'HEAD staging': 30,
      'PUT stable': 150,
      'PUT mirror': 150,
      // Before it is written, and after.
      'HEAD metadata': 600,
      'PUT metadata': 300,
      // When it is its turn, and before and after it is written, in 60 pages of two forms.
      'HEAD page': 360,
      'PUT page': 120,
    });
    expect([applied['GET metadata'], applied['GET page']]).toEqual([undefined, undefined]);
    // The wheels' metadata is read for one of the two places, or by both at once; a copy is shown by a listing or looked at, and looked at from outside.
    const most = { 'GET stable': 150, 'GET mirror': 150, 'HEAD stable': 300, 'HEAD mirror': 300 };
    for (const [what, limit] of Object.entries(most))
      expect([what, (applied[what] ?? 0) <= limit]).toEqual([what, true]);
    const all = asked.get('stable')?.length ?? 0;
    process.stdout.write(`whole release: stable: ${(all / 300).toFixed(1)} requests a file\n`);
    expect(all).toBeLessThan(300 * 10);
  });

  it('gives the index what was staged, each file once, and to both of its gates what they look for', async () => {
    const uploads = world.index.requests.all().filter(({ method, path }) => method === 'POST' && path === '/legacy/');
    expect(uploads.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    const staged = new Map<string, string>();
    for (const key of await keysIn(world.stores.staging)) {
      const object = await world.stores.staging.look(key);
      staged.set(key.split('/').at(-1) ?? key, object?.sha256 ?? 'none');
    }
    expect(new Map(world.index.files().map(({ name, sha256 }) => [name, `sha256:${sha256}`]))).toEqual(staged);
    const { gates } = await judge(world.app, WHOLE_RELEASE, { families: ['stable-verified', 'released'] });
    expect(gates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['stable-verified', 'pass'],
      ['released', 'pass'],
    ]);
    expect(await publishedRelease(world.app, WHOLE_RELEASE)).toMatchObject({ ok: true, value: { holds: true } });
  });

  it.skipIf(WITHOUT_DEBIAN_PIP)('is what the real pip installs', async () => {
    for (const { python: version, platform, packages } of INSTALLED) {
      const target = join(folder, platform);
      const where = ['--target', target, '--python-version', version, '--platform', platform];
      const from = ['--only-binary=:all:', '--index-url', world.index.simpleUrl];
      const names = packages.map((each) => each.split('-')[0] ?? each);
      await python(folder, [...PIP, ...where, ...from, ...names]);
      const installed = (await readdir(target)).filter((name) => name.endsWith('.dist-info')).toSorted();
      expect(installed).toEqual(packages.map((each) => `${each}.dist-info`));
    }
  });
});
