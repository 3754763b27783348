export { decideCompanions } from './decide.ts';
export { readCompanions } from './read.ts';
