import type { components } from '@octokit/openapi-types';

import { associationOf, type Place, shapeLabels, shapeMilestoneOf } from './shape-issue.ts';
import { shapeRepo } from './shape-repo.ts';
import { shapeTeam, shapeUser } from './shape-user.ts';
import type { Issue, Pull, Review } from './state.ts';
import { apiOf, nodeId, webOf } from './urls.ts';

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: Pull };

/** Narrows an issue to a pull request. */
export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}

function shapeSide({ store, urls, repo }: Place, ref: string, sha: string) {
  return {
    label: `${repo.owner}:${ref}`,
    ref,
    sha,
    user: shapeUser(store, urls, repo.owner),
    repo: shapeRepo(store, urls, repo, 'read'),
  };
}

const link = (href: string) => ({ href });

function pullLinks(place: Place, issue: PullIssue) {
  const api = apiOf(place.urls, place.repo);
  const web = `${webOf(place.urls, place.repo)}/pull/${issue.number}`;
  const url = `${api}/pulls/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const statuses = `${api}/statuses/${issue.pull.headSha}`;
  return {
    url,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    _links: {
      self: link(url),
      html: link(web),
      issue: link(issueUrl),
      comments: link(`${issueUrl}/comments`),
      review_comments: link(`${url}/comments`),
      review_comment: link(`${api}/pulls/comments{/number}`),
      commits: link(`${url}/commits`),
      statuses: link(statuses),
    },
  };
}

/** A pull request as lists answer it. `testMerge` is the commit of `refs/pull/N/merge`, null when it conflicts. */
export function shapePullInList(place: Place, issue: PullIssue, testMerge: string | null) {
  const { store, urls, repo } = place;
  const { pull } = issue;
  const assignees = issue.assignees.map((login) => shapeUser(store, urls, login));
  return {
    ...pullLinks(place, issue),
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: shapeUser(store, urls, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha ?? testMerge,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.reviewers.map((login) => shapeUser(store, urls, login)),
    requested_teams: pull.teams.map((slug) => shapeTeam(urls, repo.owner, slug)),
    labels: shapeLabels(place, issue).map((label) => ({ ...label, description: label.description ?? '' })),
    milestone: shapeMilestoneOf(place, issue),
    draft: pull.draft,
    head: shapeSide(place, pull.head, pull.headSha),
    base: shapeSide(place, pull.base, pull.baseSha),
    author_association: associationOf(repo, issue.user),
    auto_merge: null,
    active_lock_reason: null,
  } satisfies components['schemas']['pull-request-simple'];
}

export interface PullMeasures {
  readonly testMerge: string | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A pull request as a single answer: mergeability and sizes with it. */
export function shapePull(place: Place, issue: PullIssue, measures: PullMeasures) {
  const { store, urls, repo } = place;
  const open = issue.state === 'open';
  const merged = issue.pull.mergedAt !== null;
  const clean = measures.testMerge !== null;
  const state = clean ? (issue.pull.draft ? 'draft' : 'clean') : 'dirty';
  return {
    ...shapePullInList(place, issue, measures.testMerge),
    merged,
    mergeable: open ? clean : null,
    rebaseable: open ? clean : null,
    mergeable_state: open ? state : 'unknown',
    merged_by: issue.pull.mergedBy === null ? null : shapeUser(store, urls, issue.pull.mergedBy),
    comments: repo.comments.filter((comment) => comment.issue === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: measures.commits,
    additions: measures.additions,
    deletions: measures.deletions,
    changed_files: measures.changedFiles,
  } satisfies components['schemas']['pull-request'];
}

export function shapeReview(place: Place, review: Review): components['schemas']['pull-request-review'] {
  const { store, urls, repo } = place;
  const pull = `${apiOf(urls, repo)}/pulls/${review.pull}`;
  const html = `${webOf(urls, repo)}/pull/${review.pull}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: shapeUser(store, urls, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(repo, review.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  };
}
