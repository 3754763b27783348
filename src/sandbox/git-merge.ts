import { gitText, runGit } from './git.ts';
import { type GitCommit, type GitPerson, readCommit, readCommits } from './git-commits.ts';

interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: GitPerson;
  readonly committer: GitPerson;
}

/** Makes a commit object; no ref moves. */
export async function makeCommit(gitDir: string, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return gitText(gitDir, ['commit-tree', commit.tree, ...parents, '-F', '-'], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: commit.committer.date,
    },
  });
}

/** The tree of a true merge, or null when it conflicts or the two have no common history. */
export async function mergeTrees(gitDir: string, ours: string, theirs: string): Promise<string | null> {
  const run = await runGit(gitDir, ['merge-tree', '--write-tree', ours, theirs], { allow: [1, 128] });
  return run.code === 0 ? (run.stdout.toString('utf8').split('\n')[0] ?? null) : null;
}

const nobody: GitPerson = { name: 'sandbox', email: 'sandbox@localhost', date: '2000-01-01T00:00:00Z' };

/**
 * The tree of `onto` with the change of one commit. Git 2.39 takes no merge base for `merge-tree`, so three
 * commits with a made-up common parent carry the three trees.
 */
async function pickTree(gitDir: string, onto: string, commit: GitCommit): Promise<string | null> {
  const parent = commit.parents[0];
  const parentTree = parent === undefined ? await gitText(gitDir, ['mktree'], { input: '' }) : `${parent}^{tree}`;
  const plain = { message: 'pick', author: nobody, committer: nobody };
  const treeOf = (revision: string) => gitText(gitDir, ['rev-parse', '--verify', revision]);
  const base = await makeCommit(gitDir, { ...plain, tree: await treeOf(parentTree), parents: [] });
  const ours = await makeCommit(gitDir, { ...plain, tree: await treeOf(`${onto}^{tree}`), parents: [base] });
  const theirs = await makeCommit(gitDir, { ...plain, tree: commit.tree, parents: [base] });
  return mergeTrees(gitDir, ours, theirs);
}

export interface MergeRequest {
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly base: string;
  readonly head: string;
  readonly message: string;
  readonly author: GitPerson;
  readonly committer: GitPerson;
}

/** The commit that a merge puts on the base, or null on a conflict; no ref moves. */
export async function makeMerge(gitDir: string, request: MergeRequest): Promise<string | null> {
  if (request.method === 'rebase') return rebase(gitDir, request);
  const tree = await mergeTrees(gitDir, request.base, request.head);
  if (tree === null) return null;
  const parents = request.method === 'merge' ? [request.base, request.head] : [request.base];
  return makeCommit(gitDir, { ...request, tree, parents });
}

async function rebase(gitDir: string, request: MergeRequest): Promise<string | null> {
  const commits = await readCommits(gitDir, [
    '--reverse',
    '--topo-order',
    '--no-merges',
    `${request.base}..${request.head}`,
  ]);
  let onto = request.base;
  for (const commit of commits) {
    const tree = await pickTree(gitDir, onto, commit);
    if (tree === null) return null;
    const { tree: before } = await readCommit(gitDir, onto);
    // A change that the base already has leaves nothing to commit.
    if (tree === before) continue;
    onto = await makeCommit(gitDir, {
      tree,
      parents: [onto],
      message: commit.message,
      author: commit.author,
      committer: request.committer,
    });
  }
  return onto;
}
