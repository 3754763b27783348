import type { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';

/** An issue or a pull request. */
export interface ForgeItem {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isPullRequest: boolean;
  readonly open: boolean;
  /** Of a closed issue how it was closed; left out for pull requests, and where the forge does not say. */
  readonly closedAs?: 'completed' | 'not-planned';
  readonly author: string;
  readonly assignees: readonly string[];
  readonly labels: readonly string[];
  /** Title of its milestone. */
  readonly milestone: string | null;
  readonly openedAt: Instant;
  readonly updatedAt: Instant;
  readonly link: string;
}

export interface IssueDraft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly milestone: string | null;
  readonly assignees: readonly string[];
}

export interface ForgeIssues {
  /** Issues whose body contains `<!-- MARKER -->`, whoever wrote them, oldest first. The caller judges the authors. */
  findByMarker(repo: RepoSlug, marker: string): Promise<readonly ForgeItem[]>;
  create(repo: RepoSlug, draft: IssueDraft): Promise<ForgeItem>;
  get(repo: RepoSlug, number: number): Promise<ForgeItem | null>;
  close(repo: RepoSlug, number: number): Promise<void>;
}

export interface Milestone {
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  readonly openItems: number;
  readonly closedItems: number;
  readonly link: string;
}

export interface ForgeMilestones {
  /** The milestone with exactly this title, open or closed; null when there is none. */
  find(repo: RepoSlug, title: string): Promise<Milestone | null>;
  /** Issues and pull requests of a milestone, in the given state, oldest first. */
  items(repo: RepoSlug, milestone: number, state: 'open' | 'closed' | 'all'): Promise<readonly ForgeItem[]>;
  /** Twice with one title is one milestone. */
  create(repo: RepoSlug, draft: { readonly title: string; readonly description: string }): Promise<Milestone>;
  close(repo: RepoSlug, number: number): Promise<void>;
}

export interface ForgeLabels {
  find(repo: RepoSlug, name: string): Promise<{ readonly name: string } | null>;
  create(
    repo: RepoSlug,
    draft: { readonly name: string; readonly color: string; readonly description: string },
  ): Promise<void>;
  /** Puts labels on an issue or pull request. */
  add(repo: RepoSlug, item: number, labels: readonly string[]): Promise<void>;
  /** Taking away what is not on it changes nothing. */
  remove(repo: RepoSlug, item: number, label: string): Promise<void>;
}

/** A comment under an issue or a pull request. */
export interface ForgeComment {
  readonly id: number;
  /** Number of the issue or pull request it stands under. */
  readonly item: number;
  readonly author: string;
  readonly body: string;
  readonly writtenAt: Instant;
  /** Later than `writtenAt` once it was edited. */
  readonly editedAt: Instant;
  readonly link: string;
}

export type Reaction = '+1' | '-1' | 'confused' | 'eyes' | 'rocket';

export interface ForgeComments {
  /** Comments of an issue or pull request, oldest first. */
  list(repo: RepoSlug, item: number): Promise<readonly ForgeComment[]>;
  /** Comments anywhere in the repository that were written or edited at this moment or later, oldest edit first. */
  since(repo: RepoSlug, moment: Instant): Promise<readonly ForgeComment[]>;
  get(repo: RepoSlug, comment: number): Promise<ForgeComment | null>;
  /** Writes a comment. Not idempotent: whoever must not write twice puts a marker into the body and looks first. */
  write(repo: RepoSlug, item: number, body: string): Promise<ForgeComment>;
  edit(repo: RepoSlug, comment: number, body: string): Promise<ForgeComment>;
  /** Twice is once. */
  react(repo: RepoSlug, comment: number, reaction: Reaction): Promise<void>;
}

/** Something that happened to an issue or pull request. Kinds that nobody here asks about are left out. */
export type ItemEvent = { readonly at: Instant; readonly by: string } & (
  | { readonly kind: 'labeled' | 'unlabeled'; readonly label: string }
  | { readonly kind: 'milestoned' | 'demilestoned'; readonly milestone: string }
  | { readonly kind: 'closed' | 'merged'; readonly commit: ObjectId | null }
  | { readonly kind: 'reopened' | 'ready-for-review' | 'converted-to-draft' | 'head-deleted' | 'force-pushed' }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'review-requested'; readonly of: string }
  | { readonly kind: 'mentioned-in'; readonly repo: string; readonly item: number; readonly isPullRequest: boolean }
  /** A commit, here or in another repository, named the item in its message. */
  | { readonly kind: 'named-by-commit'; readonly commit: ObjectId }
);

/** What is asked about, and changed on, issues and pull requests alike. */
export interface ForgeItems {
  /** Issues and pull requests that carry a label, open ones or all, oldest first. None for a label that is not there. */
  labelled(repo: RepoSlug, label: string, state: 'open' | 'all'): Promise<readonly ForgeItem[]>;
  /** What happened to it, oldest first. */
  timeline(repo: RepoSlug, item: number): Promise<readonly ItemEvent[]>;
  /** By title; null takes it out of its milestone. Throws `not-found` for a milestone that is not there. */
  setMilestone(repo: RepoSlug, item: number, milestone: string | null): Promise<void>;
  edit(repo: RepoSlug, item: number, change: { readonly title?: string; readonly body?: string }): Promise<void>;
  reopen(repo: RepoSlug, item: number): Promise<void>;
}

export interface PullReview {
  readonly id: number;
  readonly author: string;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  readonly body: string;
  /** The head that was reviewed; null when it is gone. */
  readonly commit: ObjectId | null;
  readonly at: Instant;
  readonly link: string;
}

export interface ForgeReviews {
  /** Submitted reviews, oldest first; a reviewer's newest one that is not a mere comment is what counts. */
  list(repo: RepoSlug, pull: number): Promise<readonly PullReview[]>;
  /** Who is asked and has not answered. Teams as `org/team`. */
  requested(
    repo: RepoSlug,
    pull: number,
  ): Promise<{ readonly people: readonly string[]; readonly teams: readonly string[] }>;
  request(
    repo: RepoSlug,
    pull: number,
    of: { readonly people: readonly string[]; readonly teams: readonly string[] },
  ): Promise<void>;
  /** Reviews the given head; refused (`invalid`) for one's own pull request. */
  approve(repo: RepoSlug, pull: number, review: { readonly commit: ObjectId; readonly body: string }): Promise<void>;
}

/** A file that a pull request changes. */
export interface PullFile {
  readonly path: string;
  /** The name before, when it was renamed. */
  readonly before: string | null;
  readonly change: 'added' | 'modified' | 'removed' | 'renamed' | 'copied' | 'changed' | 'unchanged';
  readonly added: number;
  readonly removed: number;
}

export interface PullCommit {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  /** The whole message. */
  readonly message: string;
  /** Login of its author; null when the forge knows no account of that address. */
  readonly author: string | null;
}

/** What pull requests are made of. */
export interface ForgeChanges {
  /** At most 3000 files, which is where GitHub ends its list. */
  files(repo: RepoSlug, pull: number): Promise<readonly PullFile[]>;
  /** Oldest first; at most 250, which is where GitHub ends its list. */
  commits(repo: RepoSlug, pull: number): Promise<readonly PullCommit[]>;
  /** Numbers of the pull requests that brought a commit in, or have it among theirs; lowest first. Empty for a direct push. */
  pullsOf(repo: RepoSlug, commit: ObjectId): Promise<readonly number[]>;
}
