export { decideIndexValid } from './decide.ts';
export type { FileToList } from './facts.ts';
export { readIndex } from './read.ts';
