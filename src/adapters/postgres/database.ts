import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientConfig, Pool, PoolClient, PoolConfig } from 'pg';
import { LedgerError } from '../../ports/ledger.ts';
import { cutOff, ledgerErrorOf, nobodyListens, serverError, storedText, type Circumstances } from './errors.ts';
import { dataFolder, OWNER, type DataFolder } from './runner/data-folder.ts';
import { ensureServer, stopServer, whyItEnded } from './runner/server.ts';
import { grantTo, migrate, schemaState } from './schema.ts';
import { describeUrl, openServer } from './team-server.ts';

/** Where the database is: in a folder of ours (`.signalbox/`), with the embedded server; or a team's PostgreSQL (15 or later) by its URL. */
export type DatabasePlace =
  | { readonly dataDir: string; /** Another than `signalbox`; for tests. */ readonly database?: string }
  | { readonly url: string };

/** An open database, its schema up to date. */
export interface Database {
  /** For people; without secrets. */
  readonly where: string;
  /** What keeps the ledger append-only: missing rights of the role and a trigger, or (where we may not make a role) the trigger alone. */
  readonly appendOnly: 'role' | 'trigger';
  /** A connection of the pool; the embedded server is started again when it is gone. Failures are `LedgerError`. */
  connect(): Promise<PoolClient>;
  /** A connection of its own, for locks that live as long as it. */
  connectAlone(): Promise<Client>;
  /** What a failure on one of the connections means. */
  explain(error: unknown, circumstances: Omit<Circumstances, 'where'>): Promise<LedgerError>;
  /** Closes our connections. The embedded server runs on for others. */
  close(): Promise<void>;
  /** Closes our connections and ends the embedded server; a team's server is left alone. */
  stop(): Promise<void>;
}

/** Space that PostgreSQL needs to go on: two WAL segments. With less, a lost connection most likely is a full disk. */
const ROOM_NEEDED = 32 * 1024 * 1024;
const REVIVED_AT_MOST = 4;
const READY_WITHIN_MS = 60_000;

/**
 * Opens the database, brings its schema up to date, and with a folder starts its server where none runs (about a second the first time).
 * Nothing of PostgreSQL is loaded before this is called.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  return 'url' in place ? openTeam(place.url) : openEmbedded(place.dataDir, place.database ?? 'signalbox');
}

/** Ends the embedded server of a folder, if one runs; returns whether one did. */
export async function stopDatabase(dataDir: string): Promise<boolean> {
  return stopServer(dataDir);
}

async function openEmbedded(dataDir: string, database: string): Promise<Database> {
  const [{ Client, Pool }, folder] = await Promise.all([import('pg'), dataFolder(dataDir)]);
  const where = `the database in ${folder.home}`;
  // Everything is said here, so that no PG* variable of the environment changes it.
  const to = (user: string, name: string): ClientConfig => ({
    host: folder.socketDir,
    port: 5432,
    user,
    database: name,
    ssl: false,
    application_name: 'signalbox',
    options: '-c client_min_messages=warning',
    connectionTimeoutMillis: 20_000,
  });
  const pool = quiet(new Pool({ ...to('signalbox', database), ...POOL }));
  const prepare = async (): Promise<void> => {
    await prepareOwned(Pool, to, database);
  };
  const explain: Database['explain'] = async (error, circumstances) => {
    const known = ledgerErrorOf(error, { ...circumstances, where });
    return known.code === 'unavailable' ? ((await fullDisk(folder, known, circumstances.maybeStored)) ?? known) : known;
  };
  const connected = async <Connection>(connect: () => Promise<Connection>): Promise<Connection> => {
    try {
      return await connectReviving(connect, { revive: (times) => revive(folder, times), prepare });
    } catch (error) {
      throw await explain(error, { doing: 'reach the database' });
    }
  };
  const connect = (): Promise<PoolClient> => connected(() => pool.connect());
  const close = once(() => pool.end());
  const opened: Database = {
    where,
    appendOnly: 'role',
    connect,
    connectAlone: () => connected(() => connectClient(new Client(to('signalbox', database)))),
    explain,
    close,
    stop: async () => {
      await close();
      await stopServer(folder.home);
    },
  };
  try {
    const client = await connect();
    const state = await schemaState(client).finally(() => client.release());
    if (state === 'behind') await prepare();
    return opened;
  } catch (error) {
    await close();
    throw await explain(error, { doing: 'open the database' });
  }
}

