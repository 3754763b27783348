export { decideSignOff, type SignOffToJudge } from './decide.ts';
