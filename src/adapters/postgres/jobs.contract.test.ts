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

it('puts each post into its queue once, however many processes do it at the same time', async () => {
  const posts = Array.from({ length: 60 }, (_unused, n) => [draft(`p${n}`), draft(`q${n}`, `p${(n * 7) % 60}`)]);
  const poster = open();
  for (const drafts of posts) await poster.post(queue, drafts);
  const looks = await Promise.all(Array.from({ length: 6 }, () => open().counts(queue)));
  const again = await jobs.counts(queue);
  // Each p was taken, and of the others those that named no key which was taken before them.
  expect(again.waiting).toBeGreaterThanOrEqual(60);
  expect(Math.max(...looks.map(({ waiting }) => waiting))).toBe(again.waiting);
  const names = (await jobs.open(queue)).map((data) => JSON.stringify(data));
  expect(new Set(names).size).toBe(names.length);
  expect(await own.asOwner('SELECT FROM signalbox.job_posts WHERE queue = $1', [queue])).toEqual([]);
  await poster.close();
});

it('finds what was posted by a process that ended at once, and does it', async () => {
  const other = await openDatabase(own.place());
  const gone = postgresJobs(other);
  await gone.post(queue, [{ keys: ['a'], data: 'left' }]);
  await gone.close();
  await other.close();
  const seen: unknown[] = [];
  const worker = await jobs.work(queue, async ({ data }) => void seen.push(data));
  await expect.poll(() => seen).toEqual(['left']);
  await worker.stop();
});

it('refuses to post what could never be put into a queue, and stores nothing of it', async () => {
  const long = 'k'.repeat(501);
  await expect(jobs.post(queue, [draft('a'), draft(long)])).rejects.toThrow('the key of a job is over 500 characters');
  await expect(jobs.post(queue, [{ keys: ['b'], data: 'a zero: \u0000' }])).rejects.toMatchObject({
    name: 'LedgerError',
  });
  expect(await jobs.counts(queue)).toEqual({ waiting: 0, running: 0, dead: 0 });
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
