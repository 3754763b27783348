export { decideSignOff, type SignOffFacts, type SignOffToJudge } from './decide.ts';
