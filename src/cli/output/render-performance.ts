import {
  countChanges,
  percent,
  type ComparedBenchmark,
  type SuiteComparison,
} from '../../app/final/performance-words.ts';
import type { Observed } from '../../domain/observation.ts';
import type { State } from '../../domain/state.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

/** A suite with what came of comparing two versions by it. */
export interface ShownSuite {
  readonly name: string;
  readonly title: string;
  readonly thresholdPercent: number;
  readonly compared: Observed<SuiteComparison>;
}

const LOOKS: Readonly<Record<ComparedBenchmark['change'], State>> = {
  regression: 'failing',
  uncertain: 'no-data',
  missing: 'no-data',
  improvement: 'pass',
  unchanged: 'pass',
  new: 'skipped',
};
const ORDER = ['regression', 'uncertain', 'missing', 'improvement', 'unchanged', 'new'] as const;

/** Two versions by one suite: what became worse first, each with its interval; the whole in one sentence last. */
export function renderComparison({ title, thresholdPercent, compared }: ShownSuite, room: Room): readonly Line[] {
  if (!compared.known)
    return paragraph(line(shape('no-data'), ` ${title}: could not be read: ${compared.reason}`), room.width, 0, 2);
  const { before, after, benchmarks, problem, ignored } = compared.value;
  const head = spread(
    line(span(`${title}: ${after.name} against ${before.name}`, 'strong')),
    freshness(compared.at, room.now),
    room.width,
  );
  const empty = [before, after].find(({ files }) => files.length === 0);
  const why = empty === undefined ? problem : `no results of ${empty.name} in ${compared.source}`;
  if (why !== null) return [...head, ...paragraph(line(shape('no-data'), ` ${why}`), room.width, 0, 2)];
  const rows = ORDER.flatMap((change) => benchmarks.filter((each) => each.change === change)).map(rowOf);
  const left = ignored === 0 ? '' : ` ${ignored} left out by the train.`;
  const isWorse = benchmarks.some(({ change }) => change === 'regression');
  const isUnsure = benchmarks.some(({ change }) => change === 'uncertain' || change === 'missing');
  const state = isWorse ? 'failing' : isUnsure || benchmarks.length === 0 ? 'no-data' : 'pass';
  return [
    ...head,
    BLANK,
    ...table({ columns: COLUMNS, rows, width: room.width }),
    ...whyLines(benchmarks, room),
    BLANK,
    ...paragraph(
      line(shape(state), ` ${countChanges(benchmarks) || 'no benchmarks'}; threshold ${thresholdPercent} %.${left}`),
      room.width,
      0,
      2,
    ),
  ];
}

const COLUMNS = [
  { title: '' },
  { title: 'BENCHMARK' },
  { title: 'CHANGE', whole: true },
  { title: 'WORSE BY', whole: true, align: 'right' },
  { title: 'INTERVAL', whole: true, align: 'right' },
  { title: 'REPEATS', whole: true, optional: true, align: 'right' },
] as const;

function rowOf({ name, change, worse, before, after }: ComparedBenchmark): readonly Line[] {
  const repeats = [before, after].map((side) => (side === null ? '-' : String(side.repeats))).join('/');
  return [
    line(shape(LOOKS[change])),
    line(name),
    line(change),
    line(worse === null ? '' : `${signed(worse.estimate)} %`),
    line(worse === null ? '' : `${signed(worse.low)} to ${signed(worse.high)}`),
    line(repeats),
  ];
}

function signed(ratio: number): string {
  const value = percent(ratio);
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;
}

/** Why something is uncertain, once for each reason. */
function whyLines(benchmarks: readonly ComparedBenchmark[], room: Room): readonly Line[] {
  const reasons = new Map<string, number>();
  for (const { why } of benchmarks) if (why !== null) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  if (reasons.size === 0) return [];
  const lines = [...reasons].flatMap(([why, count]) =>
    paragraph(line(span(`${count} uncertain: ${why}`, 'mute')), room.width, 2, 2),
  );
  return [BLANK, ...lines];
}
