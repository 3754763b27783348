import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import type { Lease, LeaseAnswer, LeaseHolder, Leases } from '../../ports/ledger.ts';
import type { Database } from './database.ts';
import { lockKey } from './lock-key.ts';

const Taken = z.object({ taken: z.boolean() });
const HolderRow = z.object({ key: z.string(), holder: z.string(), since: Instant, backend: z.int() });
const ASK_AGAIN_MS = 20;
const ASK_TIMES = 100;

/** A row means something only while its session holds its lock: locks of 64 bits are shown by the server as two halves. */
const HELD = `
  SELECT leases.key, leases.holder, leases.since, leases.backend
    FROM signalbox.leases JOIN pg_catalog.pg_locks AS locks
      ON locks.locktype = 'advisory' AND locks.objsubid = 1 AND locks.granted AND locks.pid = leases.backend
     AND locks.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
     AND (locks.classid::bigint << 32 | locks.objid::bigint) = leases.lock
   WHERE leases.train = $1`;

/** Leases as advisory locks, each of a session of its own: the server frees it the moment its process dies or its connection breaks. */
export function postgresLeases(database: Database): Leases {
  return {
    take: (train, key, holder) => take(database, { train, key }, holder),
    holders: async (train) => {
      const rows = await held(database, train);
      return rows
        .map(({ key, holder, since }) => ({ key, by: { holder, since } }))
        .toSorted((left, right) => (left.key < right.key ? -1 : 1));
    },
    breakLease: (train, key) => breakLease(database, { train, key }),
  };
}

interface Name {
  readonly train: string;
  readonly key: string;
}

async function take(database: Database, { train, key }: Name, holder: LeaseHolder): Promise<LeaseAnswer> {
  const lock = lockKey('lease', train, key);
  const client = await database.connectAlone();
  try {
    for (let times = 0; ; times += 1) {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1::bigint) AS taken', [lock]);
      if (Taken.parse(rows[0]).taken) break;
      const by = (await held(database, train)).find((row) => row.key === key);
      // Between taking the lock and writing the row there is a moment in which the holder has no name.
      if (by === undefined && times < ASK_TIMES) {
        await delay(ASK_AGAIN_MS);
        continue;
      }
      await client.end();
      return {
        taken: false,
        by:
          by === undefined ? { ...holder, holder: 'a process without a name' } : { holder: by.holder, since: by.since },
      };
    }
    await client.query(
      `INSERT INTO signalbox.leases (train, key, holder, since, lock, backend) VALUES ($1, $2, $3, $4, $5::bigint, pg_backend_pid())
       ON CONFLICT (train, key) DO UPDATE
       SET holder = excluded.holder, since = excluded.since, lock = excluded.lock, backend = excluded.backend`,
      [train, key, holder.holder, holder.since, lock],
    );
    return { taken: true, lease: leaseOf(client, { train, key }) };
  } catch (error) {
    await client.end().catch(() => {});
    throw await database.explain(error, { doing: `take the lease ${key} of ${train}` });
  }
}

function leaseOf(client: Client, { train, key }: Name): Lease {
  let over = false;
  const end = (): void => {
    over = true;
  };
  client.once('end', end).once('error', end);
  return {
    // The session is the lease: as long as it answers, nobody else can have the lock.
    isHeld: async () => {
      if (over) return false;
      await client.query('SELECT 1').catch(end);
      return !over;
    },
    release: async () => {
      if (over) return;
      over = true;
      // When the connection is gone the lock is too; the row alone means nothing.
      await client
        .query('DELETE FROM signalbox.leases WHERE train = $1 AND key = $2 AND backend = pg_backend_pid()', [
          train,
          key,
        ])
        .catch(() => {});
      await client.end().catch(() => {});
    },
  };
}

async function held(database: Database, train: string): Promise<readonly z.infer<typeof HolderRow>[]> {
  const client = await database.connect();
  try {
    const { rows } = await client.query(HELD, [train]);
    client.release();
    return z.array(HolderRow).parse(rows);
  } catch (error) {
    client.release(true);
    throw await database.explain(error, { doing: `read the leases of ${train}` });
  }
}

async function breakLease(database: Database, { train, key }: Name): Promise<boolean> {
  const row = (await held(database, train)).find((one) => one.key === key);
  if (row === undefined) return false;
  const client = await database.connect();
  try {
    // Ending a session is allowed to the user it signed in as, which the role we took on may not be.
    await client.query('BEGIN; SET LOCAL ROLE NONE');
    await client.query('SELECT pg_terminate_backend($1, 10000)', [row.backend]);
    await client.query('COMMIT');
    client.release();
    return true;
  } catch (error) {
    client.release(true);
    throw await database.explain(error, { doing: `break the lease ${key} of ${train}` });
  }
}
