import { composeFiles } from '../app/compose-files.ts';
import { httpPublicChannel } from '../adapters/public-channel/index.ts';
import type { App } from '../app/app.ts';
import { branchRef } from '../domain/git-names.ts';
import { BASE, NOW, smallTrain, TRAIN_DIGEST } from './engine-world.ts';
import { fixedClock, type FixedClock } from './fixed-clock.ts';
import { pythonReleasesFor } from '../config/python-releases-file.ts';
import { memoryReadings } from './memory-readings.ts';
import { memoryGit, type MemoryGit } from './memory-git.ts';
import { emptyHistory } from './empty-history.ts';
import { memoryJobs } from './memory-jobs.ts';
import { memorySessions } from './memory-sessions.ts';
import { teamsReader } from '../app/team-reader.ts';
import { memoryLeases, memoryLedger } from './memory-ledger.ts';
import { memorySignals, memoryViewHistory, tellingLedger } from './memory-signals.ts';
import { noticesInMemory } from './notices-in-memory.ts';
import { noPackages, noPages, noLinks, noPartners, noResolver, noStores } from './no-stores.ts';

/** An app in memory: the small train without a forge, main of both repositories at BASE, and `ana`, a release manager, at the keys. */
export function memoryApp(changes: Partial<App> = {}): App & { readonly git: MemoryGit; readonly clock: FixedClock } {
  const git = memoryGit();
  for (const remote of ['/remotes/core', '/remotes/vision']) git.setRef(remote, branchRef('main'), BASE);
  const signals = memorySignals();
  const ledger = tellingLedger(memoryLedger(), signals);
  const viewHistory = memoryViewHistory();
  const leases = memoryLeases();
  const clock = fixedClock(NOW);
  const jobs = memoryJobs(() => clock.now());
  const loaded = changes.loaded ?? { train: smallTrain, digest: TRAIN_DIGEST };
  const sessions = memorySessions(() => clock.now());
  const outside = changes.outside ?? httpPublicChannel();
  return {
    dir: '/nowhere',
    loaded,
    forge: null,
    history: emptyHistory(),
    ledger: () => Promise.resolve(ledger),
    leases: () => Promise.resolve(leases),
    jobs: () => Promise.resolve(jobs),
    signals: () => Promise.resolve(signals),
    viewHistory: () => Promise.resolve(viewHistory),
    sessions: () => Promise.resolve(sessions),
    ...noticesInMemory(),
    signIn: null,
    teams: teamsReader(loaded.train, changes.forge ?? null, clock),
    who: () => Promise.resolve('ana'),
    stores: noStores,
    readings: memoryReadings(),
    pages: noPages,
    packages: noPackages,
    files: composeFiles({ train: loaded.train, stores: changes.stores ?? noStores, outside }),
    outside,
    pythonReleases: () => pythonReleasesFor('/nowhere', clock.now()),
    partners: noPartners,
    links: noLinks,
    resolver: noResolver,
    close: () => Promise.resolve(),
    ...changes,
    git,
    clock,
  };
}
