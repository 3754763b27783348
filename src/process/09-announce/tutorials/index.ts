export { decideTutorials } from './decide.ts';
export { chosenBy, readTutorials } from './read.ts';
