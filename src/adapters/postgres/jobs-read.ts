import { z } from 'zod';
import { instantOf, type Instant } from '../../domain/instant.ts';
import type { DeadJob, JobCounts, Jobs } from '../../ports/jobs.ts';
import type { Database } from './database.ts';
import { inTransaction } from './jobs-database.ts';
import { JOBS_SCHEMA } from './jobs-schema.ts';

const Keys = z.array(z.object({ key: z.string() }));
/** What a job of pg-boss holds of ours. */
export const Envelope = z.object({
  data: z.unknown(),
  addedAt: z.iso.datetime().transform((text) => instantOf(Date.parse(text))),
});
const Counts = z.object({ waiting: z.int(), running: z.int(), dead: z.int() });
const DeadRow = z.object({
  id: z.string(),
  data: Envelope,
  created_on: z.date(),
  output: z.unknown(),
});

/** The queue of those that failed as often as they may. */
export const deadOf = (queue: string): string => `${queue}-dead`;

/** The text of what a job died of; pg-boss keeps errors as objects. */
function errorText(output: unknown): string {
  const found = z.object({ message: z.string() }).safeParse(output);
  return found.success ? found.data.message : JSON.stringify(output ?? 'no reason is known');
}

async function known(database: Database, queue: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
  return inTransaction(database, 'look for jobs', async (client) => {
    const select = 'SELECT key FROM signalbox.job_keys WHERE queue = $1 AND key = ANY ($2::text[])';
    const { rows } = await client.query(select, [queue, [...keys]]);
    return new Set(Keys.parse(rows).map(({ key }) => key));
  });
}

async function open(database: Database, queue: string): Promise<readonly unknown[]> {
  return inTransaction(database, 'read the jobs', async (client) => {
    const { rows } = await client.query(
      `SELECT data FROM ${JOBS_SCHEMA}.job WHERE name = $1 AND state IN ('created', 'retry', 'active') ORDER BY created_on, id`,
      [queue],
    );
    return z
      .array(z.object({ data: Envelope }))
      .parse(rows)
      .map(({ data }) => data.data);
  });
}

async function dead(database: Database, queue: string): Promise<readonly DeadJob[]> {
  return inTransaction(database, 'read the dead jobs', async (client) => {
    const { rows } = await client.query(
      `SELECT dead.id, dead.data, dead.created_on, coalesce(dead.output, failed.output) AS output
         FROM ${JOBS_SCHEMA}.job dead
         LEFT JOIN ${JOBS_SCHEMA}.job failed ON failed.name = dead.source_name AND failed.id = dead.source_id
        WHERE dead.name = $1 AND dead.state = 'created' ORDER BY dead.created_on, dead.id`,
      [deadOf(queue)],
    );
    return z
      .array(DeadRow)
      .parse(rows)
      .map(({ id, data, created_on: at, output }) => ({
        id,
        data: data.data,
        error: errorText(output),
        diedAt: instantOf(at.getTime()),
      }));
  });
}

async function counts(database: Database, queue: string): Promise<JobCounts> {
  return inTransaction(database, 'count the jobs', async (client) => {
    const { rows } = await client.query(
      `SELECT count(*) FILTER (WHERE name = $1 AND state IN ('created', 'retry'))::int AS waiting,
              count(*) FILTER (WHERE name = $1 AND state = 'active')::int AS running,
              count(*) FILTER (WHERE name = $2 AND state = 'created')::int AS dead
         FROM ${JOBS_SCHEMA}.job WHERE name IN ($1, $2)`,
      [queue, deadOf(queue)],
    );
    return Counts.parse(rows[0]);
  });
}

async function forgetKeys(database: Database, queue: string, before: Instant): Promise<number> {
  return inTransaction(database, 'forget old jobs', async (client) => {
    const { rowCount } = await client.query('DELETE FROM signalbox.job_keys WHERE queue = $1 AND added_at < $2', [
      queue,
      before,
    ]);
    return rowCount ?? 0;
  });
}

/** What is read and forgotten of queues, once all that was posted to one is there. */
export function jobsRead(
  database: Database,
  settled: (queue: string) => Promise<void>,
): Pick<Jobs, 'known' | 'open' | 'dead' | 'counts' | 'forgetKeys'> {
  return {
    known: async (queue, keys) => {
      await settled(queue);
      return known(database, queue, keys);
    },
    open: async (queue) => {
      await settled(queue);
      return open(database, queue);
    },
    dead: (queue) => dead(database, queue),
    counts: async (queue) => {
      await settled(queue);
      return counts(database, queue);
    },
    forgetKeys: (queue, before) => forgetKeys(database, queue, before),
  };
}
