import { PerformanceView } from '../../api/views/performance.ts';
import { compareRelease, type ComparedSuite } from '../../app/final/compare-release.ts';
import { percent } from '../../app/final/performance-words.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { performanceDoc } from '../../web/pages/performance.ts';
import { pageOf } from '../page.ts';

/** The benchmarks of a release against those of the one before. */
export const performancePage = pageOf<PerformanceView>({
  name: 'performance',
  path: '/r/:release/performance',
  summary: 'Benchmarks of the newest candidate against the release before, each with its interval',
  schema: PerformanceView,
  reads: [],
  budget: 120_000,
  read: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const { candidate, baseline, suites } = await compareRelease(app, release.value);
    const view: PerformanceView = {
      release: release.value,
      title: app.loaded.train.title,
      candidate,
      baseline,
      suites: suites.map(suiteOf),
    };
    return succeed({ view, asOf: app.clock.now(), stale: view.suites.some(({ problem }) => problem !== null) });
  },
  doc: performanceDoc,
});

type SuiteView = PerformanceView['suites'][number];

function suiteOf({ name, suite, compared }: ComparedSuite): SuiteView {
  const common = {
    name,
    title: suite.title,
    gate: `no-perf-regression:${name}`,
    thresholdPercent: suite.thresholdPercent,
    confidence: suite.confidence,
    minimumRepeats: suite.minimumRepeats,
    source: `channel ${suite.channel}`,
  };
  const nothing = { before: null, after: null, ignored: 0, benchmarks: [] };
  if (compared === null) return { ...common, ...nothing, problem: 'there are not two versions to compare yet' };
  if (!compared.known) return { ...common, ...nothing, problem: `could not be read: ${compared.reason}` };
  const { before, after, benchmarks, ignored, problem } = compared.value;
  const empty = [after, before].find(({ files }) => files.length === 0);
  return {
    ...common,
    before: sideOf(before),
    after: sideOf(after),
    ignored,
    problem: empty === undefined ? problem : `no results of ${empty.name} in ${compared.source}`,
    benchmarks: benchmarks.map(({ worse, ...benchmark }) => ({
      ...benchmark,
      worse:
        worse === null
          ? null
          : { estimate: percent(worse.estimate), low: percent(worse.low), high: percent(worse.high) },
    })),
  };
}

function sideOf({ name, files, machines }: NonNullable<SuiteView['before']>): NonNullable<SuiteView['before']> {
  return { name, files: [...files], machines: [...machines] };
}
