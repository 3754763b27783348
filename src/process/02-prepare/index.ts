export { decideReadiness } from './decide.ts';
export { readReadiness, type ReadinessFacts } from './read.ts';
