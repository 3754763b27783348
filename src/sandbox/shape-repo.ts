import type { components } from '@octokit/openapi-types';

import { shapeUser } from './shape-user.ts';
import { type Permission, permits, type RepoState } from './state.ts';
import type { Store } from './store.ts';
import { apiOf, nodeId, type Urls, webOf } from './urls.ts';

type FullRepository = components['schemas']['full-repository'];

export function shapePermissions(permission: Permission) {
  return {
    admin: permits(permission, 'admin'),
    maintain: permits(permission, 'maintain'),
    push: permits(permission, 'write'),
    triage: permits(permission, 'triage'),
    pull: permits(permission, 'read'),
  };
}

function repoUrls(urls: Urls, repo: RepoState) {
  const api = apiOf(urls, repo);
  return {
    url: api,
    archive_url: `${api}/{archive_format}{/ref}`,
    assignees_url: `${api}/assignees{/user}`,
    blobs_url: `${api}/git/blobs{/sha}`,
    branches_url: `${api}/branches{/branch}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    comments_url: `${api}/comments{/number}`,
    commits_url: `${api}/commits{/sha}`,
    compare_url: `${api}/compare/{base}...{head}`,
    contents_url: `${api}/contents/{+path}`,
    contributors_url: `${api}/contributors`,
    deployments_url: `${api}/deployments`,
    downloads_url: `${api}/downloads`,
    events_url: `${api}/events`,
    forks_url: `${api}/forks`,
    git_commits_url: `${api}/git/commits{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    hooks_url: `${api}/hooks`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    issue_events_url: `${api}/issues/events{/number}`,
    issues_url: `${api}/issues{/number}`,
    keys_url: `${api}/keys{/key_id}`,
    labels_url: `${api}/labels{/name}`,
    languages_url: `${api}/languages`,
    merges_url: `${api}/merges`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    pulls_url: `${api}/pulls{/number}`,
    releases_url: `${api}/releases{/id}`,
    stargazers_url: `${api}/stargazers`,
    statuses_url: `${api}/statuses/{sha}`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    tags_url: `${api}/tags`,
    teams_url: `${api}/teams`,
    trees_url: `${api}/git/trees{/sha}`,
  };
}

/** A repository as `GET /repos/{owner}/{repo}` answers it. */
export function shapeRepo(store: Store, urls: Urls, repo: RepoState, permission: Permission) {
  const web = webOf(urls, repo);
  const open = repo.issues.filter((issue) => issue.state === 'open').length;
  return {
    ...repoUrls(urls, repo),
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    owner: shapeUser(store, urls, repo.owner),
    private: repo.private,
    visibility: repo.private ? 'private' : 'public',
    html_url: web,
    description: repo.description,
    fork: false,
    clone_url: `${web}.git`,
    git_url: `${web}.git`,
    ssh_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: repo.defaultBranch,
    open_issues_count: open,
    open_issues: open,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: repo.createdAt,
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    permissions: shapePermissions(permission),
    allow_rebase_merge: true,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
    license: null,
  } satisfies FullRepository;
}
