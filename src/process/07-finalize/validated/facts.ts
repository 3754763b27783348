import type { CellKey } from '../../../domain/artifact.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { RunsJob } from '../../../domain/job-attempts.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { Validation } from '../../../domain/train/evidence.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { WorkflowRun } from '../../../ports/forge.ts';

/** A file of the candidate that has to be tested. */
export interface FileToValidate {
  readonly expected: ExpectedCell;
  readonly name: string;
  readonly digest: Digest;
  /** Since when the record has had this very file for the cell, without another in between: what a later candidate did not touch keeps its evidence. */
  readonly since: Instant;
}

/** What a job says that it tested: digests by the name of the file; null where it says nothing. */
export type Told = ReadonlyMap<string, Digest> | null;

/** A job of the workflow as its run stands now. */
export type TestJob = RunsJob<WorkflowRun>;

/** One job that tested a file. */
export interface ValidationJob extends TestJob {
  readonly told: Told;
}

/** What the workflow's runs say of one file. */
export interface ValidatedFile extends FileToValidate {
  readonly jobs: readonly ValidationJob[];
}

export interface ValidationRuns {
  readonly files: readonly ValidatedFile[];
  /** Runs on the branch whose tests count, newest first, that were looked at. */
  readonly runs: readonly WorkflowRun[];
  /** Runs since the candidate was recorded on another branch: what main tests does not hold for the candidate. */
  readonly elsewhere: readonly WorkflowRun[];
}

export interface ValidationFacts {
  readonly release: ReleaseVersion;
  readonly validation: Validation;
  /** The branch whose tests count. */
  readonly ref: string;
  /** The candidate that is tested; null while none was recorded. */
  readonly candidate: CandidateVersion | null;
  /** Files of the candidate whose cells have no job named for their tests. */
  readonly unnamed: readonly CellKey[];
  readonly found: Observed<ValidationRuns>;
}
