import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { DEBIAN_PYTHON } from '../../../testing/debian-tools.ts';
import { drawsOf } from './random.ts';
import { median, ratioOfMedians } from './statistics.ts';

/** The same by Python's own statistics: medians of samples that are drawn anew, quantiles of the inclusive kind. */
const REFERENCE = `
import json, math, random, statistics, sys
out = []
for case in json.load(sys.stdin):
    random.seed(7)
    logs = []
    for _ in range(8000):
        one = statistics.median(random.choices(case["before"], k=len(case["before"])))
        two = statistics.median(random.choices(case["after"], k=len(case["after"])))
        logs.append(math.log(two / one))
    cuts = statistics.quantiles(logs, n=1000, method="inclusive")
    out.append([statistics.median(case["after"]) / statistics.median(case["before"]), math.exp(cuts[24]), math.exp(cuts[974])])
print(json.dumps(out))
`;

it.skipIf(!existsSync(DEBIAN_PYTHON))('gives the intervals that Python gives', () => {
  const cases = [10, 15, 20, 40].map((count) => {
    const draw = drawsOf(count);
    const sample = (middle: number): number[] =>
      Array.from({ length: count }, () => middle * (1 + (draw(2001) - 1000) / 12_000));
    return { before: sample(10), after: sample(10.4) };
  });
  const answer = execFileSync(DEBIAN_PYTHON, ['-c', REFERENCE], { input: JSON.stringify(cases), encoding: 'utf8' });
  const theirs = z.array(z.array(z.number())).parse(JSON.parse(answer));
  const ours = cases.map(({ before, after }) => {
    const { estimate, low, high } = ratioOfMedians(before, after, { confidence: 0.95, seed: 1 });
    expect(estimate).toBe(median(after) / median(before));
    return [estimate, low, high];
  });
  expect(theirs).toHaveLength(cases.length);
  for (const [index, [estimate = 0, low = 0, high = 0]] of ours.entries()) {
    // Both are samples of the bootstrap: their ends differ by what is left to chance, here less than half a percent.
    expect(theirs[index]).toEqual([expect.closeTo(estimate, 12), expect.closeTo(low, 2), expect.closeTo(high, 2)]);
  }
});
