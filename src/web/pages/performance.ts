import type { BenchmarkView, PerformanceView, SuiteView } from '../../api/views/performance.ts';
import { gateHref, releaseHref } from '../../domain/page-path.ts';
import type { State } from '../../domain/state.ts';
import { many } from '../../domain/words.ts';
import type { Block, Doc, Inline } from '../doc.ts';
import { command } from './said.ts';

/** As many lines as one can take in; all of them stand in the table. */
const MOST_DRAWN = 40;

const LOOKS: Readonly<Record<BenchmarkView['change'], State>> = {
  regression: 'failing',
  uncertain: 'no-data',
  missing: 'no-data',
  improvement: 'pass',
  unchanged: 'pass',
  new: 'skipped',
};
const ORDER = ['regression', 'uncertain', 'missing', 'improvement', 'unchanged', 'new'] as const;

/** The benchmarks of a release against those of the one before: each with its interval, the worst first. */
export function performanceDoc(view: PerformanceView): Doc {
  const { release, candidate, baseline, suites, title } = view;
  const shown =
    candidate === null ? `signalbox gate list ${release}` : `signalbox perf compare ${baseline ?? 'OLD'} ${candidate}`;
  return {
    title: `Performance, ${release}, ${title}`,
    heading: 'Performance',
    lead: [
      candidate ?? 'no candidate yet',
      ` against ${baseline ?? 'a release that is not known'} of `,
      { kind: 'link', href: releaseHref(release), text: release },
    ],
    tab: 'release',
    release,
    command: shown,
    blocks:
      suites.length === 0
        ? [
            {
              kind: 'paragraph',
              text: [
                'The train file names no suite of benchmarks, so nothing is compared. Name one under ',
                { kind: 'code', text: 'final.performance' },
                '. Two files can be compared by ',
                command('signalbox perf compare OLD.json NEW.json'),
              ],
            },
          ]
        : suites.map((suite) => suiteSection(suite, release)),
  };
}

function suiteSection(suite: SuiteView, release: string): Block {
  const { name, title, gate, problem, benchmarks } = suite;
  return {
    kind: 'section',
    id: name,
    heading: title,
    aside: [{ kind: 'link', href: gateHref(release, gate), text: gate }],
    blocks: [
      ...(problem === null
        ? []
        : [{ kind: 'notice' as const, tone: 'warn' as const, text: `Nothing was compared: ${problem}.` }]),
      ...pictureBlock(suite),
      ...(benchmarks.length === 0 ? [] : [table(suite)]),
      { kind: 'paragraph', text: ruleText(suite) },
    ],
  };
}

function ruleText({
  thresholdPercent,
  confidence,
  minimumRepeats,
  ignored,
  before,
  after,
  source,
}: SuiteView): readonly Inline[] {
  const machines = [...new Set([...(before?.machines ?? []), ...(after?.machines ?? [])])];
  return [
    `A regression is a benchmark whose whole interval (${Math.round(confidence * 1000) / 10} %, of the ratio of the medians) is more than ${thresholdPercent} % worse; either version needs ${minimumRepeats} repetitions. `,
    `Read from ${source}: ${many(before?.files.length ?? 0, 'file')} before, ${many(after?.files.length ?? 0, 'file')} now`,
    machines.length === 0 ? '.' : `, measured on ${machines.join(', ')}.`,
    ignored === 0 ? '' : ` ${many(ignored, 'benchmark')} left out by the train.`,
  ];
}

function worst({ worse }: BenchmarkView): number {
  return worse?.estimate ?? -Infinity;
}

function sorted(benchmarks: readonly BenchmarkView[]): readonly BenchmarkView[] {
  return ORDER.flatMap((change) =>
    benchmarks.filter((each) => each.change === change).toSorted((one, other) => worst(other) - worst(one)),
  );
}

function pictureBlock({ name, title, benchmarks, thresholdPercent }: SuiteView): readonly Block[] {
  const drawn = sorted(benchmarks).flatMap(({ worse, ...rest }) => (worse === null ? [] : [{ ...rest, worse }]));
  if (drawn.length === 0) return [];
  const cut = drawn.length > MOST_DRAWN ? `, the first ${MOST_DRAWN} of ${drawn.length}` : '';
  return [
    {
      kind: 'picture',
      id: `intervals-${name}`,
      caption: `${title}: how many percent worse each benchmark became, with its interval${cut}`,
      picture: {
        kind: 'intervals',
        unit: '%',
        limit: thresholdPercent,
        rows: drawn.slice(0, MOST_DRAWN).map(({ name: benchmark, change, worse }) => ({
          name: benchmark,
          low: worse.low,
          value: worse.estimate,
          high: worse.high,
          state: LOOKS[change],
          word: change,
        })),
      },
    },
  ];
}

function table({ name, title, benchmarks }: SuiteView): Block {
  return {
    kind: 'table',
    id: `benchmarks-${name}`,
    caption: `${title}: every benchmark, the worst first`,
    columns: [
      { key: 'change', name: 'Change' },
      { key: 'benchmark', name: 'Benchmark' },
      { key: 'worse', name: 'Worse by', align: 'right' },
      { key: 'interval', name: 'Interval', align: 'right' },
      { key: 'before', name: 'Before', align: 'right' },
      { key: 'after', name: 'Now', align: 'right' },
      { key: 'repeats', name: 'Repetitions', align: 'right' },
    ],
    groups: [
      {
        name: null,
        rows: sorted(benchmarks).map(({ name: benchmark, change, worse, before, after, unit, why }) => ({
          key: benchmark,
          cells: [
            { kind: 'state' as const, state: LOOKS[change], word: change },
            why === null ? benchmark : `${benchmark} (${why})`,
            worse === null ? '' : `${signed(worse.estimate)} %`,
            worse === null ? '' : `${signed(worse.low)} to ${signed(worse.high)} %`,
            medianText(before, unit),
            medianText(after, unit),
            `${before?.repeats ?? '-'} / ${after?.repeats ?? '-'}`,
          ],
        })),
      },
    ],
    empty: '',
  };
}

function medianText(side: BenchmarkView['before'], unit: string): string {
  if (side?.median === null || side === null) return '-';
  return `${Number(side.median.toPrecision(4))} ${unit}`.trim();
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;
}
