/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { Release } from './state-release.ts';
import { Hook, ItemEvent, Reaction, Team } from './state-work.ts';

export type { Asset, Release } from './state-release.ts';
export { type Hook, type ItemEvent, type Reaction, type Team } from './state-work.ts';

/** What a user may do in a repository, weakest first; the words of the collaborators API. */
const permissionLevels = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export const Permission = z.enum(permissionLevels);
export type Permission = z.infer<typeof Permission>;

const when = z.string();
const sha = z.string();

/** An account of the sandbox; organisations own repositories and have no token. */
export const User = z.object({
  id: z.number(),
  login: z.string(),
  name: z.string(),
  email: z.string(),
  type: z.enum(['User', 'Bot', 'Organization']),
  token: z.string().nullable(),
});
export type User = z.infer<typeof User>;

export const Label = z.object({
  id: z.number(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
});
export type Label = z.infer<typeof Label>;

export const Milestone = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  description: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  creator: z.string(),
  createdAt: when,
  updatedAt: when,
  closedAt: when.nullable(),
  dueOn: when.nullable(),
});
export type Milestone = z.infer<typeof Milestone>;

/** The pull request half of an issue; `headSha` is the last head seen, kept when the branch is gone. */
export const Pull = z.object({
  id: z.number(),
  head: z.string(),
  headSha: sha,
  base: z.string(),
  baseSha: sha,
  draft: z.boolean(),
  mergedAt: when.nullable(),
  mergedBy: z.string().nullable(),
  mergeSha: sha.nullable(),
  /** The commit a merge was about to put on the base when it wrote ahead; settled on the next start. */
  intent: z.object({ sha, by: z.string(), at: when }).nullable(),
  reviewers: z.array(z.string()).default([]),
  teams: z.array(z.string()).default([]),
});
export type Pull = z.infer<typeof Pull>;

export const Issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullable(),
  user: z.string(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  milestone: z.number().nullable(),
  createdAt: when,
  updatedAt: when,
  closedAt: when.nullable(),
  closedBy: z.string().nullable(),
  pull: Pull.nullable(),
});
export type Issue = z.infer<typeof Issue>;

export const Comment = z.object({
  id: z.number(),
  issue: z.number(),
  user: z.string(),
  body: z.string(),
  createdAt: when,
  updatedAt: when,
});
export type Comment = z.infer<typeof Comment>;

export const Review = z.object({
  id: z.number(),
  pull: z.number(),
  user: z.string(),
  body: z.string(),
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']),
  commit: sha,
  submittedAt: when,
});
export type Review = z.infer<typeof Review>;

export const checkStatuses = ['queued', 'in_progress', 'completed'] as const;
export const checkConclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;

