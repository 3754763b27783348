/** Where something stands in a workflow file; lines count from 1. */
export interface WorkflowPlace {
  readonly path: string;
  readonly line: number;
}

/** What is wrong with a workflow file: one sentence without its place. */
export interface WorkflowProblem {
  readonly at: WorkflowPlace;
  readonly text: string;
}

/** The filters of `on.push`; null where the workflow is not started by pushes. An empty filter is one that nothing passes. */
export interface PushTrigger {
  readonly at: WorkflowPlace;
  readonly branches: readonly string[] | null;
  readonly branchesIgnore: readonly string[] | null;
  readonly tags: readonly string[] | null;
  readonly tagsIgnore: readonly string[] | null;
}

/** A plain value of YAML: what a matrix, an input or an output holds. */
export type WorkflowValue =
  | string
  | number
  | boolean
  | null
  | readonly WorkflowValue[]
  | { readonly [key: string]: WorkflowValue };

/** A reference to an action or a reusable workflow: `actions/checkout@v4`, `./.github/workflows/build.yml`. */
export interface UsedReference {
  readonly reference: string;
  readonly at: WorkflowPlace;
}

/** A job as it is written. */
export interface WorkflowJob {
  readonly id: string;
  readonly at: WorkflowPlace;
  /** As written; null where there is none. */
  readonly name: string | null;
  /** `strategy.matrix`; null where there is none. */
  readonly matrix: WorkflowValue;
  /** The reusable workflow that it calls, with what it gives it. */
  readonly calls: { readonly reference: string; readonly with: Readonly<Record<string, WorkflowValue>> } | null;
  /** Actions of its steps. */
  readonly uses: readonly UsedReference[];
}

/** A workflow file of GitHub Actions, as far as a release asks. */
export interface Workflow {
  readonly path: string;
  readonly name: string | null;
  readonly push: PushTrigger | null;
  /** Names of all events. */
  readonly events: readonly string[];
  /** Inputs of `workflow_call` with their defaults; null where it cannot be called. */
  readonly inputs: Readonly<Record<string, WorkflowValue>> | null;
  readonly jobs: readonly WorkflowJob[];
}
