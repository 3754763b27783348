import { z } from 'zod';
import { ReleaseVersion } from '../../domain/version.ts';

const Side = z
  .object({ name: z.string(), files: z.array(z.string()).readonly(), machines: z.array(z.string()).readonly() })
  .readonly();

const Measured = z.object({ median: z.number().nullable(), repeats: z.int() }).readonly().nullable();

/** A benchmark of two versions; `worse` in percent, what is better being below 0. */
const BenchmarkView = z
  .object({
    name: z.string(),
    unit: z.string(),
    better: z.enum(['lower', 'higher']),
    change: z.enum(['regression', 'improvement', 'unchanged', 'uncertain', 'missing', 'new']),
    worse: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).readonly().nullable(),
    before: Measured,
    after: Measured,
    why: z.string().nullable(),
  })
  .readonly();
export type BenchmarkView = z.infer<typeof BenchmarkView>;

const SuiteView = z
  .object({
    name: z.string(),
    title: z.string(),
    gate: z.string(),
    thresholdPercent: z.number(),
    confidence: z.number(),
    minimumRepeats: z.int(),
    /** Where the results lie. */
    source: z.string(),
    /** Why nothing was compared; null where it was. */
    problem: z.string().nullable(),
    before: Side.nullable(),
    after: Side.nullable(),
    ignored: z.int(),
    benchmarks: z.array(BenchmarkView).readonly(),
  })
  .readonly();
export type SuiteView = z.infer<typeof SuiteView>;

/** The suites of benchmarks of a release, its candidate against the release before. */
export const PerformanceView = z
  .object({
    release: ReleaseVersion,
    title: z.string(),
    candidate: z.string().nullable(),
    baseline: z.string().nullable(),
    suites: z.array(SuiteView).readonly(),
  })
  .readonly();
export type PerformanceView = z.infer<typeof PerformanceView>;
