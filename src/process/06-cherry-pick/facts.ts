import type { BranchName, ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Observed } from '../../domain/observation.ts';
import type { CandidateVersion } from '../../domain/version.ts';
import type { PickAnswer } from '../../ports/git.ts';
import type { ProtectedHunk } from './protect.ts';
import type { PickTarget } from './target.ts';
import type { PhaseEnds } from './window.ts';

/** What a number names in a repository. */
export type ChangeFacts =
  | { readonly is: 'missing' }
  | { readonly is: 'issue'; readonly title: string }
  | {
      readonly is: 'pull';
      readonly title: string;
      readonly author: string;
      readonly state: 'open' | 'merged' | 'closed';
      readonly base: string;
      readonly mergedAt: Instant | null;
      readonly link: string;
    };

/** What is known of a merged change by the correspondence of commits (src/history): net effects, each with its proof. */
export interface ChangeHistory {
  /** The commits of the change on the default branch, oldest first: several for a stack or a merge by rebase. */
  readonly landed: readonly ObjectId[];
  /** The commits of the line that are this change, oldest first, and how that is proven; null when the line has it not, or not any more. */
  readonly onLine: { readonly commits: readonly ObjectId[]; readonly proof: string } | null;
  /** The commit on the default branch that took it back, when it was not landed again. */
  readonly revertedOnMain: { readonly by: ObjectId; readonly at: Instant } | null;
  /** The commit on the line that took it back there. */
  readonly revertedOnLine: ObjectId | null;
}

/** The release branch and what there is of this pick already. */
export interface LineFacts {
  /** Null before the cut. */
  readonly head: ObjectId | null;
  /** The branch that the pick is pushed to. */
  readonly branch: BranchName;
  /** Its head; null when there is none. */
  readonly pickHead: ObjectId | null;
  /** That branch holds this very pick, made earlier on this commit of the line. */
  readonly madeOn: ObjectId | null;
  /** The newest pull request from that branch to the release branch. */
  readonly pull: PickPull | null;
}

export interface PickPull {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  readonly head: ObjectId;
  readonly link: string;
}

/** What `--fixes` points to, as far as it can be looked at. */
export type FixesFacts =
  | { readonly is: 'issue'; readonly labels: readonly string[]; readonly link: string }
  | { readonly is: 'missing' }
  /** A run of CI; `candidate` is the candidate of this line that it ran on, null for any other commit. */
  | { readonly is: 'run'; readonly candidate: CandidateVersion | null; readonly failed: boolean }
  /** A link to elsewhere: taken at its word. */
  | { readonly is: 'other' };

export type Permission = 'none' | 'read' | 'write' | 'admin';

/** What one pick rests on. What was not read because something before it forbids the pick is null. */
export interface PickFacts {
  readonly target: PickTarget;
  readonly change: Observed<ChangeFacts>;
  readonly permission: Observed<Permission>;
  readonly line: Observed<LineFacts>;
  readonly history: Observed<ChangeHistory> | null;
  readonly fixes: Observed<FixesFacts> | null;
  /** What picking (or, for a change that main took back, reverting) comes to, on the commit `madeOn` or else the head of the line. */
  readonly picked: Observed<PickAnswer> | null;
  readonly undone: readonly ProtectedHunk[];
  readonly ends: PhaseEnds;
  /** Title of the release's milestone in this repository; its value is null where the repository has none. Null while it was not read. */
  readonly milestone: Observed<string | null> | null;
}
