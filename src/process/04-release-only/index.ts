export { decideReleaseOnly, type ReleaseOnlyAnswer, type ReleaseOnlyRequest } from './decide.ts';
export { decideReleaseOnlyGates } from './gates.ts';
export { explain, type ReleaseOnlyProblem } from './problem.ts';
export { readReleaseOnly, type ReleaseOnlyFacts } from './read.ts';
export { renderProposals, type Proposal } from './render.ts';
