/** What the faces say of compared benchmarks. */
export {
  changeText,
  countChanges,
  percent,
  type ComparedBenchmark,
  type SuiteComparison,
} from '../../process/07-finalize/performance/index.ts';
