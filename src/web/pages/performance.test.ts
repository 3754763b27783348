import { expect, it } from 'vitest';
import type { BenchmarkView, PerformanceView } from '../../api/views/performance.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { tableIn, wordsOf } from '../../testing/doc-says.ts';
import { performanceDoc } from './performance.ts';

const benchmark = (name: string, change: BenchmarkView['change'], worse: number | null): BenchmarkView => ({
  name,
  unit: 'ms',
  better: 'lower',
  change,
  worse: worse === null ? null : { estimate: worse, low: worse - 1, high: worse + 1 },
  before: { median: 469.53333, repeats: 20 },
  after: change === 'missing' ? null : { median: 500, repeats: 20 },
  why: change === 'uncertain' ? 'too noisy' : null,
});

const made = (changes: Partial<PerformanceView['suites'][number]> = {}): PerformanceView => ({
  release: ReleaseVersion.parse('2.8.0'),
  title: 'Small',
  candidate: '2.8.0-rc3',
  baseline: '2.7.1',
  suites: [
    {
      name: 'demo',
      title: 'Demo',
      gate: 'no-perf-regression:demo',
      thresholdPercent: 5,
      confidence: 0.95,
      minimumRepeats: 10,
      source: 'channel perf',
      problem: null,
      before: { name: '2.7.1', files: ['a.json'], machines: ['a100'] },
      after: { name: '2.8.0-rc3', files: ['b.json'], machines: ['a100'] },
      ignored: 1,
      benchmarks: [
        benchmark('same', 'unchanged', 0),
        benchmark('slow', 'regression', 8),
        benchmark('slower', 'regression', 12),
        benchmark('gone', 'missing', null),
        benchmark('wild', 'uncertain', 5),
      ],
      ...changes,
    },
  ],
});

it('lists the worst first, with what was measured, and leads to its gate', () => {
  const doc = performanceDoc(made());
  const rows = tableIn(doc, 'benchmarks-demo').groups[0]?.rows ?? [];
  expect(rows.map(({ key }) => key)).toEqual(['slower', 'slow', 'wild', 'gone', 'same']);
  expect(rows[0]?.cells.slice(1)).toEqual(['slower', '+12.0 %', '+11.0 to +13.0 %', '469.5 ms', '500 ms', '20 / 20']);
  expect(rows[3]?.cells.slice(2)).toEqual(['', '', '469.5 ms', '-', '20 / -']);
  const words = wordsOf(doc);
  for (const said of [
    'no-perf-regression:demo',
    'more than 5 % worse',
    '10 repetitions',
    '1 file before, 1 file now',
    'a100',
    '1 benchmark left out',
  ])
    expect(words).toContain(said);
  expect(doc.command).toBe('signalbox perf compare 2.7.1 2.8.0-rc3');
});

const pictures = (view: PerformanceView) =>
  performanceDoc(view).blocks.flatMap((block) =>
    block.kind === 'section' ? block.blocks.flatMap((inner) => (inner.kind === 'picture' ? [inner] : [])) : [],
  );

it('draws only what was reckoned, and says how many of many', () => {
  const [picture] = pictures(made());
  expect(picture?.picture.kind === 'intervals' ? picture.picture.rows.map(({ name }) => name) : []).toEqual([
    'slower',
    'slow',
    'wild',
    'same',
  ]);
  const many = Array.from({ length: 60 }, (_none, index) => benchmark(`b${index}`, 'unchanged', index / 100));
  expect(pictures(made({ benchmarks: many }))[0]?.caption).toContain('the first 40 of 60');
  expect(pictures(made({ benchmarks: [benchmark('gone', 'missing', null)] }))).toEqual([]);
});

it('says why nothing was compared, and what to do where the train names no suite', () => {
  expect(
    wordsOf(performanceDoc(made({ problem: 'no results of 2.8.0-rc3 in channel perf', benchmarks: [] }))),
  ).toContain('Nothing was compared: no results of 2.8.0-rc3 in channel perf.');
  expect(wordsOf(performanceDoc({ ...made(), suites: [] }))).toContain('final.performance');
});
