import { randomUUID } from 'node:crypto';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { instantOf, type Instant } from '../../domain/instant.ts';
import type { DeadJob, JobCounts, JobDraft, Jobs } from '../../ports/jobs.ts';
import type { Database } from './database.ts';
import { bossDatabase, inOneStatement, inTransaction, statementsOn } from './jobs-database.ts';
import { JOBS_SCHEMA } from './jobs-schema.ts';

/** How patient the queues are. */
export interface JobsOptions {
  /** Tries after the first one. */
  readonly retries?: number;
  /** Seconds before the second try; doubled each time, up to ten minutes. */
  readonly retryDelay?: number;
  /** Jobs that one process does side by side. */
  readonly atOnce?: number;
  /** Told of failures that no caller sees: a worker that cannot reach the database. */
  readonly failed?: (error: Error) => void;
}

const LONGEST_DELAY = 600;
const YEAR = 365 * 24 * 3600;
/** A job may take so long, in seconds; picks clone and build nothing, but a forge may be slow. */
const LONGEST_JOB = 1800;
/** Seconds without a sign of life after which a running job is taken for left behind: the least that pg-boss allows. */
const HEARTBEAT = 10;

const Keys = z.array(z.object({ key: z.string() }));
const Envelope = z.object({
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

const deadOf = (queue: string): string => `${queue}-dead`;

/** The text of what a job died of; pg-boss keeps errors as objects. */
function errorText(output: unknown): string {
  const found = z.object({ message: z.string() }).safeParse(output);
  return found.success ? found.data.message : JSON.stringify(output ?? 'no reason is known');
}

interface Boss {
  readonly boss: PgBoss;
  /** Makes a queue with its dead-letter queue, once a process. */
  readonly ready: (queue: string) => Promise<void>;
}

async function openBoss(database: Database, options: JobsOptions): Promise<Boss> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    db: bossDatabase(database),
    schema: JOBS_SCHEMA,
    // The schema is made by our migrations, as the owner; the product's role may not.
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    // What a killed process left behind is found within seconds.
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  });
  boss.on('error', (error) => options.failed?.(error));
  await boss.start();
  const made = new Map<string, Promise<void>>();
  const make = async (queue: string): Promise<void> => {
    await boss.createQueue(deadOf(queue), { retryLimit: 0, retentionSeconds: YEAR });
    const patience = {
      retryLimit: options.retries ?? 8,
      retryDelay: options.retryDelay ?? 5,
      retryBackoff: true,
      retryDelayMax: LONGEST_DELAY,
      expireInSeconds: LONGEST_JOB,
      heartbeatSeconds: HEARTBEAT,
      deadLetter: deadOf(queue),
    };
    await boss.createQueue(queue, patience);
    // It may be there with the patience of an earlier release.
    await boss.updateQueue(queue, patience);
  };
  return {
    boss,
    ready: (queue) => {
      const making = made.get(queue) ?? make(queue);
      made.set(queue, making);
      return making;
    },
  };
}

/**
 * Claims the keys of drafts, and puts those drafts into the queue whose keys are all new, in one statement: four of them took twice as long for both
 * sides. A key of two drafts of one call is the first one's. The keys come in one order for all, so that two who add the same never wait for each other.
 * What is not told of a job is the queue's, as with the `insert` of pg-boss, whose columns these are.
 */
const ADD = `
  WITH draft AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS given (place int, id uuid, keys text[], data jsonb)
  ), wanted AS (
    SELECT key, min(place) AS place FROM draft, unnest(keys) AS key GROUP BY key
  ), claimed AS (
    INSERT INTO signalbox.job_keys (queue, key) SELECT $1, key FROM wanted ORDER BY key ON CONFLICT DO NOTHING RETURNING key
  ), taken AS (
    SELECT place, id, data FROM draft
     -- Nearly always: no key was there, and none is given twice. Then none is looked at by itself.
     WHERE (SELECT count(*) FROM claimed) = (SELECT sum(cardinality(keys)) FROM draft) OR NOT EXISTS (
       SELECT FROM unnest(draft.keys) AS own (key)
         JOIN wanted ON wanted.key = own.key
         LEFT JOIN claimed ON claimed.key = own.key
        WHERE claimed.key IS NULL OR wanted.place < draft.place
     )
  ), added AS (
    INSERT INTO ${JOBS_SCHEMA}.job (
      id, name, data, priority, start_after, created_on, expire_seconds, deletion_seconds, keep_until, retry_limit, retry_delay, retry_backoff,
      retry_delay_max, policy, dead_letter, heartbeat_seconds, blocked, blocking, pending_dependencies
    )
    SELECT taken.id, q.name, taken.data, 0, ${JOBS_SCHEMA}.job_now(), ${JOBS_SCHEMA}.job_now(), q.expire_seconds, q.deletion_seconds,
           ${JOBS_SCHEMA}.job_now() + q.retention_seconds * interval '1s', q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.policy,
           q.dead_letter, q.heartbeat_seconds, false, false, 0
      FROM taken JOIN ${JOBS_SCHEMA}.queue q ON q.name = $1
    RETURNING id
  )
  SELECT taken.place FROM taken JOIN added ON added.id = taken.id`;
