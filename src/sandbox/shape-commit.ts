import type { components } from '@octokit/openapi-types';

import type { FileChange, GitCommit } from './git-commits.ts';
import { shapeUserByEmail } from './shape-user.ts';
import type { RepoState } from './state.ts';
import type { Store } from './store.ts';
import { apiOf, nodeId, type Urls, webOf } from './urls.ts';

type Commit = components['schemas']['commit'];
type DiffEntry = components['schemas']['diff-entry'];

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A commit as lists answer it; a single commit adds `stats` and `files`. */
export function shapeCommit(store: Store, urls: Urls, repo: RepoState, commit: GitCommit): Commit {
  const api = apiOf(urls, repo);
  const web = webOf(urls, repo);
  const gitCommit = `${api}/git/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repo.id}:${commit.sha}`),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${web}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      url: gitCommit,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      verification: unsigned,
    },
    author: shapeUserByEmail(store, urls, commit.author.email),
    committer: shapeUserByEmail(store, urls, commit.committer.email),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  };
}

/** A commit as the git database API answers it. */
export function shapeGitCommit(urls: Urls, repo: RepoState, commit: GitCommit) {
  const api = apiOf(urls, repo);
  const web = webOf(urls, repo);
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repo.id}:${commit.sha}`),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${web}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    verification: unsigned,
  } satisfies components['schemas']['git-commit'];
}

/** One changed file of a commit, a pull request or a comparison. */
export function shapeFile(urls: Urls, repo: RepoState, sha: string, change: FileChange): DiffEntry {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: /^0+$/u.test(change.blob) ? null : change.blob,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${webOf(urls, repo)}/blob/${sha}/${path}`,
    raw_url: `${webOf(urls, repo)}/raw/${sha}/${path}`,
    contents_url: `${apiOf(urls, repo)}/contents/${path}?ref=${sha}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previous === null ? {} : { previous_filename: change.previous }),
  };
}
