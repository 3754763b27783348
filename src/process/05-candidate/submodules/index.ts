export { decideSubmodules } from './decide.ts';
export { readSubmodules } from './read.ts';
