import type { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';

/** A set of rules on branches or tags. */
export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly target: 'branch' | 'tag' | 'push' | 'repository';
  /** `evaluate`: only reported, nothing is refused. */
  readonly enforcement: 'active' | 'evaluate' | 'disabled';
}

/** What a ruleset holds for, as GitHub writes it: `refs/tags/v*`, `~ALL`; and the kinds of its rules: `deletion`, `update`, `non_fast_forward`. */
export interface RulesetDetail extends Ruleset {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly kinds: readonly string[];
}

/** One rule that holds for a branch: `deletion`, `non_fast_forward`, `pull_request`, `required_status_checks` and others, as GitHub names them. */
export interface BranchRule {
  readonly kind: string;
  readonly ruleset: number | null;
}

export interface RepoFacts {
  /** Its present owner and name, which differ from those asked for when it was moved. */
  readonly slug: RepoSlug;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
}

/** What lies at a path of a branch. `text` is null for what is no file of UTF-8 text of at most 1 MiB. */
export interface ForgeFile {
  readonly text: string | null;
  /** Where a symbolic link leads, as it is written; left out for anything else, and for a link to a file, of which GitHub shows the file. */
  readonly target?: string;
  readonly link: string | null;
}

export interface ForgeRepos {
  /** One file as a branch has it, without fetching the repository; null where the branch or the path is not there. */
  file(repo: RepoSlug, at: { readonly branch: string; readonly path: string }): Promise<ForgeFile | null>;
  facts(repo: RepoSlug): Promise<RepoFacts>;
  rulesets(repo: RepoSlug): Promise<readonly Ruleset[]>;
  /** One ruleset in full; null when there is none of this number. Nothing else tells what holds for tags. */
  ruleset(repo: RepoSlug, id: number): Promise<RulesetDetail | null>;
  /** The rules of active rulesets that hold for a branch of this name, also one that does not exist yet. */
  rulesOn(repo: RepoSlug, branch: string): Promise<readonly BranchRule[]>;
}

/** One run of a workflow. */
export interface WorkflowRun {
  readonly id: number;
  readonly name: string;
  /** Path of the workflow's file. */
  readonly path: string;
  readonly branch: string | null;
  readonly commit: ObjectId;
  readonly event: string;
  readonly attempt: number;
  readonly state: 'queued' | 'running' | 'green' | 'red' | 'cancelled' | 'skipped' | 'needs-action';
  readonly startedAt: Instant;
  readonly link: string;
}

/** One run of one job, by whichever app, as it ended or stands. Started again, it is another one. */
export interface CommitJob {
  readonly id: number;
  readonly name: string;
  readonly commit: ObjectId;
  readonly state: WorkflowRun['state'];
  readonly link: string | null;
}

/** One job of a workflow's run, in one of its attempts. Started again, it is another one. */
export interface RunJob {
  readonly id: number;
  /** Without the workflow's name: `build (3.13) / wheel`. */
  readonly name: string;
  readonly commit: ObjectId;
  /** Which attempt of the run it belongs to. */
  readonly attempt: number;
  readonly state: WorkflowRun['state'];
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly link: string | null;
}

/** What a job said beside its result: an annotation, which a job of GitHub Actions makes by printing `::notice title=TITLE::MESSAGE`. */
export interface JobNote {
  readonly title: string;
  readonly message: string;
}

/** Where a webhook is set up: the GitHub App itself, or one repository. */
export type HookPlace =
  | { readonly kind: 'app' }
  | { readonly kind: 'repo'; readonly repo: RepoSlug; readonly hook: number };

export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
}

/** One attempt of the forge to deliver an event. Attempts of one delivery share its `guid`. */
export interface WebhookAttempt {
  /** Of this attempt; text, since GitHub's are larger than a number holds. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly at: Instant;
  readonly arrived: boolean;
}

/** The forge's own record of what it sent. GitHub keeps it for three days. */
export interface ForgeWebhooks {
  /** Where the webhook of the GitHub App sends to; null when no app acts here, or it has none. */
  ofApp(): Promise<{ readonly url: string } | null>;
  ofRepo(repo: RepoSlug): Promise<readonly Webhook[]>;
  /** Attempts at this moment or later, newest first. */
  attempts(place: HookPlace, since: Instant): Promise<readonly WebhookAttempt[]>;
  /** What was sent, as it was sent; null when the forge has forgotten it. */
  payload(place: HookPlace, attempt: string): Promise<unknown>;
  /** Asks for the same delivery once more. */
  redeliver(place: HookPlace, attempt: string): Promise<void>;
}

/** What is left of the requests that an hour allows. */
export interface RateBudget {
  readonly kind: 'rest' | 'graphql' | 'search';
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: Instant;
}
