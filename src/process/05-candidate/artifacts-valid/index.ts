export { decideValid } from './decide.ts';
export { readCandidateWheels, type CandidateWheel, type JudgedWheel } from './read.ts';
