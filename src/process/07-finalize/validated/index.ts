export { decideValidated } from './decide.ts';
export { readValidation, type RecordedFiles } from './read.ts';
