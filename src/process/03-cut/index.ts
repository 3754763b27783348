export {
  decideCoreStaged,
  readCoreStaged,
  stagedCandidate,
  type CoreStagedFacts,
  type StagedChannel,
  type StagedFiles,
} from './core-staged.ts';
export { decideCut } from './decide.ts';
export { explain, type CutProblem } from './problem.ts';
export { readCut } from './read.ts';
export { recordedBases } from './recorded.ts';
