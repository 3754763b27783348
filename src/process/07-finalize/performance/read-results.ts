import type { z } from 'zod';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { BenchmarkResults, PytestBenchmarkResults, TorchBenchResults, type Better } from './results.ts';
import type { ResultsProblem } from './problem.ts';

/** Bytes of a file with results that are read. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** What a file says it was measured on; null for what it does not say. */
export interface MeasuredOn {
  readonly version: string | null;
  readonly manifest: string | null;
  readonly commit: string | null;
  readonly machine: string | null;
}

/** A benchmark as a file has it. `unit` and `better` are null where the file's shape does not say: then the train's rules do. */
export interface RawBenchmark {
  readonly name: string;
  readonly unit: string | null;
  readonly better: Better | null;
  /** Null where the file has only a summary of them, which nothing can be reckoned from. */
  readonly samples: readonly unknown[] | null;
}

/** A run of a suite: one file. */
export interface ResultsFile {
  readonly file: string;
  readonly shape: 'signalbox' | 'torchbench' | 'pytest-benchmark';
  readonly measured: MeasuredOn;
  readonly benchmarks: readonly RawBenchmark[];
}

/** Reads a file with results, in whichever of the known shapes it is. */
export function readResults(file: string, text: string): Result<ResultsFile, ResultsProblem> {
  const bytes = text.length;
  if (bytes > MOST_BYTES) return refuse({ code: 'results-too-large', file, bytes, most: MOST_BYTES });
  const parsed = parse(text);
  if (!parsed.ok) return refuse({ code: 'results-no-json', file, why: parsed.problems[0] });
  const shape = shapeOf(parsed.value);
  if (shape === null) {
    const why =
      'it has neither schema: signalbox.benchmarks/1, nor name, environ and metrics (TorchBench), nor machine_info and benchmarks (pytest-benchmark)';
    return refuse({ code: 'results-unknown-shape', file, why });
  }
  const read = shape.read(parsed.value);
  if (!read.ok) return refuse({ code: 'results-unknown-shape', file, why: read.problems[0] });
  const twice = doubled(read.value.benchmarks);
  return twice === null
    ? succeed({ file, shape: shape.name, ...read.value })
    : refuse({ code: 'benchmark-twice', file, benchmark: twice });
}

/** Python writes NaN and Infinity, which are no JSON: they are kept as words, so that the benchmark that has them can be told. */
function parse(text: string): Result<unknown, string> {
  const worded = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gu, (found) =>
    found.startsWith('"') ? found : JSON.stringify(found),
  );
  try {
    return succeed(JSON.parse(worded));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(error.message.slice(0, 200));
  }
}

type Content = Pick<ResultsFile, 'measured' | 'benchmarks'>;

interface Shape {
  readonly name: ResultsFile['shape'];
  readonly has: readonly string[];
  readonly read: (value: unknown) => Result<Content, string>;
}

const SHAPES: readonly Shape[] = [
  { name: 'signalbox', has: ['schema'], read: (value) => readAs(BenchmarkResults, value, fromOurs) },
  {
    name: 'torchbench',
    has: ['environ', 'metrics'],
    read: (value) => readAs(TorchBenchResults, value, fromTorchBench),
  },
  {
    name: 'pytest-benchmark',
    has: ['machine_info', 'benchmarks'],
    read: (value) => readAs(PytestBenchmarkResults, value, fromPytest),
  },
];

function shapeOf(value: unknown): Shape | null {
  if (typeof value !== 'object' || value === null) return null;
  return SHAPES.find(({ has }) => has.every((key) => Object.hasOwn(value, key))) ?? null;
}

function readAs<Shaped>(
  schema: z.ZodType<Shaped>,
  value: unknown,
  from: (shaped: Shaped) => Content,
): Result<Content, string> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return succeed(from(parsed.data));
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return refuse(`${path === '' ? '' : `${path}: `}${issue?.message ?? 'it is not'}`.slice(0, 300));
}

function fromOurs({ measured, benchmarks }: z.infer<typeof BenchmarkResults>): Content {
  const { version = null, manifest = null, commit = null, machine = null } = measured;
  return {
    measured: { version, manifest, commit, machine },
    benchmarks: benchmarks.map(({ benchmark, ...rest }) => ({ name: benchmark, ...rest })),
  };
}

function fromTorchBench({ environ, metrics }: z.infer<typeof TorchBenchResults>): Content {
  return {
    measured: environOf(environ.pytorch_version, environ.pytorch_git_version, environ.device),
    benchmarks: Object.entries(metrics).map(([name, value]) => ({ name, unit: null, better: null, samples: [value] })),
  };
}

/** Its times are seconds, and the shorter the better. */
function fromPytest({ machine_info: machine, benchmarks }: z.infer<typeof PytestBenchmarkResults>): Content {
  return {
    measured: environOf(machine.pytorch_version, machine.pytorch_git_version, machine.node),
    benchmarks: benchmarks.map(({ name, fullname, stats }) => ({
      name: fullname ?? name,
      unit: 's',
      better: 'lower',
      samples: stats.data ?? null,
    })),
  };
}

function environOf(version?: string, commit?: string, machine?: string): MeasuredOn {
  const isCommit = commit !== undefined && /^[0-9a-f]{40}$/u.test(commit);
  return { version: version ?? null, manifest: null, commit: isCommit ? commit : null, machine: machine ?? null };
}

function doubled(benchmarks: readonly RawBenchmark[]): string | null {
  const seen = new Set<string>();
  for (const { name } of benchmarks) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
