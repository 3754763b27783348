import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Job, Jobs } from '../ports/jobs.ts';

/** What the contract is tried on: jobs that are tried twice, and a queue that nobody used before. */
export interface JobsUnderTest {
  readonly jobs: Jobs;
  readonly queue: string;
}

const draft = (...keys: [string, ...string[]]) => ({ keys, data: keys });

/** What every queue of jobs keeps to, whatever it is made of. */
export function jobsContract(under: () => JobsUnderTest): void {
  const jobs = (): Jobs => under().jobs;
  const queue = (): string => under().queue;
  /** Does jobs until `count` of them were tried, and gives the tries. */
  async function tries(count: number, handle: (job: Job) => Promise<void> = async () => {}): Promise<readonly Job[]> {
    const seen: Job[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const worker = await under().jobs.work(under().queue, async (job) => {
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
      await jobs().add(queue(), [
        { keys: ['a'], data: { n: 1 } },
        { keys: ['b'], data: ['ü', null] },
      ]),
    ).toEqual([true, true]);
    const done = await tries(2);
    // Side by side, so in any order.
    expect(done.map(({ data, attempt }) => JSON.stringify({ data, attempt })).toSorted()).toEqual([
      '{"data":["ü",null],"attempt":1}',
      '{"data":{"n":1},"attempt":1}',
    ]);
    expect(await jobs().counts(queue())).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  it('takes a job only when none of its keys was ever taken, also within one call and after it was done', async () => {
    expect(
      await jobs().add(queue(), [draft('d1', 'c1'), draft('d1', 'c1'), draft('d2', 'c1'), draft('d3', 'c3')]),
    ).toEqual([true, false, false, true]);
    await tries(2);
    expect(await jobs().add(queue(), [draft('d2'), draft('d4', 'c3'), draft('d5')])).toEqual([false, false, true]);
    expect(await jobs().known(queue(), ['d1', 'd2', 'd4', 'd9'])).toEqual(new Set(['d1', 'd2', 'd4']));
  });

  it('does what is posted, once, also when it was posted or added before, and shows it to whoever asks', async () => {
    await jobs().post(queue(), [draft('d1', 'c1'), draft('d1', 'c1'), draft('d2')]);
    await jobs().post(queue(), [draft('d2', 'c2'), draft('d3')]);
    await jobs().post(queue(), []);
    expect((await jobs().open(queue())).map((data) => JSON.stringify(data)).toSorted()).toEqual([
      '["d1","c1"]',
      '["d2"]',
      '["d3"]',
    ]);
    expect(await jobs().add(queue(), [draft('d3'), draft('d4', 'c1')])).toEqual([false, false]);
    expect(await jobs().counts(queue())).toEqual({ waiting: 3, running: 0, dead: 0 });
    await jobs().post(queue(), [draft('d5')]);
    expect(await jobs().known(queue(), ['c2', 'd4', 'd5', 'd6'])).toEqual(new Set(['c2', 'd4', 'd5']));
    await tries(4);
    await jobs().post(queue(), [draft('d5')]);
    expect(await jobs().counts(queue())).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  it('does what is posted while it works', async () => {
    const doing = tries(3);
    await jobs().post(queue(), [draft('d1')]);
    await jobs().post(queue(), [draft('d2')]);
    await jobs().post(queue(), [draft('d3')]);
    expect((await doing).map(({ data }) => JSON.stringify(data)).toSorted()).toEqual(['["d1"]', '["d2"]', '["d3"]']);
  });

  it('says what waits and what is being done, until it is done', async () => {
    await jobs().add(queue(), [
      { keys: ['a'], data: { n: 1 } },
      { keys: ['b'], data: { n: 2 } },
    ]);
    expect(await jobs().open(queue())).toHaveLength(2);
    const whileDone: (readonly unknown[])[] = [];
    await tries(2, async () => void whileDone.push(await jobs().open(queue())));
    expect(whileDone.every((open) => open.length > 0)).toBe(true);
    expect(await jobs().open(queue())).toEqual([]);
  });

  it('tries a failed job again later, then keeps it among the dead with its error, from where a person revives it', async () => {
    await jobs().add(queue(), [{ keys: ['a'], data: 'pick' }]);
    const failed = await tries(2, async () => {
      throw new Error('the forge is down');
    });
    expect(failed.map(({ attempt, isLast }) => [attempt, isLast])).toEqual([
      [1, false],
      [2, true],
    ]);
    await expect.poll(async () => (await jobs().counts(queue())).dead).toBe(1);
    const [corpse] = await jobs().dead(queue());
    expect(corpse).toMatchObject({ data: 'pick', error: 'the forge is down' });
    const id = z.string().parse(corpse?.id);
    expect(await jobs().revive(queue(), 'nonsense')).toBe(false);
    expect(await jobs().revive(queue(), id)).toBe(true);
    expect(await jobs().revive(queue(), id)).toBe(false);
    expect((await tries(1)).map(({ data, attempt }) => ({ data, attempt }))).toEqual([{ data: 'pick', attempt: 1 }]);
    expect(await jobs().counts(queue())).toEqual({ waiting: 0, running: 0, dead: 0 });
  });
}
