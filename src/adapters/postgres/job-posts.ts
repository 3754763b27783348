import { z } from 'zod';
import type { Database } from './database.ts';
import { inOneStatement } from './jobs-database.ts';
import { JOBS_SCHEMA } from './jobs-schema.ts';

/**
 * Claims the keys of `draft` (place, id, keys, data), and puts those drafts into the queue $1 whose keys are all new, in one statement: four of them took
 * twice as long for both sides. A key of two drafts of one call is the first one's. The keys come in one order for all, so that two who add the same
 * never wait for each other. What is not told of a job is the queue's, as with the `insert` of pg-boss, whose columns these are.
 */
export const PUT_INTO_QUEUE = `wanted AS (
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
  )`;

/** The most jobs that go from posts into their queue in one transaction, but for the last post of them; and posts. */
const [JOBS_AT_ONCE, POSTS_AT_ONCE] = [500, 500] as const;

/** Two who do it at once: each post goes with one of them, since a row is deleted once. A job is in its queue exactly when its post is gone. */
const SETTLE = `
  WITH next AS (
    SELECT seq, count FROM signalbox.job_posts WHERE queue = $1 ORDER BY seq LIMIT ${POSTS_AT_ONCE}
  ), chosen AS (
    SELECT seq FROM (SELECT seq, sum(count) OVER (ORDER BY seq) - count AS before FROM next) AS summed WHERE before < ${JOBS_AT_ONCE}
  ), posted AS (
    DELETE FROM signalbox.job_posts WHERE seq IN (SELECT seq FROM chosen) RETURNING seq, drafts
  ), draft AS (
    SELECT (row_number() OVER (ORDER BY posted.seq, given.place))::int AS place, given.id, given.keys, given.data
      FROM posted, jsonb_to_recordset(posted.drafts) AS given (place int, id uuid, keys text[], data jsonb)
  ), ${PUT_INTO_QUEUE}
  SELECT (SELECT count(*) FROM chosen)::int AS chosen, (SELECT count(*) FROM added)::int AS added`;
const Settled = z.tuple([z.object({ chosen: z.int(), added: z.int() })]);

/** Puts the oldest posts into their queue. `isEmpty`: there were none. */
async function settleSome(
  database: Database,
  queue: string,
): Promise<{ readonly added: number; readonly isEmpty: boolean }> {
  const statement = { name: 'settle-posts', text: SETTLE, values: [queue] };
  const { rows } = await inOneStatement(database, 'put jobs into their queue', statement);
  const [{ chosen, added }] = Settled.parse(rows);
  return { added, isEmpty: chosen === 0 };
}

/** Whether something was posted that is not in its queue yet. */
async function anyPosted(database: Database, queue: string): Promise<boolean> {
  const text = 'SELECT FROM signalbox.job_posts WHERE queue = $1 LIMIT 1';
  const { rowCount } = await inOneStatement(database, 'look for jobs', { name: 'any-posted', text, values: [queue] });
  return rowCount === 1;
}

/** Puts the posts of one queue into it, again and again. */
interface Settler {
  /** There is something: it is done at once when nothing was for a moment, and otherwise together with what comes until then. */
  soon(): void;
  /** Looks every second, for what a killed process left behind or another one posted. */
  watch(): { readonly end: () => void };
  /** Starts nothing more, and waits for what is under way. What is left is done by whoever comes next. */
  end(): Promise<void>;
}

/**
 * Milliseconds from one time to the next. While much comes in, taking it in goes before: a time costs as much of two cores as some hundred webhooks
 * that are only stored, and a person sees nothing of a quarter of a second.
 */
const REST = 250;
const LOOK_AGAIN = 1_000;

interface Settling {
  /** Does some; answers whether there was nothing to do. */
  readonly settle: () => Promise<boolean>;
  readonly failed: ((error: Error) => void) | undefined;
}

function settler({ settle, failed }: Settling): Settler {
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastEnded = -Infinity;
  let ended = false;
  let isMore = false;
  const run = async (): Promise<void> => {
    isMore = false;
    try {
      const isEmpty = await settle();
      // What was posted meanwhile may have come just after it looked.
      if (!isEmpty || isMore) soonAfter();
    } catch (error) {
      failed?.(error instanceof Error ? error : new Error(String(error)));
      soonAfter(LOOK_AGAIN);
    } finally {
      lastEnded = performance.now();
      running = null;
    }
  };
  const start = (): void => {
    timer = null;
    if (!ended && running === null) running = run();
  };
  const soonAfter = (millis: number = REST): void => {
    if (ended || timer !== null) return;
    timer = setTimeout(start, millis);
    timer.unref();
  };
  const soon = (): void => {
    isMore = true;
    if (running !== null || timer !== null || ended) return;
    const rest = REST - (performance.now() - lastEnded);
    if (rest <= 0) start();
    else soonAfter(rest);
  };
  return {
    soon,
    watch: () => {
      const look = setInterval(soon, LOOK_AGAIN);
      look.unref();
      soon();
      return { end: () => clearInterval(look) };
    },
    end: async () => {
      ended = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

interface Posting {
  readonly database: Database;
  /** Makes the queue when it is not there. */
  readonly ready: (queue: string) => Promise<void>;
  /** Told when jobs came into the queue. */
  readonly added: (queue: string) => void;
  readonly failed: ((error: Error) => void) | undefined;
}

/** What is done with posts, by queue. */
export interface JobPosts {
  /** Something was posted. */
  soon(queue: string): void;
  /** Puts all that was posted into its queue: whoever reads the queue calls it first. */
  settled(queue: string): Promise<void>;
  watch(queue: string): ReturnType<Settler['watch']>;
  end(): Promise<void>;
}

export function jobPosts({ database, ready, added, failed }: Posting): JobPosts {
  const settlers = new Map<string, Settler>();
  const settle = async (queue: string): Promise<boolean> => {
    await ready(queue);
    const some = await settleSome(database, queue);
    if (some.added > 0) added(queue);
    return some.isEmpty;
  };
  const settlerOf = (queue: string): Settler => {
    const known = settlers.get(queue) ?? settler({ settle: () => settle(queue), failed });
    settlers.set(queue, known);
    return known;
  };
  return {
    soon: (queue) => settlerOf(queue).soon(),
    settled: async (queue) => {
      if (!(await anyPosted(database, queue))) return;
      while (!(await settle(queue)));
    },
    watch: (queue) => settlerOf(queue).watch(),
    end: async () => {
      await Promise.all([...settlers.values()].map((each) => each.end()));
    },
  };
}