async function openTeam(url: string): Promise<Database> {
  const where = describeUrl(url);
  const pg = await import('pg');
  const explain: Database['explain'] = async (error, circumstances) =>
    ledgerErrorOf(error, { ...circumstances, where });
  const config = { connectionString: url, application_name: 'signalbox', connectionTimeoutMillis: 20_000 };
  try {
    const { appendOnly, enter } = await openServer(quiet(new pg.Pool({ ...config, ...POOL, max: 2 })));
    const pool = quiet(new pg.Pool({ ...config, ...POOL }));
    const explained = async <Connection>(connect: () => Promise<Connection>): Promise<Connection> => {
      try {
        return await connect();
      } catch (error) {
        throw await explain(error, { doing: 'reach the database' });
      }
    };
    const close = once(() => pool.end());
    // At every check-out, not once: what its last user did to the session's role does not matter then.
    const pooled = async (): Promise<PoolClient> => {
      const client = await pool.connect();
      try {
        await enter(client);
        return client;
      } catch (error) {
        client.release(true);
        throw error;
      }
    };
    const alone = async (): Promise<Client> => {
      const client = await connectClient(new pg.Client(config));
      await enter(client);
      return client;
    };
    return {
      where,
      appendOnly,
      connect: () => explained(pooled),
      connectAlone: () => explained(alone),
      explain,
      close,
      stop: close,
    };
  } catch (error) {
    throw await explain(error, { doing: 'open the database' });
  }
}

const POOL = { max: 8, idleTimeoutMillis: 10_000, allowExitOnIdle: true } satisfies PoolConfig;

/** A connection that breaks says so by an event, which without a listener would end the process; who uses it next sees the failure. */
function quiet(pool: Pool): Pool {
  return pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
}

async function connectClient(client: Client): Promise<Client> {
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Connects; starts a server that is gone, makes a database that is not there yet, and waits for one that is starting or recovering. */
async function connectReviving<Connection>(
  connect: () => Promise<Connection>,
  { revive, prepare }: { readonly revive: (times: number) => Promise<void>; readonly prepare: () => Promise<void> },
): Promise<Connection> {
  const end = performance.now() + READY_WITHIN_MS;
  let prepared = false;
  let revived = 0;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const state = serverError(error)?.state ?? null;
      const missing = state === '28000' || state === '3D000';
      const transient = state === '57P03' || state === '57P01' || state === '57P02' || cutOff(error);
      if (performance.now() > end || (missing && prepared)) throw error;
      if (nobodyListens(error)) await revive((revived += 1));
      else if (missing) {
        await prepare();
        prepared = true;
      } else if (transient) await delay(20);
      else throw error;
    }
  }
}

/** Starts the server that is gone. One that went again and again while it was starting has a reason, which its log tells. */
async function revive(folder: DataFolder, times: number): Promise<void> {
  if (times > REVIVED_AT_MOST) throw await whyItEnded(folder);
  await ensureServer(folder);
}

/** As the owner: the role the product works as, its database, the schema and the rights. Every part may be there already. */
async function prepareOwned(
  PoolOf: new (config: PoolConfig) => Pool,
  to: (user: string, name: string) => ClientConfig,
  database: string,
): Promise<void> {
  const maintenance = quiet(new PoolOf({ ...to(OWNER, 'postgres'), max: 1 }));
  try {
    await unless('42710', () => maintenance.query('CREATE ROLE signalbox LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'));
    await unless('42P04', () =>
      maintenance.query(`CREATE DATABASE "${database.replaceAll('"', '""')}" TEMPLATE template0`),
    );
  } finally {
    await maintenance.end();
  }
  const owner = quiet(new PoolOf({ ...to(OWNER, database), max: 2 }));
  try {
    await migrate(owner);
    await grantTo(owner, 'signalbox');
  } finally {
    await owner.end();
  }
}

/** Does it, unless another process has just done it: the server says so by the given state, or by a duplicate key in its catalogue. */
async function unless(alreadyThere: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const state = serverError(error)?.state;
    if (state !== alreadyThere && state !== '23505') throw error;
  }
}

async function fullDisk(folder: DataFolder, cause: LedgerError, maybeStored?: boolean): Promise<LedgerError | null> {
  const disk = await statfs(folder.data).catch(() => null);
  if (disk === null || disk.bavail * disk.bsize >= ROOM_NEEDED) return null;
  const words = [
    `The database went away, and the disk of ${folder.data} is full.`,
    storedText(maybeStored),
    'Make room, then run the command again.',
  ];
  return new LedgerError('full', words.filter((word) => word !== '').join(' '), {
    cause,
    maybeStored: maybeStored ?? false,
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
