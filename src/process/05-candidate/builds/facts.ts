import type { ObjectId } from '../../../domain/git-names.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { RepoInRelease } from '../../../domain/train/naming.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { RunJob, WorkflowRun } from '../../../ports/forge.ts';

/** A workflow file that the train says builds what is released, as the tagged commit has it. */
export interface BuildWorkflow {
  readonly path: string;
  /** Whether the push of the tag starts it. */
  readonly starts: boolean;
  /** Why, or what is wrong with the file. */
  readonly why: string;
}

/** A run with its jobs, those of earlier attempts too. */
export interface RunWithJobs {
  readonly run: WorkflowRun;
  readonly jobs: readonly RunJob[];
}

/** The runs that a tag started. */
export interface TagRuns {
  /** One of each workflow that the tag starts: the newest that the push of the tag began on the very commit. */
  readonly counted: readonly RunWithJobs[];
  /** Runs of these workflows under the same name that prove nothing of the candidate, and why. */
  readonly others: readonly { readonly run: WorkflowRun; readonly why: string }[];
}

/** A candidate's tag at the remote, with the workflows that its commit has and the runs that the forge tells of. */
export interface TagBuilds {
  readonly candidate: CandidateVersion;
  readonly tag: string;
  readonly commit: ObjectId;
  readonly workflows: readonly BuildWorkflow[];
  readonly runs: Observed<TagRuns>;
}

/** A repository whose train entry names workflows that build its files. */
export interface RepoBuilds {
  readonly repo: RepoInRelease;
  readonly patterns: readonly string[];
  /** Null while it has no such candidate. */
  readonly found: Observed<TagBuilds | null>;
}

export interface BuildFacts {
  readonly release: ReleaseVersion;
  readonly repos: readonly RepoBuilds[];
}
