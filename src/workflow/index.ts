export { type JobPlan, planJobs } from './job-plan.ts';
export { readWorkflow } from './read-workflow.ts';
export { startsOnTag } from './starts-on-tag.ts';
export type { Workflow, WorkflowPlace, WorkflowProblem } from './workflow.ts';
