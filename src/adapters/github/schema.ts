import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';

// Only the fields that are used; whatever else GitHub sends is dropped here.

const Count = z.int().nonnegative();
const Number = z.int().positive();
/** Octokit gives ids that a number cannot hold as bigint. */
export const Id = z.union([z.int(), z.bigint()]);
export const Link = z.url({ protocol: /^https?$/ });

/** An account; null for one that has been deleted, which GitHub shows as @ghost. */
export const Account = z
  .object({ login: z.string().min(1) })
  .nullish()
  .transform((account) => account?.login ?? 'ghost');

export const Viewer = z.object({ login: z.string().min(1) });

export const RepoAnswer = z.object({ name: z.string(), owner: z.object({ login: z.string() }) });

export const PermissionAnswer = z.object({ permission: z.enum(['none', 'read', 'write', 'admin']) });

export const MilestoneAnswer = z.object({
  number: Number,
  title: z.string(),
  state: z.enum(['open', 'closed']),
  open_issues: Count,
  closed_issues: Count,
  html_url: Link,
});
export type MilestoneAnswer = z.infer<typeof MilestoneAnswer>;

/** Labels come as objects or as plain strings; GitHub allows itself an object without a name, which is left out. */
const LabelNames = z
  .array(z.union([z.string(), z.object({ name: z.string().nullish() })]))
  .transform((labels) => labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))));

export const IssueAnswer = z.object({
  number: Number,
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  /** Text, since GitHub has added to it before. */
  state_reason: z.string().nullish(),
  user: Account,
  assignees: z.array(Account).nullish(),
  labels: LabelNames,
  milestone: z.object({ number: Number, title: z.string() }).nullish(),
  pull_request: z.looseObject({}).nullish(),
  created_at: Instant,
  updated_at: Instant,
  html_url: Link,
});
export type IssueAnswer = z.infer<typeof IssueAnswer>;

export const SearchAnswer = z.object({ incomplete_results: z.boolean(), items: z.array(IssueAnswer) });

export const LabelAnswer = z.object({ name: z.string() });

export const PullAnswer = z.object({
  number: Number,
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  merged_at: Instant.nullish(),
  merge_commit_sha: ObjectId.nullish(),
  draft: z.boolean().nullish(),
  labels: LabelNames,
  updated_at: Instant,
  node_id: z.string(),
  /** `repo` is null when the fork that it came from is gone. */
  head: z.object({ ref: z.string(), sha: ObjectId, repo: z.object({ id: Id, full_name: z.string() }).nullish() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: Id }) }),
  user: Account,
  html_url: Link,
});
export type PullAnswer = z.infer<typeof PullAnswer>;

/** Status and conclusion are read as they are: a value that is new is refused by `checks.ts`, never taken for a good one. */
export const CheckRunAnswer = z.object({
  id: Id,
  name: z.string().min(1),
  status: z.string(),
  conclusion: z.string().nullish(),
  started_at: Instant.nullish(),
  completed_at: Instant.nullish(),
  details_url: z.string().nullish(),
  html_url: z.string().nullish(),
  check_suite: z.object({ id: Id }).nullish(),
  app: z.object({ slug: z.string().nullish() }).nullish(),
});
export type CheckRunAnswer = z.infer<typeof CheckRunAnswer>;

export const CheckRunsAnswer = z.object({ total_count: Count, check_runs: z.array(CheckRunAnswer) });

export const StatusAnswer = z.object({
  context: z.string().min(1),
  state: z.string(),
  target_url: z.string().nullish(),
  created_at: Instant,
  updated_at: Instant,
});
export type StatusAnswer = z.infer<typeof StatusAnswer>;

export const CombinedStatusAnswer = z.object({ total_count: Count, statuses: z.array(StatusAnswer) });

export const WorkflowRunsAnswer = z.object({
  workflow_runs: z.array(z.object({ check_suite_id: Id.nullish(), workflow_id: Id })),
});

/** For answers of which nothing is used. */
export const Anything = z.unknown();
