import { expect, it } from 'vitest';
import { everyAndOnChange } from './every.ts';

const HOUR = 3_600_000;

it('works at once after a change: one run at a time, changes during a run have one more, and a failure ends nothing', async () => {
  const runs: PromiseWithResolvers<void>[] = [];
  const failures: unknown[] = [];
  const work = (): Promise<void> => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  };
  const following = everyAndOnChange(HOUR, work, (error) => failures.push(error));
  expect(runs).toHaveLength(1);
  following.changed();
  following.changed();
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.reject(new Error('the ledger is away'));
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  following.changed();
  expect(runs).toHaveLength(3);
  const stopping = following.stop();
  runs[2]?.resolve();
  await stopping;
  expect(runs).toHaveLength(3);
});
