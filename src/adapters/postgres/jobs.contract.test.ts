import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Jobs } from '../../ports/jobs.ts';
import { fileDatabase } from '../../testing/file-database.ts';
import { jobsContract } from '../../testing/jobs-contract.ts';
import { openDatabase, postgresJobs } from './index.ts';

const own = fileDatabase();
let jobs: Jobs;
let queue = '';

const open = (options: Parameters<typeof postgresJobs>[1] = {}): Jobs =>
  postgresJobs(own.database(), { retryDelay: 1, ...options });

beforeAll(() => {
  jobs = open({ retries: 1 });
});
beforeEach(() => {
  queue = own.name();
});
afterAll(() => jobs.close());

const draft = (...keys: [string, ...string[]]) => ({ keys, data: keys });

jobsContract(() => ({ jobs, queue }));

it('takes each job once when many processes add the same at the same time, in any order', async () => {
  const drafts = Array.from({ length: 40 }, (_unused, n) => draft(`d${n}`));
  const orders = [drafts, drafts.toReversed(), drafts.toSorted(() => 1), drafts.slice(7), drafts.slice(0, 30)];
  const answers = await Promise.all(orders.map((order) => open().add(queue, order)));
  expect(answers.flat().filter(Boolean)).toHaveLength(40);
  expect((await jobs.counts(queue)).waiting).toBe(40);
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
  const other = await openDatabase(own.place());
  const next = postgresJobs(other);
  expect(await next.counts(queue)).toEqual({ waiting: 1, running: 0, dead: 0 });
  await next.close();
  await other.close();
});

it('forgets keys that are old, and no others', async () => {
  await jobs.add(queue, [{ keys: ['old'], data: 1 }]);
  await own.asOwner(`UPDATE signalbox.job_keys SET added_at = '2025-01-01' WHERE queue = $1`, [queue]);
  await jobs.add(queue, [{ keys: ['new'], data: 2 }]);
  const { Instant } = await import('../../domain/instant.ts');
  expect(await jobs.forgetKeys(queue, Instant.parse('2025-06-01T00:00:00Z'))).toBe(1);
  expect(await jobs.known(queue, ['old', 'new'])).toEqual(new Set(['new']));
});

it('says a database that went away by its code', async () => {
  const closed = await openDatabase(own.place());
  await closed.close();
  await expect(postgresJobs(closed).counts(queue)).rejects.toMatchObject({ name: 'LedgerError' });
});
