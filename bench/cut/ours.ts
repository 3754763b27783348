import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noChannels } from '../../src/testing/no-stores.ts';
import { gitWithHistory } from '../../src/adapters/git/index.ts';
import { openDatabase, postgresLeases, postgresLedger } from '../../src/adapters/postgres/index.ts';
import { httpPublicChannel } from '../../src/adapters/public-channel/index.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { App } from '../../src/app/app.ts';
import { applyPlan } from '../../src/app/apply-plan.ts';
import { waiveGate } from '../../src/app/gates.ts';
import { addSeconds } from '../../src/domain/instant.ts';
import { cutBranches } from '../../src/app/cut-branches.ts';
import { digestOf } from '../../src/domain/canonical-json.ts';
import { Train } from '../../src/domain/train/train.ts';
import { ReleaseVersion } from '../../src/domain/version.ts';
import { memoryReadings } from '../../src/testing/memory-readings.ts';
import { noSignIn } from '../../src/testing/no-sign-in.ts';
import type { BenchWorld } from './world.ts';

const RELEASE = ReleaseVersion.parse('9.9.0');

/** What a cut needs besides the repositories: the ledger's database is open already, as it is for a second command. */
export interface OurHouse {
  /** A release and its decisions, before the clock starts: opens what the next `cut` works with. */
  readonly prepare: () => Promise<void>;
  readonly cut: () => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Our side: the whole use case, plan and apply, with gates, ledger and leases. The first repository is core, the others are infra: one plan. */
export async function openOurHouse(world: BenchWorld): Promise<OurHouse> {
  const dataDir = join(world.root, 'ledger');
  const database = await openDatabase({ dataDir });
  const [ledger, leases] = [postgresLedger(database), postgresLeases(database)];
  const mirrors = join(world.root, 'mirrors');
  let run = 0;
  let next: App | null = null;
  const train = Train.parse({
    train: 'bench',
    title: 'Bench',
    product: 'bench',
    roles: { 'release-manager': ['ana'] },
    repos: Object.fromEntries(
      world.repos.map(({ name, remote }, index) => [
        name,
        { role: index === 0 ? 'core' : 'infra', source: 'main', remote },
      ]),
    ),
  });
  return {
    async prepare() {
      run += 1;
      // Another train each time: a ledger that remembers the last run would be asked for its plans.
      const own: Train = { ...train, train: `bench-${run}` };
      next = {
        dir: world.root,
        loaded: { train: own, digest: digestOf(own.train) },
        clock: systemClock(),
        ...gitWithHistory({ mirrors, cache: join(world.root, 'history') }),
        forge: null,
        ledger: async () => ledger,
        leases: async () => leases,
        jobs: () => Promise.reject(new Error('a cut has no jobs')),
        signals: () => Promise.reject(new Error('a cut tells nobody')),
        viewHistory: () => Promise.reject(new Error('a cut has no pages')),
        ...noSignIn(),
        who: async () => 'ana',
        ...noChannels,
        readings: memoryReadings(),
        outside: httpPublicChannel(),
        close: async () => {},
      };
      // There is no forge to ask for a milestone: a person says so, as they would have to, before they cut.
      await waiveGate(next, {
        release: RELEASE,
        gate: 'milestone-resolved',
        reason: 'no forge',
        until: addSeconds(next.clock.now(), 3600),
      });
    },
    async cut() {
      if (next === null) throw new Error('prepare comes first');
      await cutAll(next);
    },
    forget: () => rm(mirrors, { recursive: true, force: true }),
    async close() {
      await database.stop();
    },
  };
}

async function cutAll(app: App): Promise<void> {
  const planned = await cutBranches(app, { release: RELEASE, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') throw new Error(`no plan: ${JSON.stringify(planned)}`);
  const { id } = planned.value.view.plan;
  const applied = await applyPlan(app, {
    id,
    confirmation: null,
    stop: new AbortController().signal,
    report: () => {},
  });
  if (!applied.ok || applied.value.end !== 'finished') throw new Error(`not finished: ${JSON.stringify(applied)}`);
}