export const CheckRun = z.object({
  id: z.number(),
  suite: z.number(),
  name: z.string(),
  headSha: sha,
  status: z.enum(checkStatuses),
  conclusion: z.enum(checkConclusions).nullable(),
  startedAt: when.nullable(),
  completedAt: when.nullable(),
  detailsUrl: z.string().nullable(),
  externalId: z.string(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
  text: z.string().nullable(),
  app: z.string(),
  annotations: z.array(z.object({ title: z.string().nullable(), message: z.string() })).default([]),
  /** Which attempt of its workflow's run it belongs to. */
  attempt: z.number().default(1),
});
export type CheckRun = z.infer<typeof CheckRun>;

export const CommitStatus = z.object({
  id: z.number(),
  sha,
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string(),
  description: z.string().nullable(),
  targetUrl: z.string().nullable(),
  creator: z.string(),
  createdAt: when,
});
export type CommitStatus = z.infer<typeof CommitStatus>;

export const WorkflowRun = z.object({
  id: z.number(),
  suite: z.number(),
  name: z.string(),
  path: z.string(),
  headBranch: z.string(),
  headSha: sha,
  event: z.string(),
  actor: z.string(),
  runNumber: z.number(),
  runAttempt: z.number(),
  status: z.enum(checkStatuses),
  conclusion: z.enum(checkConclusions).nullable(),
  createdAt: when,
  updatedAt: when,
});
export type WorkflowRun = z.infer<typeof WorkflowRun>;

const ruleTypes = ['creation', 'update', 'deletion', 'non_fast_forward'] as const;

/** A ruleset; `*` in a pattern stands for any characters, slashes included. */
export const Ruleset = z.object({
  id: z.number(),
  name: z.string(),
  target: z.enum(['branch', 'tag']),
  enforcement: z.enum(['active', 'disabled']),
  include: z.array(z.string()),
  rules: z.array(z.enum(ruleTypes)),
  bypass: z.array(z.string()),
  createdAt: when,
});
export type Ruleset = z.infer<typeof Ruleset>;

/** All that GitHub knows of one repository beside its git objects and refs: one file, so that one rename commits a change. */
export const RepoState = z.object({
  id: z.number(),
  owner: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  private: z.boolean(),
  defaultBranch: z.string(),
  createdAt: when,
  /** The last number given to an issue or a pull request: they share one sequence. */
  lastNumber: z.number(),
  lastMilestone: z.number(),
  /** The last id given inside this repository; ids are made unique over the world by the repository's id. */
  lastId: z.number(),
  permissions: z.record(z.string(), Permission),
  protectedBranches: z.array(z.string()),
  rulesets: z.array(Ruleset),
  /** Full ref names that this remote refuses to update: a configured fault. */
  rejectRefs: z.array(z.string()),
  /** Whether a release candidate tag starts binary builds here. */
  buildsOnTag: z.array(z.string()),
  /** The workflow that those builds belong to. */
  buildWorkflow: z
    .object({ name: z.string(), path: z.string() })
    .default({ name: 'Build binaries', path: '.github/workflows/build-binaries.yml' }),
  /** Jobs that a push to a release branch starts, `workflow / job` each. */
  jobsOnRelease: z.array(z.string()).default([]),
  /** Workflows that people may start by hand, by their path. */
  dispatchable: z.record(z.string(), z.object({ name: z.string(), jobs: z.array(z.string()) })).default({}),
  /** Tags whose builds were already started, as `name@sha`. */
  builtTags: z.array(z.string()),
  labels: z.array(Label),
  milestones: z.array(Milestone),
  issues: z.array(Issue),
  comments: z.array(Comment),
  reviews: z.array(Review),
  checkRuns: z.array(CheckRun),
  statuses: z.array(CommitStatus),
  workflowRuns: z.array(WorkflowRun),
  // Worlds that were made before these were known have none of them.
  events: z.array(ItemEvent).default([]),
  reactions: z.array(Reaction).default([]),
  hooks: z.array(Hook).default([]),
  releases: z.array(Release).default([]),
  /** The release that GitHub shows as the latest. */
  latestRelease: z.number().nullable().default(null),
  /** Branches and tags as they were last seen, where a webhook is told of pushes; in others it is empty. */
  knownRefs: z.record(z.string(), z.string()).default({}),
});
export type RepoState = z.infer<typeof RepoState>;

/** The accounts of the world. */
export const WorldState = z.object({ version: z.literal(1), users: z.array(User), teams: z.array(Team).default([]) });
export type WorldState = z.infer<typeof WorldState>;

const idsPerRepo = 10_000_000;

/** The next id of a repository's state; changes the draft it is given. */
export function nextId(draft: RepoState): number {
  draft.lastId += 1;
  return draft.id * idsPerRepo + draft.lastId;
}

/** Whether `have` covers `need`. */
export function permits(have: Permission, need: Permission): boolean {
  return permissionLevels.indexOf(have) >= permissionLevels.indexOf(need);
}

/** What a user may do here: public repositories are readable by every account. */
export function permissionOf(repo: RepoState, login: string): Permission {
  return repo.permissions[login] ?? (repo.private ? 'none' : 'read');
}

/** A repository of the world with nothing in it yet. */
export function emptyRepo(given: Pick<RepoState, 'id' | 'owner' | 'name' | 'defaultBranch' | 'createdAt'>): RepoState {
  return {
    ...given,
    description: null,
    private: false,
    lastNumber: 0,
    lastMilestone: 0,
    lastId: 0,
    permissions: {},
    protectedBranches: [],
    rulesets: [],
    rejectRefs: [],
    buildsOnTag: [],
    buildWorkflow: { name: 'Build binaries', path: '.github/workflows/build-binaries.yml' },
    jobsOnRelease: [],
    dispatchable: {},
    builtTags: [],
    labels: [],
    milestones: [],
    issues: [],
    comments: [],
    reviews: [],
    checkRuns: [],
    statuses: [],
    workflowRuns: [],
    events: [],
    reactions: [],
    hooks: [],
    releases: [],
    latestRelease: null,
    knownRefs: {},
  };
}

type EventFacts = Pick<ItemEvent, 'issue' | 'event' | 'actor' | 'at'> & Partial<ItemEvent>;

/** Adds an entry to an item's timeline; changes the draft. */
export function addEvent(draft: RepoState, facts: EventFacts): void {
  const none = { label: null, milestone: null, rename: null, commit: null, reviewer: null, team: null, source: null };
  draft.events.push({ ...none, ...facts, id: nextId(draft) });
}
