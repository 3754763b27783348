import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { App } from '../app/app.ts';
import { stopLocalDatabase } from '../app/compose.ts';
import { datesFrom, rehearsalTrain } from '../cli/commands/rehearse/train-file.ts';
import type { CalendarDate, Instant } from '../domain/instant.ts';
import { makeWorld, startSandbox, type Sandbox } from '../sandbox/index.ts';
import { composeFor, type ApplyOrder } from './crash-apply.ts';
import { fixedClock, type FixedClock } from './fixed-clock.ts';
import { testDatabase } from './postgres.ts';

const run = promisify(execFile);
const LINE = '2.8';
export const REPOS = ['test-infra', 'pytorch', 'vision', 'audio'] as const;

/** A world with a train, a ledger and a GitHub at one address, that can be put back to how it was. */
export interface CrashWorld {
  /** Whole folder: train file, mirrors, and below `world` the repositories. */
  readonly dir: string;
  readonly trainFile: string;
  readonly clock: FixedClock;
  /** The sandbox as it runs now; another after each `restore`. */
  sandbox(): Sandbox;
  /** SQL as the superuser in the world's database. */
  asOwner(sql: string): Promise<readonly unknown[]>;
  /** An app of somebody of the world; closed by the caller. */
  app(login: string): Promise<App>;
  /** Runs the work with an app of somebody and closes it. */
  as<Answer>(login: string, work: (app: App) => Promise<Answer>): Promise<Answer>;
  order(plan: string, more?: Partial<ApplyOrder>): ApplyOrder;
  /** Keeps how everything is now under a name. Apps must be closed. */
  snapshot(name: string): Promise<void>;
  /** Puts everything back: files of the world and of the train, and the database. Whoever is connected is thrown out. */
  restore(name: string): Promise<void>;
  /** Changes files of the world while nobody serves them. */
  whileClosed(change: () => Promise<void>): Promise<void>;
  /** Resolves when no git that somebody left behind works on the mirrors of this world any more. */
  quiet(): Promise<void>;
  remove(): Promise<void>;
}

export interface CrashWorldRequest {
  readonly today: CalendarDate;
  readonly now: Instant;
  /** With a database server of its own beside the train file, which may be killed; such a world cannot be copied. */
  readonly embedded?: boolean;
}

