import { z } from 'zod';
import { StoreKey } from '../store-key.ts';
import { ReleaseVersion } from '../version.ts';
import { ChannelName } from './channels.ts';

/** What holds for benchmarks by their names. */
export const BenchmarkRule = z.strictObject({
  match: z.string().min(1).max(500).describe('Names it is for; * is any text. The first rule that fits counts.'),
  better: z
    .enum(['lower', 'higher'])
    .optional()
    .describe('Whether lower or higher is better, where the files do not say.'),
  unit: z.string().min(1).max(40).optional().describe('Unit, where the files do not say.'),
  thresholdPercent: z.number().positive().max(1000).optional().describe('Threshold of these benchmarks.'),
  ignore: z.boolean().default(false).describe('They are not compared.'),
});
export type BenchmarkRule = z.infer<typeof BenchmarkRule>;

/** How two releases are compared, so that noise is not taken for a change. */
export const PerformancePolicy = z.strictObject({
  thresholdPercent: z
    .number()
    .positive()
    .max(1000)
    .default(5)
    .describe('How many percent worse is a regression, if the whole interval lies beyond it.'),
  minimumRepeats: z
    .int()
    .min(3)
    .max(1000)
    .default(10)
    .describe('Repetitions that either release needs; with fewer nothing is said.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95).describe('Of the interval around the ratio of the medians.'),
  repeat: z
    .enum(['sample', 'run'])
    .default('sample')
    .describe(
      'What one repetition is: each sample, or each file by its median. Runs differ by more than samples of one do.',
    ),
  rules: z.array(BenchmarkRule).max(500).default([]).describe('What holds for some benchmarks.'),
});
export type PerformancePolicy = z.infer<typeof PerformancePolicy>;

/** A suite of benchmarks whose results of the candidate are compared with those of the release before. */
export const PerformanceSuite = z.strictObject({
  title: z.string().min(1).describe('Name that people read.'),
  channel: ChannelName.describe('Channel in which the files with results lie.'),
  place: z
    .string()
    .min(1)
    .max(300)
    .refine((text) => text.includes('{tag}') || text.includes('{version}'), {
      error: 'has neither {tag} nor {version}: every candidate needs a place of its own',
    })
    .refine((text) => StoreKey.safeParse(text.replace(/\/$/u, '')).success, {
      error: 'not a place in a store: parts between single slashes, none of them empty, "." or ".."',
    })
    .describe(
      'Where those of one version lie, with {tag} or {version}: a file that ends in .json, or a folder, in which every such file is a run.',
    ),
  baseline: ReleaseVersion.optional().describe('Release to compare with; the one before unless told.'),
  proof: z
    .enum(['manifest', 'commit', 'version', 'place'])
    .default('commit')
    .describe(
      'The least by which a file must show that it was measured on the candidate: the digest of its files, the commit of core, its version, or only where the file lies.',
    ),
  ...PerformancePolicy.shape,
});
export type PerformanceSuite = z.infer<typeof PerformanceSuite>;
