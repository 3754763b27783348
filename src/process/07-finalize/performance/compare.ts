import { matchesJob } from '../../../domain/jobs.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { BenchmarkRule, PerformancePolicy } from '../../../domain/train/performance.ts';
import type { ResultsProblem } from './problem.ts';
import { seedOf } from './random.ts';
import type { ResultsFile } from './read-results.ts';
import type { Better } from './results.ts';
import { median, ratioOfMedians, type Interval } from './statistics.ts';

/** Samples of one benchmark that are used; what is more is thinned evenly. */
const MOST_SAMPLES = 2000;

/** A benchmark of one version, over all its runs. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  readonly samples: readonly number[];
  /** Why nothing can be reckoned from it although it is there; null otherwise. */
  readonly obstacle: string | null;
}

export interface MeasuredSuite {
  readonly benchmarks: readonly Measured[];
  /** Names that are left out by a rule. */
  readonly ignored: number;
}

/** All runs of a suite as one: samples of the same benchmark together, in the order of the files. */
export function measuredSuite(
  files: readonly ResultsFile[],
  policy: PerformancePolicy,
): Result<MeasuredSuite, ResultsProblem> {
  const found = new Map<string, Measured & { readonly file: string }>();
  const ignored = new Set<string>();
  for (const { file, benchmarks } of files) {
    for (const raw of benchmarks) {
      const rule = ruleFor(policy.rules, raw.name);
      if (rule?.ignore === true) {
        ignored.add(raw.name);
        continue;
      }
      const samples = samplesOf(file, raw);
      if (!samples.ok) return samples;
      const known = found.get(raw.name);
      const next = measuredOf(raw, rule, samples.value);
      const mixed = known === undefined ? null : mixedProblem(file, known, next);
      if (mixed !== null) return refuse(mixed);
      const kept = policy.repeat === 'run' && next.samples.length > 0 ? [median(next.samples)] : next.samples;
      found.set(raw.name, {
        ...next,
        file: known?.file ?? file,
        samples: [...(known?.samples ?? []), ...kept],
        obstacle: known?.obstacle ?? next.obstacle,
      });
    }
  }
  const benchmarks = [...found.values()].map(({ file: _file, ...rest }) => ({
    ...rest,
    samples: thinned(rest.samples),
  }));
  return succeed({
    benchmarks: benchmarks.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    ignored: ignored.size,
  });
}

function ruleFor(rules: readonly BenchmarkRule[], name: string): BenchmarkRule | null {
  return rules.find(({ match }) => matchesJob(match, name)) ?? null;
}

type Raw = ResultsFile['benchmarks'][number];

function samplesOf(file: string, { name, samples }: Raw): Result<readonly number[], ResultsProblem> {
  if (samples === null) return succeed([]);
  if (samples.length === 0) return refuse({ code: 'benchmark-empty', file, benchmark: name });
  const numbers: number[] = [];
  for (const [index, sample] of samples.entries()) {
    if (typeof sample !== 'number' || !Number.isFinite(sample) || sample <= 0) {
      return refuse({ code: 'sample-no-measurement', file, benchmark: name, place: index + 1, value: shown(sample) });
    }
    numbers.push(sample);
  }
  return succeed(numbers);
}

function shown(sample: unknown): string {
  if (sample === null) return 'empty';
  return typeof sample === 'number' || typeof sample === 'string' ? String(sample).slice(0, 40) : 'no number';
}

function measuredOf(
  { name, unit, better, samples: raw }: Raw,
  rule: BenchmarkRule | null,
  samples: readonly number[],
): Measured {
  const direction = rule?.better ?? better;
  const obstacle =
    raw === null
      ? 'the file has only a summary, and no samples'
      : direction === null
        ? 'neither the file nor a rule of the train says whether lower or higher is better'
        : null;
  return { name, unit: rule?.unit ?? unit ?? '', better: direction ?? 'lower', samples, obstacle };
}

function mixedProblem(
  file: string,
  known: Measured & { readonly file: string },
  next: Measured,
): ResultsProblem | null {
  for (const what of ['unit', 'better'] as const) {
    const [is, was] = [next[what], known[what]];
    if (is !== was) return { code: 'benchmark-mixed', file, benchmark: next.name, what, is, was, before: known.file };
  }
  return null;
}

