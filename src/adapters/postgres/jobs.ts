import { randomUUID } from 'node:crypto';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { JobDraft, Jobs } from '../../ports/jobs.ts';
import type { Database } from './database.ts';
import { bossDatabase, inOneStatement, inTransaction, statementsOn } from './jobs-database.ts';
import { jobPosts, PUT_INTO_QUEUE } from './job-posts.ts';
import { deadOf, Envelope, jobsRead } from './jobs-read.ts';
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

/** Characters; an index of PostgreSQL takes some 2,700 bytes. */
const LONGEST_KEY = 500;

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

/** Jobs as they are stored: with an id of their own, and when they came. */
function givenOf(drafts: readonly JobDraft[]): string {
  const addedAt = new Date().toISOString();
  return JSON.stringify(
    drafts.map(({ keys, data }, place) => ({ place, id: randomUUID(), keys, data: { data, addedAt } })),
  );
}

const ADD = `
  WITH draft AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS given (place int, id uuid, keys text[], data jsonb)
  ), ${PUT_INTO_QUEUE}
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
  const statement = { name: 'add-jobs', text: ADD, values: [queue, givenOf(drafts)] };
  const { rows } = await inOneStatement(database, 'store jobs', statement);
  const taken = new Set(Places.parse(rows).map(({ place }) => place));
  return drafts.map((_draft, place) => taken.has(place));
}

const POST = 'INSERT INTO signalbox.job_posts (queue, count, drafts) VALUES ($1, $2, $3::jsonb)';

async function post(database: Database, queue: string, drafts: readonly JobDraft[]): Promise<void> {
  // What cannot be a key is refused here, where somebody is told: in the queue it would hold up all that comes after it.
  const long = drafts.flatMap(({ keys }) => keys).find((key) => key.length > LONGEST_KEY);
  if (long !== undefined)
    throw new RangeError(`the key of a job is over ${LONGEST_KEY} characters: ${long.slice(0, 80)}…`);
  const statement = { name: 'post-jobs', text: POST, values: [queue, drafts.length, givenOf(drafts)] };
  await inOneStatement(database, 'store jobs', statement);
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
  const posts = jobPosts({
    database,
    ready: async (queue) => (await openOnce()).ready(queue),
    added: (queue) => wakes.get(queue)?.(),
    failed: options.failed,
  });
  return {
    add: async (queue, drafts) => {
      const taken = await add(database, await openOnce(), queue, drafts);
      if (taken.includes(true)) wakes.get(queue)?.();
      return taken;
    },
    post: async (queue, drafts) => {
      if (drafts.length === 0) return;
      await post(database, queue, drafts);
      posts.soon(queue);
    },
    ...jobsRead(database, (queue) => posts.settled(queue)),
    work: async (queue, handle) => {
      const worker = await work(await openOnce(), queue, options.atOnce ?? 2, handle);
      wakes.set(queue, worker.wake);
      const watching = posts.watch(queue);
      return {
        stop: async () => {
          watching.end();
          await worker.stop();
        },
      };
    },
    revive: async (queue, id) => revive(database, await openOnce(), queue, id),
    close: async () => {
      await posts.end();
      const boss = await opened;
      await boss?.boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}
