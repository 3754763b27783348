import type { PoolClient } from 'pg';
import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import {
  chainDrafts,
  checkChain,
  checkEntry,
  textOfEntry,
  CHAIN_START,
  type LedgerHead,
} from '../../domain/ledger-chain.ts';
import { LedgerDraft, releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { LedgerError, type Ledger, type LedgerExpectation, type LedgerQuery } from '../../ports/ledger.ts';
import type { Database } from './database.ts';
import { serverError } from './errors.ts';
import { lockKey } from './lock-key.ts';
import { verifyTrain } from './verify.ts';

/** Entries put in with one statement. */
const AT_ONCE = 500;

const Head = z.object({ seq: z.int(), hash: Digest });
const Stored = z.object({ seq: z.int(), entry: z.string() });
const Place = z.object({ seq: z.int() });
const Names = z.array(z.object({ train: z.string() }));

/** The ledger in PostgreSQL. Its role may only insert and select; the database itself refuses an entry that does not follow the newest. */
export function postgresLedger(database: Database): Ledger {
  return {
    append: (train, drafts, expected) => append(database, train, { drafts, expected }),
    read: (query) => using(database, 'read the ledger', (client) => read(client, query)),
    verify: (train) => using(database, 'verify the ledger', (client) => verifyTrain(client, train)),
    restore: (train, entries) => restore(database, train, entries),
    trains: () =>
      using(database, 'read the ledger', async (client) => {
        const { rows } = await client.query('SELECT train FROM signalbox.ledger_heads');
        return Names.parse(rows)
          .map((row) => row.train)
          .toSorted();
      }),
  };
}

async function append(
  database: Database,
  train: string,
  { drafts, expected }: { readonly drafts: readonly LedgerDraft[]; readonly expected: LedgerExpectation | undefined },
): Promise<readonly LedgerEntry[]> {
  checkName(train);
  const checked = LedgerDraft.array().safeParse(drafts);
  if (!checked.success) {
    throw new LedgerError('invalid', `This is not fit for the ledger: ${z.prettifyError(checked.error)}`, {
      cause: checked.error,
    });
  }
  if (checked.data.length === 0) return [];
  return writing(database, train, async (client, head) => {
    if (expected !== undefined && (await newestOf(client, train, expected)) !== expected.newest) return [];
    const entries = chainDrafts(train, head, checked.data);
    await insert(client, train, entries);
    return entries;
  });
}

async function newestOf(
  client: PoolClient,
  train: string,
  { release, type }: LedgerExpectation,
): Promise<number | null> {
  const { rows } = await client.query(
    `SELECT seq FROM signalbox.ledger_entries WHERE train = $1 AND release = $2 AND type = $3 ORDER BY seq DESC LIMIT 1`,
    [train, release, type],
  );
  return z.array(Place).parse(rows)[0]?.seq ?? null;
}

async function restore(database: Database, train: string, entries: readonly LedgerEntry[]): Promise<void> {
  checkName(train);
  const [fault] = checkChain(
    train,
    entries.map((entry) => ({ seq: entry.seq, text: textOfEntry(entry) })),
  );
  if (fault !== undefined)
    throw new LedgerError('invalid', `These entries do not verify: ${fault.text}. Nothing was stored.`);
  await writing(database, train, async (client, head) => {
    if (head !== null) {
      throw new LedgerError(
        'refused',
        `The train ${train} has ${head.seq} entries already; a ledger is restored only into a train that has none.`,
      );
    }
    await insert(client, train, entries);
  });
}

function checkName(train: string): void {
  if (train === '' || train.includes('\0') || !train.isWellFormed()) {
    throw new LedgerError(
      'invalid',
      'The name of a train is a text that is not empty and holds no NUL. Nothing was stored.',
    );
  }
}

// One message for the whole start. Waiting for ever behind a frozen writer helps nobody, and being the frozen one would hold up all others.
const BEGIN = `
  BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
  SET LOCAL lock_timeout = '30s';
  SET LOCAL idle_in_transaction_session_timeout = '60s';
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

/** A transaction that alone writes the train, given its head. Answers only after the commit is on the disk. */
async function writing<Answer>(
  database: Database,
  train: string,
  work: (client: PoolClient, head: LedgerHead | null) => Promise<Answer>,
): Promise<Answer> {
  const client = await database.connect();
  let committing = false;
  try {
    await client.query(BEGIN);
    await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockKey('ledger', train)]);
    const { rows } = await client.query('SELECT seq, hash FROM signalbox.ledger_heads WHERE train = $1', [train]);
    const answer = await work(client, z.array(Head).parse(rows)[0] ?? null);
    committing = true;
    await client.query('COMMIT');
    client.release();
    return answer;
  } catch (error) {
    // The connection is given up with its transaction: nothing of it can be taken on by the next user.
    client.release(true);
    const maybeStored = committing && serverError(error)?.fatal !== false;
    throw await database.explain(error, { doing: 'write to the ledger', maybeStored });
  }
}

async function insert(client: PoolClient, train: string, entries: readonly LedgerEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    await client.query(
      `INSERT INTO signalbox.ledger_entries (train, seq, entry, hash, prev, release, type, at)
       SELECT $1, added.* FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS added`,
      [
        train,
        some.map((entry) => entry.seq),
        some.map((entry) => textOfEntry(entry)),
        some.map((entry) => entry.hash),
        some.map((entry) => entry.prev),
        some.map((entry) => releaseOfEvent(entry.event)),
        some.map((entry) => entry.event.type),
        some.map((entry) => entry.at),
      ],
    );
  }
}

async function read(client: PoolClient, query: LedgerQuery): Promise<readonly LedgerEntry[]> {
  const { rows } = await client.query(
    `SELECT seq, entry FROM signalbox.ledger_entries
      WHERE train = $1 AND seq > $2::bigint AND ($3::text IS NULL OR release = $3 OR release IS NULL) AND ($4::text[] IS NULL OR type = ANY ($4))
        AND ($6::bigint IS NULL OR seq < $6)
      ORDER BY seq DESC LIMIT $5::bigint`,
    [
      query.train,
      query.after ?? 0,
      query.release ?? null,
      query.types ?? null,
      query.last ?? null,
      query.before ?? null,
    ],
  );
  return z
    .array(Stored)
    .parse(rows)
    .toReversed()
    .map(({ seq, entry }) => {
      // Its place in the chain is not looked at here, its own hash is: nothing is decided on an entry that was changed.
      const checked = checkEntry(query.train, { ...CHAIN_START, seq: seq - 1, hashes: null }, { seq, text: entry });
      const [fault] = checked.faults;
      if (checked.entry !== null && fault === undefined) return checked.entry;
      throw new LedgerError(
        'damaged',
        `The ledger of ${query.train} is damaged: ${fault?.text ?? `entry ${seq}`}. Run signalbox log --verify.`,
      );
    });
}

async function using<Answer>(
  database: Database,
  doing: string,
  work: (client: PoolClient) => Promise<Answer>,
): Promise<Answer> {
  const client = await database.connect();
  try {
    const answer = await work(client);
    client.release();
    return answer;
  } catch (error) {
    client.release(true);
    throw await database.explain(error, { doing });
  }
}
