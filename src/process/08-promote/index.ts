export { destine, stablePlan, WAVES, type Destined } from './stable.ts';
export {
  explainUpload,
  firstUpload,
  planUploads,
  uploadSteps,
  yankStep,
  type FileOnIndex,
  type FileToUpload,
  type UploadProblem,
} from './upload.ts';
export {
  decideReleased,
  decideStableVerified,
  dueRechecks,
  nextRecheck,
  type ReleasedToJudge,
  type ShownPlace,
} from './released.ts';
