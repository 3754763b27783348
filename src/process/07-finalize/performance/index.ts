export { compareSides, readSide, type MeasuredVersion, type SuiteComparison, type SuiteSide } from './suite.ts';
export type { ComparedBenchmark } from './compare.ts';
export { decidePerformance } from './decide.ts';
export { MOST_BYTES } from './read-results.ts';
export { countChanges, percent } from './words.ts';
