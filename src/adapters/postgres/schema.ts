import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { LedgerError } from '../../ports/ledger.ts';
import { jobsGrants } from './jobs-schema.ts';
import { MIGRATIONS } from './migrations.ts';
import { noticesGrants } from './notices-schema.ts';
import { serverError } from './errors.ts';
import { signInGrants } from './sign-in-schema.ts';

/** The oldest PostgreSQL we take, as `server_version_num`. */
const OLDEST = 150_000;
/** Any number that no other user of the database is likely to lock; ours spells SBSC. */
const SCHEMA_LOCK = 0x53425343;

const Facts = z.object({ version: z.int(), name: z.string(), migrated: z.boolean() });
const Names = z.array(z.object({ name: z.string() }));

/** Something that answers SQL: a pool, or one connection. */
interface Queryable {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Whether the schema is as this release knows it, or has to be migrated. Refuses servers too old and schemas too new. */
export async function schemaState(client: Queryable): Promise<'current' | 'behind'> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
            EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'signalbox' AND tablename = 'migrations') AS migrated`,
  );
  const facts = Facts.parse(rows[0]);
  if (facts.version < OLDEST) {
    throw new LedgerError(
      'unsupported',
      `The database is PostgreSQL ${facts.name}; Signalbox needs 15 or later. Upgrade it, or point DATABASE_URL to another.`,
    );
  }
  if (!facts.migrated) return 'behind';
  const applied = await appliedMigrations(client);
  if (applied === null) return 'behind';
  const known = Object.keys(MIGRATIONS);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new LedgerError(
      'unsupported',
      `The database was made by a newer Signalbox (it has ${unknown.join(', ')}). Use that version or a later one.`,
    );
  }
  return known.every((name) => applied.includes(name)) ? 'current' : 'behind';
}

/** Null when we may not read them yet: another process is between making and granting them. */
async function appliedMigrations(client: Queryable): Promise<readonly string[] | null> {
  try {
    const { rows } = await client.query('SELECT name FROM signalbox.migrations ORDER BY name');
    return Names.parse(rows).map((row) => row.name);
  } catch (error) {
    if (serverError(error)?.state === '42501') return null;
    throw error;
  }
}

/** Brings the schema up to date, forward only. Any number of processes may ask at once: one works, the others wait for it. */
export async function migrate(owner: Pool): Promise<void> {
  await alone(owner, async (client) => {
    if ((await schemaState(client)) === 'behind') await runMigrations(owner);
  });
}

/** Does it while no other process changes the schema or its rights: PostgreSQL fails one of two who grant at the same moment. */
async function alone<Answer>(owner: Pool, work: (client: PoolClient) => Promise<Answer>): Promise<Answer> {
  const client = await owner.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK]);
    const answer = await work(client);
    await client.query('SELECT pg_advisory_unlock($1)', [SCHEMA_LOCK]);
    client.release();
    return answer;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

// Loaded only here: a database that is up to date, as it nearly always is, costs nothing of it.
async function runMigrations(pool: Pool): Promise<void> {
  const [{ Kysely, PostgresDialect }, { Migrator }] = await Promise.all([import('kysely'), import('kysely/migration')]);
  const migrator = new Migrator({
    db: new Kysely({ dialect: new PostgresDialect({ pool }) }),
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableSchema: 'signalbox',
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('the migration failed', { cause: error });
}

/** What the product's role may do. Nothing else: no UPDATE, DELETE or TRUNCATE of the ledger. Granting twice changes nothing. */
export async function grantTo(owner: Pool, role: 'signalbox' | 'signalbox_writer'): Promise<void> {
  const grants = `
    GRANT USAGE ON SCHEMA signalbox TO ${role};
    GRANT SELECT, INSERT ON signalbox.ledger_entries TO ${role};
    GRANT SELECT ON signalbox.ledger_heads, signalbox.migrations TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON signalbox.leases TO ${role};
    GRANT SELECT, INSERT, DELETE ON signalbox.view_history TO ${role};
    ${jobsGrants(role)}
    ${signInGrants(role)}
    ${noticesGrants(role)}
  `;
  await alone(owner, (client) => client.query(grants));
}
