import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gitWithHistory } from '../adapters/git/index.ts';
import {
  fileAnswerCache,
  githubAccess,
  githubSignIn,
  type GitHubAccess,
  type GitHubApp,
} from '../adapters/github/index.ts';
import { httpLinks } from '../adapters/links/index.ts';
import { httpPartnerHooks } from '../adapters/partners/index.ts';
import { pipResolver } from '../adapters/pip/index.ts';
import { pythonReleasesFor } from '../config/python-releases-file.ts';
import { httpPublicChannel } from '../adapters/public-channel/index.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Environment } from '../config/environment.ts';
import { loadTrain } from '../config/load.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { succeed, type Result } from '../domain/result.ts';
import type { Train } from '../domain/train/train.ts';
import type { Clock } from '../ports/clock.ts';
import type { App } from './app.ts';
import { composePackages } from './compose-packages.ts';
import { composeFiles } from './compose-files.ts';
import { composeNotices } from './compose-notices.ts';
import { composePages } from './compose-pages.ts';
import { composeReadings } from './compose-readings.ts';
import { composeStores } from './compose-stores.ts';
import { teamsReader } from './team-reader.ts';

/** What an app is made from. */
export interface ComposeInput {
  readonly trainFile: string;
  readonly environment: Environment;
  /** Another clock than the machine's; for rehearsals and tests. */
  readonly clock?: Clock;
}

/** Where the database, the mirrors and other things that may be deleted lie, beside the train file. */
function stateDir(trainFile: string): string {
  return join(dirname(resolve(trainFile)), '.signalbox');
}

/** Reads the train file and puts the ports behind it. The only place that picks adapters. Opens nothing yet. */
export async function compose({
  trainFile,
  environment,
  clock = systemClock(),
}: ComposeInput): Promise<Result<App, ConfigProblem>> {
  const loaded = await loadTrain(trainFile);
  if (!loaded.ok) return loaded;
  const { train } = loaded.value;
  const state = stateDir(trainFile);
  const access = accessOf(train, { environment, clock, answers: join(state, 'answers') });
  const forge = access?.forge ?? null;
  const database = databaseOf(environment, state, train.train);
  const who = once(() =>
    forge === null ? Promise.resolve(environment.user ?? userInfo().username) : forge.people.whoami(),
  );
  const dir = dirname(resolve(trainFile));
  const stores = composeStores({ dir, train, environment, answers: join(state, 'answers') });
  const outside = httpPublicChannel();
  return succeed({
    dir,
    loaded: loaded.value,
    clock,
    ...gitWithHistory({
      mirrors: join(state, 'mirrors'),
      cache: join(state, 'history'),
      token: (remote) => tokenFor(train, access, remote),
    }),
    forge,
    ledger: database.ledger,
    leases: database.leases,
    jobs: database.jobs,
    signals: database.signals,
    viewHistory: database.viewHistory,
    sessions: database.sessions,
    notices: database.notices,
    telling: composeNotices(train, environment),
    signIn: signInOf(train, environment),
    teams: teamsReader(train, forge, clock),
    who: who.get,
    stores,
    readings: composeReadings(join(state, 'readings')),
    pages: composePages(stores),
    packages: composePackages({ train, environment, stores }),
    files: composeFiles({ train, stores, outside }),
    outside,
    links: httpLinks(),
    pythonReleases: () => pythonReleasesFor(dir, clock.now()),
    partners: { hooks: httpPartnerHooks(), secretsOf: (name) => environment.partnerSecrets.get(name) ?? [] },
    resolver: pipResolver({ python: environment.python ?? 'python3', kept: join(state, 'resolved') }),
    close: async () => {
      stores.close();
      await database.close();
    },
  });
}

/** What lies in the database; it is opened at the first call of any of them. */
function databaseOf(
  environment: Environment,
  dataDir: string,
  train: string,
): Pick<App, 'ledger' | 'leases' | 'jobs' | 'signals' | 'viewHistory' | 'sessions' | 'notices' | 'close'> {
  const database = once(async () => {
    const postgres = await import('../adapters/postgres/index.ts');
    const place = environment.databaseUrl === null ? { dataDir } : { url: environment.databaseUrl.reveal() };
    return { postgres, opened: await postgres.openDatabase(place) };
  });
  const ledger = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresLedger(opened);
  });
  const leases = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresLeases(opened);
  });
  const jobs = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresJobs(opened);
  });
  const signals = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresSignals(opened);
  });
  const viewHistory = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresViewHistory(opened);
  });
  const sessions = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresSessions(opened, train);
  });
  const notices = once(async () => {
    const { postgres, opened } = await database.get();
    return postgres.postgresNotices(opened, train);
  });
  return {
    sessions: sessions.get,
    notices: notices.get,
    ledger: ledger.get,
    leases: leases.get,
    jobs: jobs.get,
    signals: signals.get,
    viewHistory: viewHistory.get,
    close: async () => {
      await (await jobs.made())?.close();
      const { opened } = (await database.made()) ?? {};
      await opened?.close();
    },
  };
}

interface ForgeParts {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Where answers are kept for conditional requests; may be deleted at any time. */
  readonly answers: string;
}

function accessOf(train: Train, { environment, clock, answers }: ForgeParts): GitHubAccess | null {
  if (train.forge === undefined) return null;
  const app = environment.githubApp;
  return githubAccess({
    apiUrl: train.forge.api,
    token: () => environment.githubToken?.reveal() ?? null,
    ...(app === null ? {} : { app: appOf(app) }),
    userAgent: 'signalbox',
    now: () => clock.now(),
    cache: fileAnswerCache(answers),
  });
}

function signInOf({ forge }: Train, { oauth }: Environment): App['signIn'] {
  if (forge === undefined || oauth === null) return null;
  const { id, secret } = oauth;
  return githubSignIn({ web: forge.web, apiUrl: forge.api, id, secret: () => secret.reveal(), userAgent: 'signalbox' });
}

/** The token goes to the forge's own address and to no other remote. */
async function tokenFor(train: Train, access: GitHubAccess | null, remote: string): Promise<string | null> {
  if (train.forge === undefined || access === null) return null;
  return remote.startsWith(`${train.forge.web.replace(/\/$/, '')}/`) ? access.token() : null;
}

function appOf({ id, privateKey, installation }: NonNullable<Environment['githubApp']>): GitHubApp {
  return { id, privateKey: privateKey.reveal(), ...(installation === null ? {} : { installation }) };
}

/** Made at the first call, and only once; a failure is not kept, so that the next call tries again. */
function once<Value>(make: () => Promise<Value>): {
  readonly get: () => Promise<Value>;
  readonly made: () => Promise<Value | null>;
} {
  let value: Promise<Value> | null = null;
  return {
    get: () => {
      value ??= make().catch((error: unknown) => {
        value = null;
        throw error;
      });
      return value;
    },
    made: async () => value,
  };
}

/** Ends the embedded database server of a train's folder, if one runs there. For rehearsals, which leave nothing running. */
export async function stopLocalDatabase(trainFile: string): Promise<void> {
  const { stopDatabase } = await import('../adapters/postgres/index.ts');
  await stopDatabase(stateDir(trainFile));
}
