export { decidePointer } from './decide.ts';
export { readDocsShown, readReleased } from './read.ts';
