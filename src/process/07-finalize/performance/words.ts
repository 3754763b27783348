import type { ComparedBenchmark, Change } from './compare.ts';

/** `5.2 % worse, between 4.1 and 6.0`; `2.0 % better` where it is. */
export function changeText({ worse }: Pick<ComparedBenchmark, 'worse'>): string {
  if (worse === null) return '';
  const low = percent(worse.low);
  const high = percent(worse.high);
  return `${worseText(worse.estimate)}, between ${signed(low)} and ${signed(high)} %`;
}

/** A ratio as how many percent worse it is. */
export function percent(ratio: number): number {
  return (ratio - 1) * 100;
}

function worseText(ratio: number): string {
  const value = percent(ratio);
  return `${Math.abs(value).toFixed(1)} % ${value >= 0 ? 'worse' : 'better'}`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;
}

/** In the order in which people want to read them. */
const CHANGES: readonly Change[] = ['regression', 'uncertain', 'missing', 'improvement', 'unchanged', 'new'];

/** `1 regression, 3 unchanged`. */
export function countChanges(benchmarks: readonly Pick<ComparedBenchmark, 'change'>[]): string {
  const counts = CHANGES.map((change) => ({
    change,
    count: benchmarks.filter((each) => each.change === change).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(
      ({ change, count }) =>
        `${count} ${count > 1 && (change === 'regression' || change === 'improvement') ? `${change}s` : change}`,
    )
    .join(', ');
}
