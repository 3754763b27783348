import { openDatabase, postgresLeases, postgresLedger } from '../../src/adapters/postgres/index.ts';
import { httpPublicChannel } from '../../src/adapters/public-channel/index.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { composeFiles } from '../../src/app/compose-files.ts';
import { composeStores } from '../../src/app/compose-stores.ts';
import type { App } from '../../src/app/app.ts';
import { applyPlan } from '../../src/app/apply-plan.ts';
import { savePlan } from '../../src/app/plans.ts';
import { secretOf } from '../../src/config/environment-reading.ts';
import { CellKey } from '../../src/domain/artifact.ts';
import { digestOf } from '../../src/domain/canonical-json.ts';
import { copyStep } from '../../src/domain/edge.ts';
import { inLanes } from '../../src/domain/in-lanes.ts';
import { sealPlan, type Plan } from '../../src/domain/plan/plan.ts';
import { RepoKey } from '../../src/domain/repo.ts';
import { Train } from '../../src/domain/train/train.ts';
import { ReleaseVersion } from '../../src/domain/version.ts';
import type { ListedObject } from '../../src/ports/artifact-store.ts';
import { memoryApp } from '../../src/testing/memory-app.ts';
import { storeIn, type Ground, type Picked } from '../store/copying.ts';

const AT_ONCE = 64;
const RELEASE = ReleaseVersion.parse('9.9.0');
const CELL = CellKey.parse('bench/wheel/any/any/3.13');
const CORE = RepoKey.parse('core');

/** The ledger's database is open already, as it is for a second command. */
export interface OurHouse {
  /** Makes the plan that copies what is picked, and writes it down. */
  readonly plan: (ground: Ground, picked: Picked, through?: string) => Promise<Prepared>;
  readonly close: () => Promise<void>;
}

/** A plan with an app that carries it out. */
export interface Prepared {
  readonly steps: number;
  readonly apply: () => Promise<void>;
}

export async function openOurHouse(dataDir: string): Promise<OurHouse> {
  const database = await openDatabase({ dataDir });
  const [ledger, leases] = [postgresLedger(database), postgresLeases(database)];
  let run = 0;
  return {
    plan: async (ground, picked, through = ground.server.endpoint) => {
      run += 1;
      // Another train each time: a ledger that remembers the last run would be asked for its plans.
      const train = trainOf(ground, { name: `bench-${run}`, through });
      const { accessKeyId, secretAccessKey } = ground.server;
      const keys = { accessKeyId, secretAccessKey: secretOf(secretAccessKey) };
      const environment = { storeKeys: new Map([['', keys]]), storeAddresses: new Map<string, string>() };
      const stores = composeStores({ dir: '/', train, environment, answers: null });
      const outside = httpPublicChannel();
      const app: App = {
        ...memoryApp(),
        loaded: { train, digest: digestOf(train.train) },
        clock: systemClock(),
        ledger: async () => ledger,
        leases: async () => leases,
        stores,
        files: composeFiles({ train, stores, outside }),
      };
      const plan = await planFor(ground, picked, train);
      await savePlan(app, plan);
      return {
        steps: plan.body.steps.length,
        apply: async () => {
          await applyWhole(app, plan);
          stores.close();
        },
      };
    },
    close: () => database.stop(),
  };
}

function trainOf(ground: Ground, { name, through }: { readonly name: string; readonly through: string }): Train {
  const place = (bucket: string) => ({
    holds: 'any',
    store: 'object-store',
    origin: `s3://${bucket}`,
    public: false,
    server: { endpoint: through, pathStyle: true },
  });
  return Train.parse({
    train: name,
    title: 'Bench',
    product: 'bench',
    roles: { 'release-manager': ['ana'] },
    repos: { core: { role: 'core', source: 'main', remote: '/remotes/core' } },
    channels: {
      test: { title: 'Test', write: 'append', places: [place(ground.from)] },
      stable: { title: 'Stable', write: 'append', places: [place(ground.to)] },
    },
  });
}

/** What is picked as steps, each with the digest and the ETag that a look at the source told, as whoever plans a promotion looks. */
async function planFor(ground: Ground, { prefix, ending }: Picked, train: Train): Promise<Plan> {
  const store = storeIn(ground, ground.from);
  const objects: ListedObject[] = [];
  for await (const page of store.list(prefix)) objects.push(...page.objects.filter(({ key }) => key.endsWith(ending)));
  const steps = await inLanes(objects, AT_ONCE, async ({ key }) => {
    const found = await store.look(key);
    if (found?.sha256 === undefined || found.sha256 === null) throw new Error(`${key} has no digest recorded`);
    const ends = { from: { channel: 'test', place: 0, key }, to: { channel: 'stable', place: 0, key } };
    const facts = { cell: CELL, repo: CORE, size: found.size, digest: found.sha256, write: 'append' as const };
    const copy = { edge: { ...facts, ...ends }, before: null, etag: found.etag };
    return copyStep(copy, { wave: 0, undo: 'take the copy away', seen: false });
  });
  store.close();
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: RELEASE,
    purpose: 'backup',
    title: `Copy ${steps.length} files`,
    author: 'ana',
    trainDigest: digestOf(train.train),
    gates: [],
    assumes: [],
    phrase: null,
    steps: [...steps],
  });
}

async function applyWhole(app: App, plan: Plan): Promise<void> {
  const stop = new AbortController().signal;
  const applied = await applyPlan(app, { id: plan.id, confirmation: null, stop, report: () => {} });
  if (!applied.ok) throw new Error(applied.problems.map(({ text }) => text).join('\n'));
  const { end, stopped } = applied.value;
  if (end !== 'finished') throw new Error(`${end}: ${stopped.map(({ reason }) => reason).join('\n')}`);
}
