export { decideReadiness } from './decide.ts';
export { readReadiness } from './read.ts';
