import { describe, expect, it } from 'vitest';
import { retryAfter, withRetries, type Judgement } from './retry.ts';
import type { Timers } from './timers.ts';

const again = (asked: number | null): Judgement => ({ again: true, asked });

const NOON = Date.UTC(2025, 5, 16, 12);

describe('the time that a server asks to wait', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Mon, 16 Jun 2025 12:00:30 GMT', 30_000],
    ['Mon, 16 Jun 2025 11:00:00 GMT', 0],
    [null, null],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['1e9', null],
    ['99999999999999999999', null],
    ['tomorrow', null],
    ['2025-06-16', null],
    ['Mon, 99 Jun 2025 12:00:30 GMT', null],
  ])('written as %j is %j milliseconds', (header, millis) => {
    expect(retryAfter(header, NOON)).toBe(millis);
  });
});

const play = async (judgements: readonly Judgement[], random: number): Promise<{ calls: number; waits: number[] }> => {
  const waits: number[] = [];
  let calls = 0;
  const timers: Timers = {
    sleep: async (millis) => {
      waits.push(millis);
    },
    after: () => () => undefined,
    random: () => random,
  };
  await withRetries(
    async () => {
      calls += 1;
      return calls;
    },
    () => judgements[calls - 1] ?? { again: false },
    timers,
    { attempts: 6, firstDelay: 100, longestDelay: 300, longestAsked: 1000 },
  );
  return { calls, waits };
};

describe('a call that may be repeated', () => {
  const always = Array.from({ length: 9 }, () => again(null));

  it('waits longer each time, up to a bound, and no more often than allowed', async () => {
    expect(await play(always, 0)).toEqual({ calls: 6, waits: [100, 200, 300, 300, 300] });
  });
  it('waits by chance up to half of that less, so that many do not come back at once', async () => {
    expect((await play(always, 0.5)).waits).toEqual([75, 150, 225, 225, 225]);
  });
  it('never waits less than it was asked to', async () => {
    expect((await play([again(700), again(0)], 0.5)).waits).toEqual([750, 50]);
  });
  it('does not wait when it is asked to wait longer than the bound', async () => {
    expect(await play([again(1001)], 0)).toEqual({ calls: 1, waits: [] });
  });
});
