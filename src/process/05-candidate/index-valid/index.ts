export { decideIndexValid } from './decide.ts';
export type { FileToList, IndexFacts } from './facts.ts';
export { readIndex } from './read.ts';
