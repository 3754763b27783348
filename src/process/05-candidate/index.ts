export { decideCandidate, type CandidateAnswer } from './decide.ts';
export { decideCandidateGates } from './gates.ts';
export { explain, type CandidateProblem } from './problem.ts';
export { hasCandidates, readCandidate } from './read.ts';
