import { branchRef, type BranchName, type ObjectId } from '../git-names.ts';
import type { Instant } from '../instant.ts';
import type { RepoKey, RepoSlug } from '../repo.ts';
import type { OpenPullRequestStep, PushCommitStep } from './step.ts';

interface CommitAt {
  readonly id: ObjectId;
  readonly committedAt: Instant;
}

/** A commit of ours on a branch of its own, from which a pull request is opened. */
export interface ProposedCommit {
  readonly repo: RepoKey;
  readonly remote: string;
  /** What the pull request goes to. */
  readonly base: BranchName;
  /** The branch of the commit, and where it is; null while it does not exist. A branch is never forced: what it lacks goes on top. */
  readonly head: BranchName;
  readonly headAt: CommitAt | null;
  /** Parent of the commit while the branch does not exist. */
  readonly baseAt: CommitAt;
  readonly files: PushCommitStep['files'];
  readonly message: string;
  readonly author: PushCommitStep['author'];
}

/** Pushes the commit: on top of what the branch has, or of the base. */
export function pushCommitStep({ headAt, baseAt, base, head, ...commit }: ProposedCommit): PushCommitStep {
  const parent = headAt ?? baseAt;
  return {
    kind: 'push-commit',
    key: `push-commit:${commit.repo}:${head}`,
    wave: 0,
    reversible: headAt === null ? 'yes' : 'partly',
    undo: headAt === null ? `delete the branch ${head}` : `none by itself: ${head} existed before`,
    repo: commit.repo,
    remote: commit.remote,
    via: branchRef(headAt === null ? base : head),
    branch: head,
    from: headAt?.id ?? null,
    parent: parent.id,
    files: commit.files,
    message: commit.message,
    author: commit.author,
    // Not the time of planning: the same world has to give the same plan, and the same commit.
    date: parent.committedAt,
  };
}

/** The pull request of a branch that was pushed in the wave before. */
export interface ProposedPull {
  readonly repo: RepoKey;
  readonly slug: RepoSlug;
  readonly head: BranchName;
  readonly base: BranchName;
  readonly title: string;
  readonly body: string;
  readonly draft?: boolean;
  /** Null: none. */
  readonly milestone?: string | null;
}

/** Opens it. */
export function openPullStep({ draft = false, milestone = null, ...pull }: ProposedPull): OpenPullRequestStep {
  return {
    kind: 'open-pull-request',
    key: `open-pull-request:${pull.repo}:${pull.head}`,
    wave: 1,
    reversible: 'yes',
    undo: 'close the pull request',
    repo: pull.repo,
    slug: pull.slug,
    head: pull.head,
    base: pull.base,
    title: pull.title,
    body: pull.body,
    draft,
    ...(milestone === null ? {} : { milestone }),
  };
}
