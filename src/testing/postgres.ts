import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { openDatabase, stopDatabase } from '../adapters/postgres/index.ts';
import { dataFolder, OWNER } from '../adapters/postgres/runner/data-folder.ts';

const TEMPLATE = 'signalbox_template';

/** A database of its own for a test file, on the run's one server. */
export interface TestDatabase {
  readonly place: { readonly dataDir: string; readonly database: string };
  /** Runs SQL as the superuser in it: for looking at what the product may not see, and for tampering. */
  asOwner: (sql: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;
  /** Its address as a `DATABASE_URL`, for the given user. */
  url: (user: string) => string;
  /** Removes it, whoever is connected. */
  drop: () => Promise<void>;
}

/** Makes a database with the schema in it, in some 30 ms; starts the run's server when no test did yet. */
export async function testDatabase(): Promise<TestDatabase> {
  // Of another PostgreSQL than the package's (vitest.config.ts), in a folder of its own.
  const dataDir = join(testHome(), `shared${process.env['SIGNALBOX_TEST_POSTGRES'] ?? ''}`);
  await (await openDatabase({ dataDir })).close();
  const { socketDir } = await dataFolder(dataDir);
  const database = `test_${randomBytes(6).toString('hex')}`;
  const to = (name: string): ClientConfig => ({ host: socketDir, port: 5432, user: OWNER, database: name, ssl: false });
  await run(to('postgres'), async (client) => {
    await client.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [TEMPLATE]);
    if (rowCount === 0) {
      await (await openDatabase({ dataDir, database: TEMPLATE })).close();
      await client.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
    }
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
  });
  return {
    place: { dataDir, database },
    asOwner: (sql, values) =>
      run(to(database), async (client): Promise<readonly unknown[]> => {
        // With values, even none, only one statement is allowed.
        const { rows }: { readonly rows: readonly unknown[] } = await client.query(sql, values && [...values]);
        return rows;
      }),
    url: (user) => `postgresql://${user}@${encodeURIComponent(socketDir)}/${database}`,
    drop: () =>
      run(to('postgres'), async (client) => void (await client.query(`DROP DATABASE ${database} WITH (FORCE)`))),
  };
}

/** A folder for a server of a test's own, which may be killed. `remove` stops it. */
export async function testServerFolder(): Promise<{ readonly dataDir: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(testHome(), 'own-'));
  return {
    dataDir,
    remove: async () => {
      await stopDatabase(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function testHome(): string {
  const home = process.env['SIGNALBOX_TEST_HOME'];
  if (home === undefined) throw new Error('src/testing/services-setup.ts must be a globalSetup of this vitest project');
  return home;
}

async function run<Answer>(config: ClientConfig, work: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = new Client(config);
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
