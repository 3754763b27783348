import type { ObjectId, RefName } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { FileChange, RefUpdate, Signature } from '../domain/plan/step.ts';

/** A repository as git needs it: a name for the private mirror, and where it lies. */
export interface RemoteRepo {
  readonly repo: string;
  readonly remote: string;
}

export interface GitFile {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  readonly blob: ObjectId;
  /** Null when the file is not valid UTF-8 text or over the limit of 4 MiB: such a file is never edited. */
  readonly text: string | null;
}

export interface GitCommit {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: string;
  readonly committedAt: Instant;
  readonly subject: string;
}

/** A commit to write: the changes on top of its parent. The same draft always gives the same id. */
export interface CommitDraft {
  readonly parent: ObjectId;
  readonly files: readonly FileChange[];
  readonly message: string;
  readonly author: Signature;
  readonly date: Instant;
}

export interface TagDraft {
  readonly tag: string;
  readonly commit: ObjectId;
  readonly message: string;
  readonly tagger: Signature;
  readonly date: Instant;
  readonly sign: boolean;
}

/** A ref of a remote; for an annotated tag `peeled` is the commit it names. */
export interface RemoteRef {
  readonly ref: RefName;
  readonly id: ObjectId;
  readonly peeled: ObjectId | null;
}

export type PushAnswer =
  | { readonly pushed: true }
  /** Nothing was changed at the remote: the push is atomic. */
  | { readonly pushed: false; readonly rejected: readonly { readonly ref: RefName; readonly reason: string }[] };

/**
 * Git, over a private bare mirror per repository. The user's own clones and working trees are never touched; everything but `push` changes
 * only the mirror, which may be deleted at any time. Failures of git or the remote throw `GitError`.
 */
export interface Git {
  /** The remote's refs whose names match one of the patterns (as `git ls-remote` takes them: full names, * at the end). Reads nothing else. */
  remoteRefs(at: RemoteRepo, patterns: readonly string[]): Promise<readonly RemoteRef[]>;
  /** Brings the named refs' commits with their history into the mirror. */
  fetch(at: RemoteRepo, refs: readonly RefName[]): Promise<void>;
  /** Files of a fetched commit whose paths match a pattern (* within a name, ** over folders). */
  files(at: RemoteRepo, commit: ObjectId, patterns: readonly string[]): Promise<readonly GitFile[]>;
  /** Commits reachable from `to` and not from `from`, newest first, at most `limit`; `count` tells how many there are in all. */
  log(
    at: RemoteRepo,
    range: { readonly from: ObjectId | null; readonly to: ObjectId; readonly limit: number },
  ): Promise<{ readonly commits: readonly GitCommit[]; readonly count: number }>;
  /** Whether the first commit is the second or one of its ancestors; both must have been fetched. */
  isAncestor(at: RemoteRepo, ancestor: ObjectId, descendant: ObjectId): Promise<boolean>;
  /** Writes a commit into the mirror. Throws `GitError` when a file's `before` is not what the parent has. */
  writeCommit(at: RemoteRepo, draft: CommitDraft): Promise<ObjectId>;
  /** Writes an annotated tag object into the mirror. */
  writeTag(at: RemoteRepo, draft: TagDraft): Promise<ObjectId>;
  /** One atomic push. Each update is refused unless the remote's ref is at `from`. Objects must be in the mirror. */
  push(at: RemoteRepo, updates: readonly RefUpdate[]): Promise<PushAnswer>;
}

/** Git, or the remote behind it, failed: the command, its exit code or signal, and what it said, secrets removed. */
export class GitError extends Error {
  readonly code: 'gone' | 'denied' | 'unreachable' | 'timeout' | 'object-missing' | 'conflict' | 'failed';
  constructor(code: GitError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitError';
    this.code = code;
  }
}
