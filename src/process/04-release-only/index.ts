export { unifiedDiff } from './diff.ts';
export { decideReleaseOnly, type ReleaseOnlyAnswer } from './decide.ts';
export { decideReleaseOnlyGates } from './gates.ts';
export { declaredTexts } from './declared.ts';
export { explain, type ReleaseOnlyProblem } from './problem.ts';
export { readReleaseOnly } from './read.ts';
export { renderProposals } from './render.ts';
