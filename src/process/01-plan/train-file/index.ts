export { decideTrainFile, type EditedFile, type TrainFileClosed } from './decide.ts';
export { type TrainPlace, trainPlace } from './place.ts';
export { readTrainFile, type TrainFileState } from './read.ts';