/** Every so many-th: in a long run the neighbours of a sample say the least that is new. */
function thinned(samples: readonly number[]): readonly number[] {
  if (samples.length <= MOST_SAMPLES) return samples;
  const step = samples.length / MOST_SAMPLES;
  return Array.from({ length: MOST_SAMPLES }, (_, index) => samples[Math.floor(index * step)] ?? Number.NaN);
}

/** What became of a benchmark. `uncertain`: there are numbers, and they do not tell. `missing`: it was measured before, and not now. */
export type Change = 'regression' | 'improvement' | 'unchanged' | 'uncertain' | 'missing' | 'new';

/** A benchmark of two versions. */
export interface ComparedBenchmark {
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  readonly change: Change;
  /** How many times as bad it is now, 1 being as it was: 1.05 is 5 % slower, or 5 % less throughput. Null where nothing was reckoned. */
  readonly worse: Interval | null;
  readonly before: Side | null;
  readonly after: Side | null;
  /** Why it is uncertain; null otherwise. */
  readonly why: string | null;
}

interface Side {
  readonly median: number | null;
  readonly repeats: number;
}

/** Every benchmark of either, by name; those of two kinds are a problem that names the file. */
export function compareSuites(
  before: readonly Measured[],
  after: readonly Measured[],
  policy: PerformancePolicy,
): Result<
  readonly ComparedBenchmark[],
  { readonly benchmark: string; readonly before: string; readonly after: string }
> {
  const was = new Map(before.map((each) => [each.name, each]));
  const is = new Map(after.map((each) => [each.name, each]));
  const compared: ComparedBenchmark[] = [];
  for (const name of [...new Set([...was.keys(), ...is.keys()])].toSorted()) {
    const [old, now] = [was.get(name), is.get(name)];
    if (old !== undefined && now !== undefined) {
      const kinds = [old, now].map(({ unit, better }) => `${unit === '' ? 'no unit' : unit}, ${better} is better`);
      if (kinds[0] !== kinds[1]) return refuse({ benchmark: name, before: kinds[0] ?? '', after: kinds[1] ?? '' });
      compared.push(comparedOf(old, now, policy));
    } else if (old !== undefined) compared.push({ ...alone(old, 'missing'), before: sideOf(old) });
    else if (now !== undefined) compared.push({ ...alone(now, 'new'), after: sideOf(now) });
  }
  return succeed(compared);
}

function alone({ name, unit, better }: Measured, change: 'missing' | 'new'): ComparedBenchmark {
  return { name, unit, better, change, worse: null, before: null, after: null, why: null };
}

function sideOf({ samples }: Measured): Side {
  return { median: samples.length === 0 ? null : median(samples), repeats: samples.length };
}

function comparedOf(before: Measured, after: Measured, policy: PerformancePolicy): ComparedBenchmark {
  const { name, unit, better } = after;
  const common = { name, unit, better, before: sideOf(before), after: sideOf(after) };
  const least = Math.min(before.samples.length, after.samples.length);
  const obstacle =
    before.obstacle ??
    after.obstacle ??
    (least < policy.minimumRepeats ? `${least} of ${policy.minimumRepeats} repetitions` : null);
  if (obstacle !== null) return { ...common, change: 'uncertain', worse: null, why: obstacle };
  const seed = seedOf(name);
  const settings = { confidence: policy.confidence, seed };
  // Worse is more of what should be low, and less of what should be high.
  const worse =
    better === 'lower'
      ? ratioOfMedians(before.samples, after.samples, settings)
      : ratioOfMedians(after.samples, before.samples, settings);
  const limit = 1 + (ruleFor(policy.rules, name)?.thresholdPercent ?? policy.thresholdPercent) / 100;
  const change = changeOf(worse, limit);
  const why = change === 'uncertain' ? `too noisy: the interval reaches over the threshold` : null;
  return { ...common, change, worse, why };
}

/** A whole interval beyond the threshold is a change, one within it is none, and all else is not known. */
function changeOf({ low, high }: Interval, limit: number): Change {
  if (low > limit) return 'regression';
  if (high < 1 / limit) return 'improvement';
  return low >= 1 / limit && high <= limit ? 'unchanged' : 'uncertain';
}
