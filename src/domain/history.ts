import type { ObjectId } from './git-names.ts';

/** A commit as it was written: what can be read of it without looking at what it changes. */
export interface CommitText {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  /** Name and address. */
  readonly author: string;
  /** Seconds since 1970, by the clock of who committed: may be wrong, and is never the only proof of an order. */
  readonly committedAt: number;
  /** Subject and body. At most 64 KiB of it. */
  readonly message: string;
}

/** What a commit changes in one file, digested so that two changes can be compared. White space never counts. */
export interface FilePatch {
  /** The name after the change; before it, for a file taken away. */
  readonly path: string;
  /** Equal for changes whose lines and their surroundings are equal, wherever they stand: what `git patch-id` compares. */
  readonly signature: string;
  /** Digests of the lines taken away and of the lines added, each in their order. */
  readonly removed: string;
  readonly added: string;
  /** A short digest for each line of more than punctuation, added ones odd and removed ones even. Sorted. */
  readonly lines: readonly number[];
}

/** What a commit changes against its (first) parent. No files: an empty commit. */
export interface CommitPatch {
  readonly id: ObjectId;
  readonly files: readonly FilePatch[];
}

/** A commit that was found by what it says of itself. */
export interface IndexedCommit {
  readonly id: ObjectId;
  readonly committedAt: number;
  readonly title: string;
  /** Its own pull request's number in its repository, if it says one. */
  readonly pull: number | null;
}

/** What to look for in a repository's history; commits that match any of it are found. */
export interface HistoryQuery {
  /** Beginnings of commit ids, at least 7 digits. */
  readonly ids: readonly string[];
  /** Numbers of pull requests whose own commit is looked for. */
  readonly pulls: readonly number[];
  /** `owner/name#N` of issues that a commit closes. */
  readonly issues: readonly string[];
}
