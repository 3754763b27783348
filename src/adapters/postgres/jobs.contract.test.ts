import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Job, Jobs } from '../../ports/jobs.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { openDatabase, postgresJobs, type Database } from './index.ts';

let place: TestDatabase;
let database: Database;
let jobs: Jobs;
let used = 0;
let queue = '';

const open = (options: Parameters<typeof postgresJobs>[1] = {}): Jobs =>
  postgresJobs(database, { retryDelay: 1, ...options });

beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase(place.place);
  jobs = open({ retries: 1 });
});
beforeEach(() => {
  used += 1;
  queue = `queue-${used}`;
});
afterAll(async () => {
  await jobs.close();
  await database.close();
  await place.drop();
});

const draft = (...keys: [string, ...string[]]) => ({ keys, data: keys });

/** Does jobs until `count` of them were tried, and gives the tries. */
async function tries(count: number, handle: (job: Job) => Promise<void> = async () => {}): Promise<readonly Job[]> {
  const seen: Job[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const worker = await jobs.work(queue, async (job) => {
    seen.push(job);
    if (seen.length >= count) resolve();
    await handle(job);
  });
  await promise;
  await worker.stop();
  return seen;
}

it('does each job once, with what it was given', async () => {
  expect(
    await jobs.add(queue, [
      { keys: ['a'], data: { n: 1 } },
      { keys: ['b'], data: ['ü', null] },
    ]),
  ).toEqual([true, true]);
  const done = await tries(2);
  // Side by side: which of them comes first is nobody's promise.
  expect(new Set(done.map(({ data, attempt }) => ({ data, attempt })))).toEqual(
    new Set([
      { data: { n: 1 }, attempt: 1 },
      { data: ['ü', null], attempt: 1 },
    ]),
  );
  expect(await jobs.counts(queue)).toEqual({ waiting: 0, running: 0, dead: 0 });
});

it('takes a job only when none of its keys was ever taken, also within one call and after it was done', async () => {
  expect(await jobs.add(queue, [draft('d1', 'c1'), draft('d1', 'c1'), draft('d2', 'c1'), draft('d3', 'c3')])).toEqual([
    true,
    false,
    false,
    true,
  ]);
  await tries(2);
  expect(await jobs.add(queue, [draft('d2'), draft('d4', 'c3'), draft('d5')])).toEqual([false, false, true]);
  expect(await jobs.known(queue, ['d1', 'd2', 'd4', 'd9'])).toEqual(new Set(['d1', 'd2', 'd4']));
});

it('takes each job once when many processes add the same at the same time, in any order', async () => {
  const drafts = Array.from({ length: 40 }, (_unused, n) => draft(`d${n}`));
  const orders = [drafts, drafts.toReversed(), drafts.toSorted(() => 1), drafts.slice(7), drafts.slice(0, 30)];
  const answers = await Promise.all(orders.map((order) => open().add(queue, order)));
  expect(answers.flat().filter(Boolean)).toHaveLength(40);
  expect((await jobs.counts(queue)).waiting).toBe(40);
});

it('tries a failed job again later, then keeps it among the dead with its error, from where a person revives it', async () => {
  await jobs.add(queue, [{ keys: ['a'], data: 'pick' }]);
  const failed = await tries(2, async () => {
    throw new Error('the forge is down');
  });
  expect(failed.map(({ attempt }) => attempt)).toEqual([1, 2]);
  await expect.poll(async () => (await jobs.counts(queue)).dead).toBe(1);
  const [corpse] = await jobs.dead(queue);
  expect(corpse).toMatchObject({ data: 'pick', error: 'the forge is down' });
  const id = z.string().parse(corpse?.id);
  expect(await jobs.revive(queue, 'nonsense')).toBe(false);
  expect(await jobs.revive(queue, id)).toBe(true);
  expect(await jobs.revive(queue, id)).toBe(false);
  expect((await tries(1)).map(({ data, attempt }) => ({ data, attempt }))).toEqual([{ data: 'pick', attempt: 1 }]);
  expect(await jobs.counts(queue)).toEqual({ waiting: 0, running: 0, dead: 0 });
});

it('stores nothing of a call in which one job cannot be stored', async () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  await expect(
    jobs.add(queue, [
      { keys: ['a'], data: 1 },
      { keys: ['b'], data: loop },
    ]),
  ).rejects.toThrow(/circular|cyclic/i);
  expect(await jobs.known(queue, ['a', 'b'])).toEqual(new Set());
  expect((await jobs.counts(queue)).waiting).toBe(0);
});

it('keeps what waits, whoever asks for it next', async () => {
  await jobs.add(queue, [{ keys: ['a'], data: 1 }]);
  const other = await openDatabase(place.place);
  const next = postgresJobs(other);
  expect(await next.counts(queue)).toEqual({ waiting: 1, running: 0, dead: 0 });
  await next.close();
  await other.close();
});

it('forgets keys that are old, and no others', async () => {
  await jobs.add(queue, [{ keys: ['old'], data: 1 }]);
  await place.asOwner(`UPDATE signalbox.job_keys SET added_at = '2025-01-01' WHERE queue = $1`, [queue]);
  await jobs.add(queue, [{ keys: ['new'], data: 2 }]);
  const { Instant } = await import('../../domain/instant.ts');
  expect(await jobs.forgetKeys(queue, Instant.parse('2025-06-01T00:00:00Z'))).toBe(1);
  expect(await jobs.known(queue, ['old', 'new'])).toEqual(new Set(['new']));
});

it('says a database that went away by its code', async () => {
  const closed = await openDatabase(place.place);
  await closed.close();
  await expect(postgresJobs(closed).counts(queue)).rejects.toMatchObject({ name: 'LedgerError' });
});
