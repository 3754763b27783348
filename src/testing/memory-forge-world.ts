import type { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';
import {
  ForgeError,
  type BranchRule,
  type CommitJob,
  type ForgeComment,
  type ForgeItem,
  type ForgeRelease,
  type ItemEvent,
  type JobNote,
  type JobResult,
  type Milestone,
  type PullCommit,
  type PullFile,
  type PullRequest,
  type PullReview,
  type ReleaseFile,
  type RunJob,
  type RulesetDetail,
  type Webhook,
  type WorkflowRun,
} from '../ports/forge.ts';

export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
export type Permission = 'none' | 'read' | 'write' | 'admin';

/** What the memory forge holds of one repository. Tests may change it as a person at the forge would. */
export interface MemoryRepo {
  readonly milestones: Writable<Milestone>[];
  readonly items: Writable<ForgeItem>[];
  readonly pulls: Writable<PullRequest>[];
  readonly labels: Map<string, { readonly color: string; readonly description: string }>;
  /** Commits of branches, by name; a pull request needs its head here. */
  readonly branches: Map<string, ObjectId>;
  readonly jobs: Map<ObjectId, JobResult[]>;
  readonly permissions: Map<string, Permission>;
  readonly comments: Writable<ForgeComment>[];
  /** Reactions, as `COMMENT REACTION`. */
  readonly reactions: Set<string>;
  /** What happened to each item, by number. */
  readonly events: Map<number, ItemEvent[]>;
  readonly reviews: Map<number, PullReview[]>;
  readonly requested: Map<number, { readonly people: readonly string[]; readonly teams: readonly string[] }>;
  /** Files and commits of pull requests, by number. */
  readonly files: Map<number, readonly PullFile[]>;
  readonly commits: Map<number, readonly PullCommit[]>;
  readonly runs: WorkflowRun[];
  /** Single runs of jobs, which `jobs` tells the newest of. */
  readonly jobRuns: CommitJob[];
  /** Jobs of runs, by the run's number. */
  readonly runJobs: Map<number, RunJob[]>;
  /** Notes of jobs, by the job's number. */
  readonly notes: Map<number, JobNote[]>;
  /** Texts of files, by `BRANCH:PATH`. */
  readonly texts: Map<string, string>;
  readonly rulesets: RulesetDetail[];
  readonly rules: Map<string, readonly BranchRule[]>;
  readonly webhooks: Webhook[];
  readonly releases: MemoryRelease[];
  /** Commits of tags, by name. */
  readonly tags: Map<string, ObjectId>;
}

/** A release with its files; of those that are whole the bytes. */
export interface MemoryRelease extends Writable<ForgeRelease> {
  readonly files: ReleaseFile[];
  readonly bytes: Map<number, Uint8Array>;
  latest: boolean;
}

/** What the parts of a memory forge share. */
export interface MemoryWorld {
  readonly login: string;
  readonly calls: string[];
  find(slug: RepoSlug, call: string): MemoryRepo;
  now(): Instant;
  readonly teams: Map<string, readonly string[]>;
}

export function link(slug: RepoSlug, path: string): string {
  return `https://forge.example/${slug}/${path}`;
}

function nextNumber(repo: MemoryRepo): number {
  return repo.items.length + 1;
}

interface ItemDraft {
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly isPullRequest: boolean;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly milestone?: string | null;
}

export function addItem(world: MemoryWorld, slug: RepoSlug, repo: MemoryRepo, draft: ItemDraft): ForgeItem {
  const number = nextNumber(repo);
  const item = {
    number,
    title: draft.title,
    body: draft.body,
    isPullRequest: draft.isPullRequest,
    open: true,
    author: draft.author,
    assignees: draft.assignees ?? [],
    labels: draft.labels ?? [],
    openedAt: world.now(),
    updatedAt: world.now(),
    link: link(slug, `issues/${number}`),
    milestone: draft.milestone ?? null,
  };
  repo.items.push(item);
  return { ...item };
}

export function view(item: ForgeItem): ForgeItem {
  return { ...item };
}

export function notFound(what: string): ForgeError {
  return new ForgeError('not-found', `${what} is not there.`, { status: 404 });
}

export function setClosed(world: MemoryWorld, repo: MemoryRepo, number: number): void {
  const item = repo.items.find((each) => each.number === number);
  if (item === undefined) throw notFound(`#${number}`);
  if (!item.open) return;
  item.open = false;
  item.updatedAt = world.now();
}

export function emptyRepo(): MemoryRepo {
  return {
    milestones: [],
    items: [],
    pulls: [],
    labels: new Map(),
    branches: new Map(),
    jobs: new Map(),
    permissions: new Map(),
    comments: [],
    reactions: new Set(),
    events: new Map(),
    reviews: new Map(),
    requested: new Map(),
    files: new Map(),
    commits: new Map(),
    runs: [],
    jobRuns: [],
    runJobs: new Map(),
    notes: new Map(),
    texts: new Map(),
    rulesets: [],
    rules: new Map(),
    webhooks: [],
    releases: [],
    tags: new Map(),
  };
}
