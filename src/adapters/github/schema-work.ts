import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { Account, Id, Link } from './schema.ts';

// Only the fields that are used; whatever else GitHub sends is dropped here.

/** An id of ours is a number. GitHub's may be larger, which comes as a bigint and is refused rather than rounded to another one. */
export const SafeId = Id.pipe(z.int());

export const CommentAnswer = z.object({
  id: SafeId,
  issue_url: z.url(),
  user: Account,
  body: z.string().nullish(),
  created_at: Instant,
  updated_at: Instant,
  html_url: Link,
});
export type CommentAnswer = z.infer<typeof CommentAnswer>;

export const ReviewAnswer = z.object({
  id: SafeId,
  user: Account,
  /** GitHub's type is text; `PENDING` is one's own review that was not sent. */
  state: z.string(),
  body: z.string().nullish(),
  commit_id: ObjectId.nullish(),
  submitted_at: Instant.nullish(),
  html_url: Link,
});
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

export const RequestedAnswer = z.object({
  users: z.array(z.object({ login: z.string() })),
  teams: z.array(z.object({ slug: z.string() })),
});

export const FileAnswer = z.object({
  filename: z.string().min(1),
  previous_filename: z.string().nullish(),
  status: z.enum(['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged']),
  additions: z.int(),
  deletions: z.int(),
});

export const CommitAnswer = z.object({
  sha: ObjectId,
  parents: z.array(z.object({ sha: ObjectId })),
  commit: z.object({ message: z.string() }),
  author: z.object({ login: z.string().optional() }).nullish(),
});

export const PullNumberAnswer = z.object({ number: z.int().positive() });

/** An entry of a timeline: GitHub has some forty kinds, of which each has other fields. */
export const TimelineAnswer = z.object({
  event: z.string().nullish(),
  created_at: Instant.nullish(),
  actor: z.object({ login: z.string() }).nullish(),
  label: z.object({ name: z.string().nullish() }).nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
  rename: z.object({ from: z.string(), to: z.string() }).nullish(),
  commit_id: z.string().nullish(),
  requested_reviewer: z.object({ login: z.string() }).nullish(),
  requested_team: z.object({ slug: z.string().nullish(), name: z.string() }).nullish(),
  source: z
    .object({
      issue: z
        .object({
          number: z.int(),
          repository_url: z.string().nullish(),
          pull_request: z.looseObject({}).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type TimelineAnswer = z.infer<typeof TimelineAnswer>;

export const RepoFactsAnswer = z.object({
  full_name: RepoSlug,
  default_branch: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
});

export const RulesetAnswer = z.object({
  id: z.int(),
  name: z.string(),
  target: z.enum(['branch', 'tag', 'push', 'repository']).nullish(),
  enforcement: z.enum(['active', 'evaluate', 'disabled']),
});

export const RulesetDetailAnswer = RulesetAnswer.extend({
  conditions: z
    .object({
      ref_name: z
        .object({ include: z.array(z.string()), exclude: z.array(z.string()) })
        .partial()
        .nullish(),
    })
    .nullish(),
  rules: z.array(z.object({ type: z.string() })).nullish(),
});

export type RulesetDetailAnswer = z.infer<typeof RulesetDetailAnswer>;

export const BranchRuleAnswer = z.object({ type: z.string(), ruleset_id: z.int().nullish() });

export const RunAnswer = z.object({
  id: SafeId,
  name: z.string().nullish(),
  path: z.string(),
  head_branch: z.string().nullish(),
  head_sha: ObjectId,
  event: z.string(),
  run_attempt: z.int().nullish(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  run_started_at: Instant.nullish(),
  created_at: Instant,
  html_url: Link,
});
export type RunAnswer = z.infer<typeof RunAnswer>;

export const RunsAnswer = z.object({ workflow_runs: z.array(RunAnswer) });

/** A job of a run, whose number is that of its check run. */
export const RunJobAnswer = z.object({
  id: SafeId,
  name: z.string().min(1),
  head_sha: ObjectId,
  run_attempt: z.int().positive().nullish(),
  status: z.string(),
  conclusion: z.string().nullish(),
  started_at: Instant.nullish(),
  completed_at: Instant.nullish(),
  html_url: z.string().nullish(),
});
export type RunJobAnswer = z.infer<typeof RunJobAnswer>;

export const RunJobsAnswer = z.object({ jobs: z.array(RunJobAnswer) });

/** An annotation of a check run. */
export const NoteAnswer = z.object({ title: z.string().nullish(), message: z.string().nullish() });

/** A file's content, or what lies at its path instead: a list for a folder. */
export const ContentsAnswer = z.union([
  z.object({
    type: z.string(),
    content: z.string().nullish(),
    encoding: z.string().nullish(),
    target: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
  z.array(z.unknown()),
]);

/** A check run that is asked for by itself. */
export const JobAnswer = z.object({
  name: z.string().min(1),
  head_sha: ObjectId,
  status: z.string(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
});

export const HookAnswer = z.object({
  id: z.int(),
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string().nullish() }),
});

/** Of the app's own webhook. */
export const HookConfigAnswer = z.object({ url: z.string().nullish() });

export const AttemptAnswer = z.object({
  id: Id,
  guid: z.string().min(1),
  event: z.string(),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int(),
});

export const PayloadAnswer = z.object({ request: z.object({ payload: z.unknown() }) });

const Budget = z.object({ limit: z.int(), remaining: z.int(), reset: z.int() });
export const BudgetAnswer = z.object({
  resources: z.object({ core: Budget, search: Budget, graphql: Budget.nullish() }),
});

export const AppAnswer = z.object({ slug: z.string().min(1).optional() });
