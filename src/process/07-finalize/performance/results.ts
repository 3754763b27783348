import { z } from 'zod';
import { Digest } from '../../../domain/canonical-json.ts';
import { ObjectId } from '../../../domain/git-names.ts';

/** What is better: `lower` for times and memory, `higher` for throughput. */
export const Better = z.enum(['lower', 'higher']);
export type Better = z.infer<typeof Better>;

const Name = z.string().min(1).max(500);
/** A number, or what stands in its place: that is told with the benchmark that it is of. */
const Sample = z.unknown();

/** Our own shape of a file with results (docs/performance.md). One file is one run of the suite. */
export const BenchmarkResults = z.object({
  schema: z.literal('signalbox.benchmarks/1'),
  suite: z.string().min(1).max(200).describe('Name of the suite: torchbench.'),
  measured: z
    .object({
      version: z.string().max(100).optional().describe('Version that was measured: 2.8.0-rc3, or 2.8.0.'),
      manifest: Digest.optional().describe('Digest of the manifest of the candidate that was measured.'),
      commit: ObjectId.optional().describe('Commit of core that was measured.'),
      machine: z.string().max(500).optional().describe('What it was measured on, for people.'),
    })
    .default({}),
  benchmarks: z
    .array(
      z.object({
        benchmark: Name.describe('Name of the benchmark, once in a file.'),
        unit: z.string().min(1).max(40).describe('Unit of the samples: ms.'),
        better: Better.describe('Whether lower or higher is better.'),
        samples: z.array(Sample).describe('What was measured, one number for each repetition.'),
      }),
    )
    .max(20_000),
});

/** What TorchBench's user benchmarks write: `metrics-YYYYmmddHHMMSS.json`, one number for each metric. */
export const TorchBenchResults = z.object({
  name: z.string().max(200),
  environ: z.looseObject({
    pytorch_git_version: z.string().max(100).optional(),
    pytorch_version: z.string().max(100).optional(),
    device: z.string().max(200).optional(),
  }),
  metrics: z.record(Name, Sample),
});

/** What pytest-benchmark writes; the machine as TorchBench's conftest describes it. `data` is there with --benchmark-json and --benchmark-save-data. */
export const PytestBenchmarkResults = z.object({
  machine_info: z.looseObject({
    pytorch_version: z.string().max(100).optional(),
    pytorch_git_version: z.string().max(100).optional(),
    node: z.string().max(500).optional(),
  }),
  benchmarks: z
    .array(
      z.looseObject({
        name: Name,
        fullname: Name.optional(),
        stats: z.looseObject({ data: z.array(Sample).optional() }),
      }),
    )
    .max(20_000),
});
