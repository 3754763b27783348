export { explainFinalTag, type FinalTagProblem } from './final-tag-problem.ts';
export { decideFinalTag, type FinalTags } from './final-tag.ts';
export { readFinalTag, type FinalFacts } from './read-final-tag.ts';
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
