import type { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';
import type { ForgeReleases } from './forge-releases.ts';
import type { CommitJob, ForgeRepos, ForgeWebhooks, JobNote, RateBudget, RunJob, WorkflowRun } from './forge-repos.ts';
import type {
  ForgeChanges,
  ForgeComments,
  ForgeIssues,
  ForgeItems,
  ForgeLabels,
  ForgeMilestones,
  ForgeReviews,
} from './forge-work.ts';

export type * from './forge-releases.ts';
export type * from './forge-repos.ts';
export type * from './forge-work.ts';

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly draft: boolean;
  /** `repo` is the repository of the head branch: another one for a fork, null when that is gone. */
  readonly head: { readonly branch: string; readonly commit: ObjectId; readonly repo: string | null };
  readonly base: string;
  readonly mergeCommit: ObjectId | null;
  readonly mergedAt: Instant | null;
  readonly labels: readonly string[];
  readonly updatedAt: Instant;
  readonly author: string;
  readonly link: string;
}

export interface PullRequestDraft {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** One job's newest word on a commit: a check run, a workflow job or a commit status. */
export interface JobResult {
  readonly name: string;
  readonly state: 'queued' | 'running' | 'green' | 'red' | 'cancelled' | 'skipped' | 'needs-action';
  /** How many times it was started on this commit; above 1 it was retried. */
  readonly attempts: number;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly link: string | null;
}

export interface ForgePeople {
  /** Login of the person or app whose token is used. */
  whoami(): Promise<string>;
  permission(repo: RepoSlug, login: string): Promise<'none' | 'read' | 'write' | 'admin'>;
  /** Logins of a team's members, `team` as `org/team`. Throws `not-found` for a team that is not there or hidden. */
  teamMembers(team: string): Promise<readonly string[]>;
  /** What is left of each kind of request for the token; asking is free. */
  budget(): Promise<readonly RateBudget[]>;
}

export interface ForgePulls {
  /** Pull requests from this head branch of the same repository to this base, newest first, all states. */
  find(repo: RepoSlug, branches: { readonly head: string; readonly base: string }): Promise<readonly PullRequest[]>;
  get(repo: RepoSlug, number: number): Promise<PullRequest | null>;
  open(repo: RepoSlug, draft: PullRequestDraft): Promise<PullRequest>;
  close(repo: RepoSlug, number: number): Promise<void>;
  /** Pull requests onto a branch, newest first. */
  onto(repo: RepoSlug, base: string, state: 'open' | 'all'): Promise<readonly PullRequest[]>;
  /** Several at once, in the order asked; null for a number that is none. One query for a hundred: not kept, each costs. */
  many(repo: RepoSlug, numbers: readonly number[]): Promise<readonly (PullRequest | null)[]>;
  /** Makes a draft ready for review; twice is once. */
  markReady(repo: RepoSlug, number: number): Promise<void>;
}

export interface ForgeChecks {
  /** Every job's newest result on a commit, check runs and statuses together, by name. */
  onCommit(repo: RepoSlug, commit: ObjectId): Promise<readonly JobResult[]>;
  /** Runs of workflows on a commit, newest first. */
  runsOn(repo: RepoSlug, commit: ObjectId): Promise<readonly WorkflowRun[]>;
  /** Runs of workflows that began with a branch or a tag of this name, whatever commit it was on then, newest first. */
  runsOf(repo: RepoSlug, ref: string): Promise<readonly WorkflowRun[]>;
  /** Every job of a run in every attempt, newest first. Throws `not-found` for a run that is not there. */
  jobsOf(repo: RepoSlug, run: number): Promise<readonly RunJob[]>;
  /** What a job said beside its result; throws `not-found` for a job that is not there. */
  notesOf(repo: RepoSlug, job: number): Promise<readonly JobNote[]>;
  /** One run of a workflow by its number; null when there is none. */
  run(repo: RepoSlug, run: number): Promise<WorkflowRun | null>;
  /** One run of a job by its number, which is that of its check run; null when there is none. */
  job(repo: RepoSlug, job: number): Promise<CommitJob | null>;
  /**
   * Starts one job of a run again, and with it those that need it, as a new attempt of the run. GitHub refuses it (`not-allowed`) while anything of the run
   * is still going on.
   */
  rerunJob(repo: RepoSlug, job: number): Promise<void>;
  /** Starts the failed jobs of a run again. */
  rerunFailed(repo: RepoSlug, run: number): Promise<void>;
  /** Posts a commit status; the newest of a context counts. */
  postStatus(
    repo: RepoSlug,
    commit: ObjectId,
    status: {
      readonly context: string;
      readonly state: 'pending' | 'success' | 'failure' | 'error';
      readonly description: string;
      readonly link: string | null;
    },
  ): Promise<void>;
}

/** The forge: where repositories, issues, pull requests and checks live. Failures throw `ForgeError`. */
export interface Forge {
  readonly people: ForgePeople;
  readonly issues: ForgeIssues;
  readonly milestones: ForgeMilestones;
  readonly labels: ForgeLabels;
  readonly pulls: ForgePulls;
  readonly checks: ForgeChecks;
  readonly comments: ForgeComments;
  readonly items: ForgeItems;
  readonly reviews: ForgeReviews;
  readonly changes: ForgeChanges;
  readonly releases: ForgeReleases;
  readonly repos: ForgeRepos;
  readonly webhooks: ForgeWebhooks;
}

/** The forge failed or said no: what was asked, which status, what to do. Secrets removed. */
export class ForgeError extends Error {
  readonly code:
    | 'not-signed-in'
    | 'not-allowed'
    | 'not-found'
    | 'invalid'
    | 'rate-limited'
    | 'unavailable'
    | 'unreachable'
    | 'unexpected-answer';
  readonly status: number | null;
  constructor(code: ForgeError['code'], message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.name = 'ForgeError';
    this.code = code;
    this.status = options?.status ?? null;
  }
}
