import { drawsOf, type Draw } from './random.ts';

/** How often a sample is drawn anew. */
const RESAMPLES = 2000;

/** What lies between two numbers, with the one that is likeliest. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The middle one, or the mean of the two in the middle. Throws RangeError of nothing. */
export function median(values: readonly number[]): number {
  return middleOf(values.toSorted(byNumber));
}

function middleOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of nothing');
  return (lower + upper) / 2;
}

/** The value below which this part of the sorted values lies, between two of them in a straight line (type 7 of Hyndman and Fan). */
export function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const [low, high] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  if (low === undefined || high === undefined) throw new RangeError('there is no quantile of nothing');
  return low + (high - low) * (place - below);
}

export interface Bootstrapping {
  /** Of the interval: 0.95. */
  readonly confidence: number;
  readonly seed: number;
}

/**
 * The ratio of the medians, `after` to `before`, with the interval that a percentile bootstrap gives it: both samples are drawn anew with replacement many
 * times, and of the ratios that come out the outermost are left away. Reckoned in logarithms, so that the other way round it is exactly the inverse. All
 * values must be above 0.
 */
export function ratioOfMedians(
  before: readonly number[],
  after: readonly number[],
  { confidence, seed }: Bootstrapping,
): Interval {
  const isTurned = compareSamples(before, after) > 0;
  // Each sample has a stream of its own, whichever of the two it is: what is compared the other way round is drawn the same.
  const [one, other] = [drawsOf(seed), drawsOf(seed ^ 0x5bd1e995)];
  const [drawBefore, drawAfter] = isTurned ? [other, one] : [one, other];
  const medians = [resampledMedians(before, drawBefore), resampledMedians(after, drawAfter)] as const;
  const ratios = medians[1].map((value, index) => Math.log(value) - Math.log(medians[0][index] ?? Number.NaN));
  const sorted = ratios.toSorted(byNumber);
  const tail = (1 - confidence) / 2;
  return {
    estimate: median(after) / median(before),
    low: Math.exp(quantile(sorted, tail)),
    high: Math.exp(quantile(sorted, 1 - tail)),
  };
}

/** How often each value was drawn is counted, which tells the middle without sorting again. */
function resampledMedians(values: readonly number[], draw: Draw): readonly number[] {
  const sorted = Float64Array.from(values).toSorted();
  const { length } = sorted;
  const counts = new Uint32Array(length);
  return Array.from({ length: RESAMPLES }, () => {
    counts.fill(0);
    for (let drawn = 0; drawn < length; drawn += 1) {
      const index = draw(length);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    const lower = valueAt(sorted, counts, Math.ceil(length / 2) - 1);
    return length % 2 === 1 ? lower : (lower + valueAt(sorted, counts, length / 2)) / 2;
  });
}

function valueAt(sorted: Float64Array, counts: Uint32Array, rank: number): number {
  let passed = 0;
  for (const [index, count] of counts.entries()) {
    passed += count;
    if (passed > rank) return sorted[index] ?? Number.NaN;
  }
  return Number.NaN;
}

function compareSamples(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length;
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function byNumber(left: number, right: number): number {
  return left - right;
}
