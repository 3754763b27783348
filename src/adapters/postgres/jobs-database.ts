import type { ConstructorOptions } from 'pg-boss';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Database } from './database.ts';

type IDatabase = NonNullable<ConstructorOptions['db']>;
type TransactionHandle = Awaited<ReturnType<NonNullable<IDatabase['beginTransaction']>>>;

/** A connection as pg-boss takes one. */
export function statementsOn(client: PoolClient): IDatabase {
  return {
    // Rows are any to pg-boss; ours are read through a schema where they are read.
    executeSql: (text, values) => (values === undefined ? client.query(text) : client.query(text, values)),
  };
}

/** Ends a transaction one way or the other, once; a connection that failed is given up. */
async function begin(database: Database): Promise<TransactionHandle> {
  const client = await database.connect();
  let settled = false;
  try {
    await client.query('BEGIN');
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    db: statementsOn(client),
    commit: async () => {
      if (settled) throw new Error('the transaction is over already');
      settled = true;
      try {
        await client.query('COMMIT');
        client.release();
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    rollback: async () => {
      if (settled) return;
      settled = true;
      // Giving the connection up ends the transaction whatever is still going on in it.
      client.release(true);
    },
  };
}

/** Our pool as pg-boss takes a database: every statement on a connection with the product's rights. */
export function bossDatabase(database: Database): IDatabase {
  return {
    executeSql: async (text, values) => {
      const client = await database.connect();
      try {
        const answer = await statementsOn(client).executeSql(text, values);
        client.release();
        return answer;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    beginTransaction: () => begin(database),
  };
}

/** Runs work in one transaction, which is on the disk when this returns. What fails becomes the port's error. */
export async function inTransaction<Answer>(
  database: Database,
  doing: string,
  work: (client: PoolClient) => Promise<Answer>,
): Promise<Answer> {
  const client = await database.connect();
  let committing = false;
  try {
    await client.query(BEGIN);
    const answer = await work(client);
    committing = true;
    await client.query('COMMIT');
    client.release();
    return answer;
  } catch (error) {
    client.release(true);
    throw await database.explain(error, { doing, maybeStored: committing });
  }
}

/** Sessions that are as a statement by itself needs them. */
const settled = new WeakSet<PoolClient>();

/**
 * Runs one statement that is a transaction by itself, and on the disk when this returns: one way to the server and back in the place of three. What fails
 * becomes the port's error.
 */
export async function inOneStatement(database: Database, doing: string, statement: QueryConfig): Promise<QueryResult> {
  const client = await database.connect();
  let given = false;
  try {
    if (!settled.has(client)) await client.query(SESSION);
    settled.add(client);
    given = true;
    const answer = await client.query(statement);
    client.release();
    return answer;
  } catch (error) {
    client.release(true);
    throw await database.explain(error, { doing, maybeStored: given });
  }
}

/** What `BEGIN` says of one transaction, for all of a session: whatever the server or a role has as its usual. */
const SESSION = `
  SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
  SET lock_timeout = '30s';
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

const BEGIN = `
  BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
  SET LOCAL lock_timeout = '30s';
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')`;
