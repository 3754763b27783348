export { decideCoreStaged, readCoreStaged, stagedCandidate, type CoreStagedFacts } from './core-staged.ts';
export { decideCut, type CutAnswer, type CutRequest, type Held } from './decide.ts';
export { explain, type CutProblem } from './problem.ts';
export { readCut, type CutFacts, type CutPorts } from './read.ts';
export { recordedBases } from './recorded.ts';
