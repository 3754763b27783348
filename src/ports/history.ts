import type { CommitPatch, CommitText, HistoryQuery, IndexedCommit } from '../domain/history.ts';
import type { ObjectId } from '../domain/git-names.ts';
import type { RemoteRepo } from './git.ts';

/** Two heads: what one has and the other lacks is looked at. */
export interface TwoHeads {
  readonly main: ObjectId;
  readonly line: ObjectId;
}

/** A commit that only one of two heads has. */
export interface SidedCommit {
  readonly side: 'main' | 'line';
  readonly commit: CommitText;
}

/** A commit and the files it touches; none for a merge. */
export interface TouchingCommit {
  readonly id: ObjectId;
  readonly paths: readonly string[];
}

/**
 * The history of fetched commits, read as a stream: what commits say and change, compared by the rules of src/history. Everything kept
 * between calls may be deleted at any time; the same answers come. Failures throw `GitError`.
 */
export interface History {
  /** The commits that only one of the heads has, newest first, by one walk of git; as many at a time as came together. */
  sides(at: RemoteRepo, heads: TwoHeads): AsyncIterable<readonly SidedCommit[]>;
  /** The files touched by the commits that only main has, newest first. May run beside `sides`. */
  touched(at: RemoteRepo, heads: TwoHeads): AsyncIterable<readonly TouchingCommit[]>;
  /** The commits that any of `tips` has and none of `not`, newest first. */
  range(
    at: RemoteRepo,
    range: { readonly tips: readonly ObjectId[]; readonly not: readonly ObjectId[] },
  ): AsyncIterable<CommitText>;
  /** What the commits change. Those that were asked for before are not read again. */
  patches(at: RemoteRepo, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, CommitPatch>>;
  /** Of the files, those that main has not under their names but under others: the new name to the old one. */
  renamed(at: RemoteRepo, heads: TwoHeads, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The commits of pull requests as they were pushed, before the squash, that none of `not` has; those that the remote keeps. */
  pullCommits(
    at: RemoteRepo,
    pulls: readonly number[],
    not: readonly ObjectId[],
  ): Promise<ReadonlyMap<number, readonly CommitText[]>>;
  /** Which of the (abbreviated) ids name a commit that `head` is or comes after: what was asked for to the full id. */
  reachable(at: RemoteRepo, ids: readonly string[], head: ObjectId): Promise<ReadonlyMap<string, ObjectId>>;
  /** Looks through the whole history of a head by what commits say of themselves, newest first. `slug`: `owner/name` of the repository. */
  find(
    at: RemoteRepo,
    where: { readonly head: ObjectId; readonly slug: string | null },
    query: HistoryQuery,
  ): Promise<readonly IndexedCommit[]>;
  /** A text kept under a key, or null. Never the only place of anything. */
  readonly memory: {
    recall(at: RemoteRepo, key: string): Promise<string | null>;
    remember(at: RemoteRepo, key: string, text: string): Promise<void>;
  };
}
