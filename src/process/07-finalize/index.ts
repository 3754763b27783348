export { filesForIndex, type FileForIndex } from './staged-files.ts';
export { stagePlan, type FileToStage } from './stage-plan.ts';
