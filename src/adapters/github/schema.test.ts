import type { components } from '@octokit/openapi-types';
import { expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type {
  CheckRunsAnswer,
  CombinedStatusAnswer,
  IssueAnswer,
  LabelAnswer,
  MilestoneAnswer,
  PullAnswer,
  RepoAnswer,
  SearchAnswer,
  Viewer,
  WorkflowRunsAnswer,
} from './schema.ts';

import type {
  AppAnswer,
  AttemptAnswer,
  BranchRuleAnswer,
  BudgetAnswer,
  CommentAnswer,
  CommitAnswer,
  FileAnswer,
  HookAnswer,
  JobAnswer,
  PayloadAnswer,
  PullNumberAnswer,
  RepoFactsAnswer,
  RequestedAnswer,
  ReviewAnswer,
  RulesetAnswer,
  RunsAnswer,
  TimelineAnswer,
} from './schema-work.ts';

type Documented = components['schemas'];
type WithoutState<Answer> = Omit<Answer, 'state'>;
type Issue = WithoutState<z.input<typeof IssueAnswer>>;
type Pull = WithoutState<z.input<typeof PullAnswer>>;
type Search = WithoutState<z.input<typeof SearchAnswer>['items'][number]>;

// Judged by the compiler: each answer that GitHub documents is one that the schema takes, so that the two cannot drift apart.
// `state` and `permission` are documented as any text and taken as the few words that GitHub says they are.
it('takes every answer as GitHub documents it', () => {
  expectTypeOf<Documented['simple-user']>().toExtend<z.input<typeof Viewer>>();
  expectTypeOf<Documented['full-repository']>().toExtend<z.input<typeof RepoAnswer>>();
  expectTypeOf<Documented['milestone']>().toExtend<z.input<typeof MilestoneAnswer>>();
  expectTypeOf<WithoutState<Documented['issue']>>().toExtend<Issue>();
  expectTypeOf<Documented['label']>().toExtend<z.input<typeof LabelAnswer>>();
  expectTypeOf<WithoutState<Documented['pull-request-simple']>>().toExtend<Pull>();
  expectTypeOf<WithoutState<Documented['pull-request']>>().toExtend<Pull>();
  expectTypeOf<Documented['combined-commit-status']>().toExtend<z.input<typeof CombinedStatusAnswer>>();
  expectTypeOf<{ total_count: number; check_runs: Documented['check-run'][] }>().toExtend<
    z.input<typeof CheckRunsAnswer>
  >();
  expectTypeOf<{ workflow_runs: Documented['workflow-run'][] }>().toExtend<z.input<typeof WorkflowRunsAnswer>>();
  expectTypeOf<WithoutState<Documented['issue-search-result-item']>>().toExtend<Search>();
});

it('takes every answer about comments, reviews, changes, repositories and webhooks as GitHub documents it', () => {
  expectTypeOf<Documented['issue-comment']>().toExtend<z.input<typeof CommentAnswer>>();
  expectTypeOf<Documented['pull-request-review']>().toExtend<z.input<typeof ReviewAnswer>>();
  expectTypeOf<Documented['pull-request-review-request']>().toExtend<z.input<typeof RequestedAnswer>>();
  expectTypeOf<Documented['diff-entry']>().toExtend<z.input<typeof FileAnswer>>();
  expectTypeOf<Documented['commit']>().toExtend<z.input<typeof CommitAnswer>>();
  expectTypeOf<Documented['pull-request-simple']>().toExtend<z.input<typeof PullNumberAnswer>>();
  expectTypeOf<Documented['full-repository']>().toExtend<z.input<typeof RepoFactsAnswer>>();
  expectTypeOf<Documented['repository-ruleset']>().toExtend<z.input<typeof RulesetAnswer>>();
  expectTypeOf<Documented['repository-rule-detailed']>().toExtend<z.input<typeof BranchRuleAnswer>>();
  expectTypeOf<{ workflow_runs: Documented['workflow-run'][] }>().toExtend<z.input<typeof RunsAnswer>>();
  expectTypeOf<Documented['check-run']>().toExtend<z.input<typeof JobAnswer>>();
  expectTypeOf<Documented['hook']>().toExtend<z.input<typeof HookAnswer>>();
  expectTypeOf<Documented['hook-delivery-item']>().toExtend<z.input<typeof AttemptAnswer>>();
  expectTypeOf<Documented['hook-delivery']>().toExtend<z.input<typeof PayloadAnswer>>();
  expectTypeOf<Documented['rate-limit-overview']>().toExtend<z.input<typeof BudgetAnswer>>();
  expectTypeOf<Documented['timeline-issue-events']>().toExtend<z.input<typeof TimelineAnswer>>();
  expectTypeOf<NonNullable<Documented['integration']>>().toExtend<z.input<typeof AppAnswer>>();
});
