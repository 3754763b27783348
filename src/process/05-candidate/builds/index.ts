export { cellBuilds } from './cells.ts';
export { decideBuilds } from './decide.ts';
export type { RepoBuilds, TagRuns } from './facts.ts';
export { readBuilds } from './read.ts';
export { decideRetry, explainRetry, type RetryAnswer, type RetryProblem } from './retry.ts';
