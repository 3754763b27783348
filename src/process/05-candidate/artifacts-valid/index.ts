export { decideValid } from './decide.ts';
export { readCandidateWheels, type CandidateWheel } from './read.ts';