const Places = z.array(z.object({ place: z.int() }));

async function add(
  database: Database,
  { ready }: Boss,
  queue: string,
  drafts: readonly JobDraft[],
): Promise<readonly boolean[]> {
  if (drafts.length === 0) return [];
  await ready(queue);
  const addedAt = new Date().toISOString();
  const given = drafts.map(({ keys, data }, place) => ({ place, id: randomUUID(), keys, data: { data, addedAt } }));
  const statement = { name: 'add-jobs', text: ADD, values: [queue, JSON.stringify(given)] };
  const { rows } = await inOneStatement(database, 'store jobs', statement);
  const taken = new Set(Places.parse(rows).map(({ place }) => place));
  return drafts.map((_draft, place) => taken.has(place));
}

async function work(
  { boss, ready }: Boss,
  queue: string,
  atOnce: number,
  handle: Parameters<Jobs['work']>[1],
): Promise<{ readonly stop: () => Promise<void>; readonly wake: () => void }> {
  await ready(queue);
  const options = {
    transactional: true,
    includeMetadata: true,
    pollingIntervalSeconds: 0.5,
    heartbeatRefreshSeconds: 3,
  } as const;
  const workers: string[] = [];
  const wake = (): void => {
    for (const id of workers) boss.notifyWorker(id);
  };
  const handleAll = async (jobs: readonly JobWithMetadata<unknown>[]): Promise<void> => {
    for (const { id, data, retryCount, retryLimit } of jobs) {
      const { data: content, addedAt } = Envelope.parse(data);
      await handle({ id, data: content, attempt: retryCount + 1, isLast: retryCount >= retryLimit, addedAt });
    }
    // Where there was one job there may be more: each worker would otherwise rest half a second after every one.
    wake();
  };
  for (let each = 0; each < atOnce; each += 1) {
    workers.push(await boss.work(queue, options, (jobs: JobWithMetadata<unknown>[]) => handleAll(jobs)));
  }
  return { stop: () => boss.offWork(queue, { wait: true }), wake };
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

async function revive(database: Database, { boss }: Boss, queue: string, id: string): Promise<boolean> {
  if (!z.uuid().safeParse(id).success) return false;
  return inTransaction(database, 'revive a job', async (client) => {
    const { rows } = await client.query(
      `DELETE FROM ${JOBS_SCHEMA}.job WHERE name = $1 AND id = $2 AND state = 'created' RETURNING data`,
      [deadOf(queue), id],
    );
    const [found] = z.array(z.object({ data: z.looseObject({}) })).parse(rows);
    if (found === undefined) return false;
    await boss.insert(queue, [{ id: randomUUID(), data: found.data }], { db: statementsOn(client) });
    return true;
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

/** Jobs in our PostgreSQL, on pg-boss. Nothing of it is loaded before the first call. */
export function postgresJobs(database: Database, options: JobsOptions = {}): Jobs {
  let opened: Promise<Boss> | null = null;
  const wakes = new Map<string, () => void>();
  const openOnce = (): Promise<Boss> => {
    opened ??= openBoss(database, options).catch((error: unknown) => {
      // The next call tries again.
      opened = null;
      throw error;
    });
    return opened;
  };
  return {
    add: async (queue, drafts) => {
      const taken = await add(database, await openOnce(), queue, drafts);
      if (taken.includes(true)) wakes.get(queue)?.();
      return taken;
    },
    known: (queue, keys) =>
      inTransaction(database, 'look for jobs', async (client) => {
        const select = 'SELECT key FROM signalbox.job_keys WHERE queue = $1 AND key = ANY ($2::text[])';
        const { rows } = await client.query(select, [queue, [...keys]]);
        return new Set(Keys.parse(rows).map(({ key }) => key));
      }),
    work: async (queue, handle) => {
      const worker = await work(await openOnce(), queue, options.atOnce ?? 2, handle);
      wakes.set(queue, worker.wake);
      return { stop: () => worker.stop() };
    },
    open: (queue) => open(database, queue),
    dead: (queue) => dead(database, queue),
    revive: async (queue, id) => revive(database, await openOnce(), queue, id),
    counts: (queue) => counts(database, queue),
    forgetKeys: (queue, before) => forgetKeys(database, queue, before),
    close: async () => {
      const boss = await opened;
      await boss?.boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}
