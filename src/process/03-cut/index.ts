export { decideCoreStaged, readCoreStaged, stagedCandidate, type CoreStagedFacts } from './core-staged.ts';
export { decideCut, type CutAnswer, type CutRequest } from './decide.ts';
export { explain, type CutProblem } from './problem.ts';
export { readCut, type CutFacts } from './read.ts';
export { recordedBases } from './recorded.ts';
