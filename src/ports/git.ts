import type { GeneratedFiles } from '../domain/generated-files.ts';
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

/** A commit of another repository in a tree. */
export interface GitLink {
  readonly path: string;
  readonly commit: ObjectId;
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

/** Commits to carry over onto another commit, or to take back there. The same draft gives the same result, as far as the commands of `generated` do. */
export interface PickDraft {
  readonly onto: ObjectId;
  /** In the order in which they are applied; to revert, newest first. */
  readonly commits: readonly ObjectId[];
  readonly does: 'pick' | 'revert';
  /** Who commits; the author stays who it was (of a revert it is the committer). */
  readonly committer: Signature;
  /** `mark`: a conflict is written into the files with git's markers, instead of ending the pick. */
  readonly conflicts: 'stop' | 'mark';
  /**
   * Where a commit conflicts in nothing but these files, they are made again: their command is run in a throw-away folder with the merged files,
   * without secrets. Left out: nothing is ever run.
   */
  readonly generated?: readonly GeneratedFiles[];
}

/** A commit that touched what a pick conflicts in: on the picked commit's branch, and not in the history of `onto`. */
export interface PickPrerequisite {
  readonly commit: ObjectId;
  readonly subject: string;
  /** `lines`: last touched the very lines; `file`: made, renamed or changed the file. */
  readonly touched: 'lines' | 'file';
}

/** One file that cannot be merged, as it is named on `onto` (or on the picked side, where `onto` has no such file). */
export interface PickConflict {
  readonly path: string;
  /** What git calls it: `CONFLICT (contents)`, `CONFLICT (modify/delete)`, `CONFLICT (binary)`. */
  readonly kind: string;
  /** Lines of the file at `onto`, first and last, from 1; `last` is `first - 1` where nothing stands there. Empty for what has no lines. */
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
}

/** Generated files that were made again for one commit, by which command. */
export interface Regenerated {
  readonly of: ObjectId;
  readonly rule: GeneratedFiles;
  readonly paths: readonly string[];
}

/** Why files were not made again: the command did not end well, touched what is not its own, or did not make what it is there for. */
export type RegenerationFailure =
  | 'not-started'
  | 'failed'
  | 'time'
  | 'output'
  | 'other-files'
  | 'not-made'
  | 'not-a-file';

/** What a pick comes to. Nothing is pushed, no ref of the remote is known to have changed. */
export type PickAnswer =
  | {
      readonly picked: true;
      /** The last commit made, and its tree. */
      readonly commit: ObjectId;
      readonly tree: ObjectId;
      /** Each commit made, in order; those that came to nothing are left out and listed in `empty`. */
      readonly made: readonly { readonly of: ObjectId; readonly commit: ObjectId }[];
      readonly empty: readonly ObjectId[];
      /** Files that differ between `onto` and the result, both names of a renamed one. */
      readonly files: readonly string[];
      /** Set where `conflicts` was `mark` and there were some. */
      readonly conflicts: readonly PickConflict[];
      readonly regenerated: readonly Regenerated[];
    }
  /** `detail`: what the command said last, or the paths that are wrong. */
  | {
      readonly picked: false;
      readonly because: 'regeneration';
      readonly commit: ObjectId;
      readonly command: readonly string[];
      readonly paths: readonly string[];
      readonly why: RegenerationFailure;
      readonly detail: string;
    }
  | {
      readonly picked: false;
      readonly because: 'conflict';
      readonly commit: ObjectId;
      readonly conflicts: readonly PickConflict[];
      readonly prerequisites: readonly PickPrerequisite[];
    }
  /** `in-history`: `onto` has the commit itself. `empty`: its change is there already, or it has none. */
  | {
      readonly picked: false;
      readonly because: 'in-history' | 'empty' | 'merge-commit' | 'first-commit';
      readonly commit: ObjectId;
    }
  | {
      readonly picked: false;
      readonly because: 'symbolic-link';
      readonly commit: ObjectId;
      readonly paths: readonly string[];
    };

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
  /** Submodules of a fetched commit: where another repository is pinned, and at which of its commits. */
  submodules(at: RemoteRepo, commit: ObjectId): Promise<readonly GitLink[]>;
  /** One fetched commit. */
  commit(at: RemoteRepo, id: ObjectId): Promise<GitCommit>;
  /** Commits reachable from `to` and not from `from`, newest first, at most `limit`; `count` tells how many there are in all. */
  log(
    at: RemoteRepo,
    range: { readonly from: ObjectId | null; readonly to: ObjectId; readonly limit: number },
  ): Promise<{ readonly commits: readonly GitCommit[]; readonly count: number }>;
  /** Whether the first commit is the second or one of its ancestors; both must have been fetched. */
  isAncestor(at: RemoteRepo, ancestor: ObjectId, descendant: ObjectId): Promise<boolean>;
  /** Writes a commit into the mirror. Throws `GitError` when a file's `before` is not what the parent has. */
  writeCommit(at: RemoteRepo, draft: CommitDraft): Promise<ObjectId>;
  /** Carries commits over onto another one, in the mirror: no working tree, nothing of them is run. All of them must have been fetched. */
  pickCommits(at: RemoteRepo, draft: PickDraft): Promise<PickAnswer>;
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
