import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawsOf, seedOf } from './random.ts';
import { median, quantile, ratioOfMedians } from './statistics.ts';

const settings = { confidence: 0.95, seed: 17 };

/** Measurements with noise as that of clocks is: a factor, mostly near 1. */
function noisy(seed: number, count: number, { middle, noise }: { readonly middle: number; readonly noise: number }) {
  const draw = drawsOf(seed);
  const even = (): number => (draw(2 ** 30) + 0.5) / 2 ** 30;
  const normal = (): number => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
  return Array.from({ length: count }, () => middle * Math.exp(noise * normal()));
}

function five(seed: number): readonly number[] {
  const draw = drawsOf(seed);
  return Array.from({ length: 5 }, () => draw(1000));
}

/** The same numbers in a unit that is so much smaller. */
const scaled = (values: readonly number[]): readonly number[] => values.map((value) => value * 1024);
const flat = (value: number): readonly number[] => Array.from({ length: 12 }, () => value);

/** How wide the interval of two like samples is, in logarithms; their ratio lies in it. */
function width(count: number): number {
  const before = noisy(3, count, { middle: 10, noise: 0.1 });
  const after = noisy(4, count, { middle: 10, noise: 0.1 });
  const { low, estimate, high } = ratioOfMedians(before, after, settings);
  expect(low).toBeLessThanOrEqual(estimate);
  expect(high).toBeGreaterThanOrEqual(estimate);
  return Math.log(high / low);
}

describe('the numbers that look like chance', () => {
  it('are even: each of ten comes up about as often', () => {
    const draw = drawsOf(1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 20_000; index += 1) {
      const drawn = draw(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // Chi-squared with 9 degrees of freedom: above 27.9 in one of a thousand.
    const chi = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chi).toBeLessThan(27.9);
  });

  it('are the same for one seed and others for another', () => {
    expect(five(3)).toEqual(five(3));
    expect(five(3)).not.toEqual(five(4));
    expect(seedOf('resnet50')).not.toBe(seedOf('resnet51'));
  });
});

describe('median and quantile', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j', (values, middle) => {
    expect(median(values)).toBe(middle);
    expect(
      quantile(
        values.toSorted((left, right) => left - right),
        0.5,
      ),
    ).toBe(middle);
  });

  it('is none of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

/** How the medians of all resamples are distributed, exactly: the k-th value is the median when at least half of the draws are at most it. Odd counts. */
function exactMedians(values: readonly number[]): readonly { readonly value: number; readonly part: number }[] {
  const sorted = values.toSorted((left, right) => left - right);
  const half = (sorted.length + 1) / 2;
  const atMost = (rank: number): number => {
    const chance = rank / sorted.length;
    let sum = 0;
    let ways = 1;
    for (let hits = 0; hits <= sorted.length; hits += 1) {
      if (hits >= half) sum += ways * chance ** hits * (1 - chance) ** (sorted.length - hits);
      ways = (ways * (sorted.length - hits)) / (hits + 1);
    }
    return sum;
  };
  return sorted.map((value, index) => ({ value, part: atMost(index + 1) - atMost(index) }));
}

/** The exact quantile of the ratio of two medians that are drawn anew. */
function exactQuantile(before: readonly number[], after: readonly number[], part: number): number {
  const all = exactMedians(after).flatMap((over) =>
    exactMedians(before).map((under) => ({ ratio: over.value / under.value, part: over.part * under.part })),
  );
  let sum = 0;
  for (const { ratio, part: own } of all.toSorted((left, right) => left.ratio - right.ratio)) {
    sum += own;
    if (sum >= part) return ratio;
  }
  return Number.NaN;
}

describe('the interval of a ratio of medians', () => {
  it.each([11, 15, 21, 31])('is that of the exact bootstrap, of which it is a sample (%i repetitions)', (count) => {
    for (const seed of [1, 2, 3]) {
      const before = noisy(seed, count, { middle: 10, noise: 0.05 });
      const after = noisy(seed + 50, count, { middle: 11, noise: 0.05 });
      const { low, high } = ratioOfMedians(before, after, { confidence: 0.95, seed });
      // With 2000 draws the part below an end is within 0.012 of what it should be, but in one of a thousand cases.
      expect(low).toBeGreaterThanOrEqual(exactQuantile(before, after, 0.013) - 1e-9);
      expect(low).toBeLessThanOrEqual(exactQuantile(before, after, 0.037) + 1e-9);
      expect(high).toBeGreaterThanOrEqual(exactQuantile(before, after, 0.963) - 1e-9);
      expect(high).toBeLessThanOrEqual(exactQuantile(before, after, 0.987) + 1e-9);
    }
  });

  const samples = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 3, maxLength: 25 });

  it('is the inverse the other way round', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const there = ratioOfMedians(before, after, settings);
        const back = ratioOfMedians(after, before, settings);
        if (JSON.stringify(before) === JSON.stringify(after)) return;
        expect(back.low * there.high).toBeCloseTo(1, 9);
        expect(back.high * there.low).toBeCloseTo(1, 9);
        expect(back.estimate * there.estimate).toBeCloseTo(1, 9);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('does not change with the unit: both in seconds or in milliseconds', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const seconds = ratioOfMedians(before, after, settings);
        const millis = ratioOfMedians(scaled(before), scaled(after), settings);
        expect(millis.low).toBeCloseTo(seconds.low, 9);
        expect(millis.high).toBeCloseTo(seconds.high, 9);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('shifts as the numbers do: what is k times as slow has k times the interval', () => {
    const before = noisy(1, 20, { middle: 10, noise: 0.04 });
    const after = noisy(2, 20, { middle: 10, noise: 0.04 });
    const { low, high } = ratioOfMedians(before, after, settings);
    const slower = ratioOfMedians(
      before,
      after.map((value) => value * 2),
      settings,
    );
    expect(slower.low / low).toBeCloseTo(2, 9);
    expect(slower.high / high).toBeCloseTo(2, 9);
  });

  it('holds its estimate, and is narrower with more repetitions', () => {
    expect(width(200)).toBeLessThan(width(20) / 2);
  });

  it('is nothing but the ratio where nothing varies', () => {
    const interval = ratioOfMedians(flat(4), flat(5), settings);
    expect(interval.estimate).toBe(1.25);
    expect(interval.low).toBeCloseTo(1.25, 12);
    expect(interval.high).toBeCloseTo(1.25, 12);
  });

  it('has the true ratio in it about as often as it says, with known noise', () => {
    let holds = 0;
    const times = 120;
    for (let run = 0; run < times; run += 1) {
      const before = noisy(run * 2 + 1, 15, { middle: 10, noise: 0.08 });
      const after = noisy(run * 2 + 2, 15, { middle: 10.7, noise: 0.08 });
      const { low, high } = ratioOfMedians(before, after, { confidence: 0.95, seed: run });
      if (low <= 1.07 && 1.07 <= high) holds += 1;
    }
    // 95 % of 120 is 114; five standard deviations below that is 102.
    expect(holds).toBeGreaterThanOrEqual(108);
  });
});
