import type { ObjectId } from '../domain/git-names.ts';

/**
 * How sure a correspondence is. `exact`: the same change, by its content. `strong`: a text that names the commit, and a content that bears
 * it out. `probable`: one of them alone, but a good one. `ambiguous`: there are several it could be, and none is claimed.
 */
export type Confidence = 'exact' | 'strong' | 'probable' | 'ambiguous';

/** One thing that speaks for a correspondence. */
export interface Proof {
  readonly kind:
    | 'trailer'
    | 'number'
    | 'mention'
    | 'title'
    | 'patch-id'
    | 'same-lines'
    | 'similar-lines'
    | 'contains'
    | 'contained'
    | 'head-ref'
    | 'union'
    | 'inverse'
    | 'pin'
    | 'order';
  /** A sentence for people: what was seen. */
  readonly text: string;
}

/** A commit on the other side that is the same change, or a part of it. */
export interface Counterpart {
  readonly commit: ObjectId;
  readonly title: string;
  readonly pull: number | null;
  readonly confidence: Exclude<Confidence, 'ambiguous'>;
  readonly proofs: readonly Proof[];
  /** Which way the change went: from main to the line, or first to the line and from there to main. */
  readonly way: 'to-line' | 'to-main';
}

/**
 * What a commit of a line is. `exact`, `modified` (edited on its way), `multi` (several changes in one) and `partial` (some of a change):
 * picks from main. `empty`: changes nothing. `cut`: begins the branch. `release-only`: meant for the branch, or nothing like it is on main.
 * `inherited`: the branch it was cut from has it. `forward-ported`: came to main afterwards. `cross-release`: from another line.
 * `revert-of-own`: takes back a commit of this line; `revert-of-mains`: takes back what came with the cut. `merge`: a merge of others.
 * `ambiguous`: it could be several, and none is claimed.
 */
export type CommitClass =
  | 'exact'
  | 'modified'
  | 'multi'
  | 'partial'
  | 'empty'
  | 'release-only'
  | 'cut'
  | 'inherited'
  | 'forward-ported'
  | 'cross-release'
  | 'revert-of-own'
  | 'revert-of-mains'
  | 'merge'
  | 'ambiguous';

/** One commit of a line with what is known of it. */
export interface LineCommit {
  readonly id: ObjectId;
  readonly title: string;
  readonly pull: number | null;
  readonly committedAt: number;
  readonly parents: readonly ObjectId[];
  readonly class: CommitClass;
  /** How sure the class is; for picks, of the least sure counterpart. */
  readonly confidence: Confidence;
  readonly counterparts: readonly Counterpart[];
  /** Why it has this class, in sentences; never empty. */
  readonly why: readonly Proof[];
  /** Claims that were not believed, and other things people should know. */
  readonly notes: readonly string[];
  /** Commits it could be the same as, when it is ambiguous. */
  readonly candidates: readonly ObjectId[];
}

/** One thing that happened to a change on a side: it came, was taken away, came again. */
export interface Effect {
  readonly commit: ObjectId;
  readonly effect: 'present' | 'absent';
}

/** A change with what happened to it on both sides since they parted. `root` is its first commit, or the title of one from before. */
export interface Chain {
  readonly root: string;
  readonly title: string;
  readonly pull: number | null;
  readonly onMain: readonly Effect[];
  readonly onLine: readonly Effect[];
  /** The sides had it when they parted. */
  readonly inherited: boolean;
  readonly confidence: Exclude<Confidence, 'ambiguous'>;
}

/** What a commit only main has says of itself. */
export interface MainCommit {
  /** Its full id; thousands of them are read back, so they are not checked one by one. */
  readonly id: string;
  readonly title: string;
  readonly pull: number | null;
  readonly committedAt: number;
}

/** A line against main since they parted: the whole of what the reports are made from. */
export interface LineHistory {
  readonly main: ObjectId;
  readonly head: ObjectId;
  /** Newest first. */
  readonly commits: readonly LineCommit[];
  readonly mainCommits: readonly MainCommit[];
  /** Changes that more happened to than that they came to main. */
  readonly chains: readonly Chain[];
}