/** Makes the rehearsal's world, with logs of every ref kept, so that two updates of one ref can be told from one. */
export async function openCrashWorld({ today, now, embedded = false }: CrashWorldRequest): Promise<CrashWorld> {
  // Below the run's own folder, which is removed also when the run was killed.
  const home = await mkdtemp(join(process.env['SIGNALBOX_TEST_HOME'] ?? tmpdir(), 'crash-'));
  // The server of an embedded database runs as another user.
  await chmod(home, 0o755);
  const dir = join(home, 'live');
  const worldDir = join(dir, 'world');
  await mkdir(dir);
  await makeWorld({ dir: worldDir, seed: 'crash', today, line: LINE });
  for (const name of REPOS) {
    await run('git', [
      '-C',
      join(worldDir, 'repos', 'pytorch', `${name}.git`),
      'config',
      'core.logAllRefUpdates',
      'always',
    ]);
  }
  const clock = fixedClock(now);
  const start = (port: number): Promise<Sandbox> => startSandbox({ dir: worldDir, port, now: () => clock.now() });
  let sandbox = await startSomewhere(start);
  const port = Number(new URL(sandbox.url).port);
  const trainFile = join(dir, 'train.yaml');
  await writeFile(
    trainFile,
    rehearsalTrain(sandbox, datesFrom(today), {
      channel: (...path) => join(worldDir, 'channels', ...path),
      // Nothing of this story goes to an index.
      index: { url: `${sandbox.url}/no-index/`, uploadUrl: `${sandbox.url}/no-index/legacy/` },
    }),
  );
  const ledgers = embedded ? embeddedLedger : await ledgersOf();
  const app = (login: string): Promise<App> =>
    composeFor({ trainFile, token: sandbox.tokens[login] ?? '', databaseUrl: ledgers.url() }, clock);
  return {
    dir,
    trainFile,
    clock,
    sandbox: () => sandbox,
    asOwner: (sql) => ledgers.asOwner(sql),
    app,
    async as(login, work) {
      const opened = await app(login);
      try {
        return await work(opened);
      } finally {
        await opened.close();
      }
    },
    order: (plan, more = {}) => ({
      trainFile,
      token: sandbox.tokens['ada-rm'] ?? '',
      databaseUrl: ledgers.url(),
      now: clock.now(),
      plan,
      confirmation: null,
      killAt: null,
      pauseAt: null,
      ...more,
    }),
    async snapshot(name) {
      await sandbox.stop();
      await run('cp', ['-a', dir, join(home, name)]);
      await ledgers.keep(name);
      sandbox = await start(port);
    },
    async restore(name) {
      await Promise.all([
        ledgers.putBack(name),
        (async () => {
          await sandbox.stop();
          await rm(dir, { recursive: true, force: true });
          await run('cp', ['-a', join(home, name), dir]);
          sandbox = await start(port);
        })(),
      ]);
    },
    async whileClosed(change) {
      await sandbox.stop();
      await change();
      sandbox = await start(port);
    },
    quiet: async () => {
      while (worksBelow(dir)) await delay(2);
    },
    async remove() {
      await sandbox.stop();
      if (embedded) await stopLocalDatabase(trainFile);
      await ledgers.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The world's database: copied by the server, and put back under another name each time, since removing one takes the server a while. */
interface Ledgers {
  url(): string | null;
  asOwner(sql: string): Promise<readonly unknown[]>;
  keep(name: string): Promise<void>;
  putBack(name: string): Promise<void>;
  drop(): Promise<void>;
}

async function ledgersOf(): Promise<Ledgers> {
  const first = await testDatabase();
  const desk = await testDatabase();
  const base = first.place.database;
  const all = [base];
  let live = base;
  let removing: Promise<unknown> = Promise.resolve();
  const copy = async (from: string, to: string): Promise<void> => {
    all.push(to);
    await desk.asOwner(`CREATE DATABASE ${to} TEMPLATE ${from}`);
  };
  return {
    url: () => first.url('signalbox').replace(base, live),
    asOwner: (sql) => asOwnerOf(first.url('signalbox_owner').replace(base, live), sql),
    keep: (name) => copy(live, `${base}_${name}`),
    async putBack(name) {
      const gone = live;
      live = `${base}_${all.length}`;
      await copy(`${base}_${name}`, live);
      removing = removing.then(() => desk.asOwner(`DROP DATABASE ${gone} WITH (FORCE)`));
      removing.catch(() => {});
    },
    async drop() {
      await removing;
      for (const each of all) await desk.asOwner(`DROP DATABASE IF EXISTS ${each} WITH (FORCE)`);
      await desk.drop();
    },
  };
}

async function asOwnerOf(connectionString: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows }: { readonly rows: readonly unknown[] } = await client.query(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** The server beside the train file, as on one's own machine; it is not copied. */
const embeddedLedger: Ledgers = {
  url: () => null,
  asOwner: () => Promise.reject(new Error('the embedded database of a crash world is not looked into')),
  keep: () => Promise.reject(new Error('a crash world with an embedded database is not copied')),
  putBack: () => Promise.reject(new Error('a crash world with an embedded database is not put back')),
  drop: () => Promise.resolve(),
};

/** Starts at a port outside of the range from which the system takes those of clients: it is still free when the sandbox comes back to it. */
async function startSomewhere(start: (port: number) => Promise<Sandbox>): Promise<Sandbox> {
  const below = await firstOfClients();
  for (let port = below - 1 - (process.pid % 1000); port > 1024; port -= 7) {
    const started = await start(port).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
      throw error;
    });
    if (started !== null) return started;
  }
  throw new Error(`no port below ${below} is free for a sandbox`);
}

async function firstOfClients(): Promise<number> {
  const range = '/proc/sys/net/ipv4/ip_local_port_range';
  return existsSync(range) ? Number.parseInt(await readFile(range, 'utf8'), 10) : 32_768;
}

/** Whether any process works in a folder below this one: git does, in its mirrors, also when who started it is dead. */
function worksBelow(dir: string): boolean {
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && folderOf(name)?.startsWith(`${dir}/.signalbox`));
}

function folderOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended in this moment, or is of another user.
    return null;
  }
}
