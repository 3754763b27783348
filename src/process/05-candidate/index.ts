export { decideCandidate, type CandidateAnswer, type CandidateRequest, type TagView } from './decide.ts';
export { decideCandidateGates } from './gates.ts';
export { explain, type CandidateProblem } from './problem.ts';
export { hasCandidates, readCandidate, type CandidateFacts } from './read.ts';
