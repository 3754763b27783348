import type { components } from '@octokit/openapi-types';

import { shapeUser } from './shape-user.ts';
import {
  type Comment,
  type Issue,
  type Label,
  type Milestone,
  permissionOf,
  permits,
  type Reaction,
  type RepoState,
} from './state.ts';
import type { Store } from './store.ts';
import { apiOf, nodeId, type Urls, webOf } from './urls.ts';

/** Where a thing is shaped: the world, its addresses, and the repository it belongs to. */
export interface Place {
  readonly store: Store;
  readonly urls: Urls;
  readonly repo: RepoState;
}

export function shapeLabel({ urls, repo }: Place, label: Label): components['schemas']['label'] {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${apiOf(urls, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels of an issue in the order they were put on. */
export function shapeLabels(place: Place, issue: Issue): components['schemas']['label'][] {
  return issue.labels.flatMap((name) => {
    const label = place.repo.labels.find((candidate) => candidate.name === name);
    return label === undefined ? [] : [shapeLabel(place, label)];
  });
}

export function shapeMilestone(place: Place, milestone: Milestone): components['schemas']['milestone'] {
  const { store, urls, repo } = place;
  const url = `${apiOf(urls, repo)}/milestones/${milestone.number}`;
  const inIt = repo.issues.filter((issue) => issue.milestone === milestone.number);
  return {
    url,
    html_url: `${webOf(urls, repo)}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId('MI', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: shapeUser(store, urls, milestone.creator),
    open_issues: inIt.filter((issue) => issue.state === 'open').length,
    closed_issues: inIt.filter((issue) => issue.state === 'closed').length,
    state: milestone.state,
    created_at: milestone.createdAt,
    updated_at: milestone.updatedAt,
    due_on: milestone.dueOn,
    closed_at: milestone.closedAt,
  };
}

/** The milestone an issue is in, shaped, or null. */
export function shapeMilestoneOf(place: Place, issue: Issue): components['schemas']['milestone'] | null {
  const milestone = place.repo.milestones.find((candidate) => candidate.number === issue.milestone);
  return milestone === undefined ? null : shapeMilestone(place, milestone);
}

export function associationOf(repo: RepoState, login: string): 'MEMBER' | 'COLLABORATOR' | 'NONE' {
  const permission = permissionOf(repo, login);
  if (permits(permission, 'write')) return 'MEMBER';
  return permits(permission, 'triage') ? 'COLLABORATOR' : 'NONE';
}

function noReactions(url: string) {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}

export function shapeComment({ store, urls, repo }: Place, comment: Comment): components['schemas']['issue-comment'] {
  const api = apiOf(urls, repo);
  const url = `${api}/issues/comments/${comment.id}`;
  const isPull = repo.issues.find((issue) => issue.number === comment.issue)?.pull !== null;
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: `${webOf(urls, repo)}/${isPull ? 'pull' : 'issues'}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.issue}`,
    user: shapeUser(store, urls, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repo, comment.user),
    body: comment.body,
    reactions: noReactions(url),
    performed_via_github_app: null,
  };
}

export function shapeReaction({ store, urls }: Place, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: shapeUser(store, urls, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** An issue; a pull request seen as an issue has the key `pull_request`. */
export function shapeIssue(place: Place, issue: Issue): components['schemas']['issue'] {
  const { store, urls, repo } = place;
  const api = apiOf(urls, repo);
  const web = webOf(urls, repo);
  const url = `${api}/issues/${issue.number}`;
  const assignees = issue.assignees.map((login) => shapeUser(store, urls, login));
  const pull = `pull/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId(issue.pull === null ? 'I' : 'PR', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${web}/${issue.pull === null ? `issues/${issue.number}` : pull}`,
    number: issue.number,
    title: issue.title,
    user: shapeUser(store, urls, issue.user),
    labels: shapeLabels(place, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: shapeMilestoneOf(place, issue),
    comments: repo.comments.filter((comment) => comment.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : shapeUser(store, urls, issue.closedBy),
    author_association: associationOf(repo, issue.user),
    body: issue.body,
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    ...(issue.pull === null
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: `${web}/${pull}`,
            diff_url: `${web}/${pull}.diff`,
            patch_url: `${web}/${pull}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }),
  };
}
