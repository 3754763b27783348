export { destine, stablePlan, WAVES } from './stable.ts';
export { explainUpload, planUploads, uploadSteps, yankStep, type FileOnIndex, type FileToUpload } from './upload.ts';
export {
  decideReleased,
  decideStableVerified,
  dueRechecks,
  nextRecheck,
  type ReleasedToJudge,
  type ShownPlace,
} from './released.ts';
