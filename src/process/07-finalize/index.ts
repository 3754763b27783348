export {
  judgePublishers,
  type ProjectPublishers,
  type PublishedVersion,
  type PublisherFindings,
} from './publishers.ts';
export { filesForIndex, type FileForIndex } from './staged-files.ts';
export { stagePlan, type FileToStage } from './stage-plan.ts';
export { decideStaged, decideStagedValid, type CheckedWheel, type ProjectOnIndex } from './staged-gates.ts';
