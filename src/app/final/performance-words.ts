/** What the faces say of compared benchmarks. */
export {
  countChanges,
  percent,
  type ComparedBenchmark,
  type SuiteComparison,
} from '../../process/07-finalize/performance/index.ts';
