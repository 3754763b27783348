import type { Instant } from '../../../domain/instant.ts';
import type { MilestoneValidation } from '../../../domain/train/final.ts';
import type { Train } from '../../../domain/train/train.ts';
import { compareVersions, type CandidateVersion } from '../../../domain/version.ts';
import { saidIn } from '../comment-form.ts';
import type { ClosedItem, RepoMilestone } from './read.ts';

/** What the ledger has of an item. */
export type RecordedWord = {
  readonly repo: string;
  readonly number: number;
  readonly by: string;
  readonly at: Instant;
} & (
  | {
      readonly kind: 'validated';
      readonly candidate: CandidateVersion;
      /** Files of the item's repository that are others now; null when it is not known which they were. */
      readonly touched: readonly string[] | null;
      readonly note: string;
    }
  | { readonly kind: 'not-needed'; readonly reason: string }
);

/** What is known of candidates, to tell whether a validation still says something of the one that is to be released. */
export interface CandidateKnowledge {
  readonly candidate: CandidateVersion;
  /** Since when its files are as they are, where it had others before; null where it never had. */
  readonly changedAt: Instant | null;
  /** Whether the files of the repository are the same in that candidate and in this one. */
  readonly isSame: (candidate: CandidateVersion, repo: string) => boolean;
}

/** Where an item stands. `older`: it was validated, on a candidate whose files are not those of now. */
export type ItemStanding =
  | {
      readonly is: 'validated';
      readonly by: string;
      readonly on: CandidateVersion;
      readonly how: 'comment' | 'recorded';
      readonly link: string | null;
    }
  | { readonly is: 'older'; readonly by: string; readonly on: CandidateVersion; readonly link: string | null }
  | { readonly is: 'not-needed'; readonly by: string; readonly reason: string }
  | { readonly is: 'open'; readonly unheard: number };

export interface StandingItem {
  readonly repo: string;
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly link: string;
  readonly standing: ItemStanding;
}

interface Judging {
  readonly train: Train;
  readonly rule: MilestoneValidation;
  readonly recorded: readonly RecordedWord[];
  readonly now: CandidateKnowledge;
}

/** Where every closed item of a milestone stands. */
export function standingItems({ repo, items }: RepoMilestone, judging: Judging): readonly StandingItem[] {
  if (!items.known || items.value === null) return [];
  return items.value.map((closed) => {
    const { number, title, author, link } = closed.item;
    return { repo, number, title, author, link, standing: standingOf(repo, closed, judging) };
  });
}

interface Word {
  readonly by: string;
  readonly on: CandidateVersion;
  readonly how: 'comment' | 'recorded';
  readonly link: string | null;
  readonly holds: boolean;
}

function standingOf(repo: string, closed: ClosedItem, judging: Judging): ItemStanding {
  const { number, author } = closed.item;
  const last = judging.recorded.find((each) => each.repo === repo && each.number === number);
  const heard = commentWords(repo, closed, judging);
  const words = [
    ...heard.filter(({ by }) => isAllowed(by, author, judging)),
    ...(last?.kind === 'validated'
      ? [{ by: last.by, on: last.candidate, how: 'recorded' as const, link: null, holds: last.touched?.length === 0 }]
      : []),
  ];
  const good = words.findLast(({ holds }) => holds);
  if (good !== undefined) return { is: 'validated', by: good.by, on: good.on, how: good.how, link: good.link };
  if (last?.kind === 'not-needed') return { is: 'not-needed', by: last.by, reason: last.reason };
  const old = words.toSorted((one, other) => compareVersions(one.on, other.on)).at(-1);
  if (old !== undefined) return { is: 'older', by: old.by, on: old.on, link: old.link };
  return { is: 'open', unheard: heard.length };
}

function commentWords(repo: string, { comments }: ClosedItem, { rule, now }: Judging): readonly Word[] {
  return comments.flatMap(({ author, body, editedAt, link }) =>
    saidIn(body, rule.comment).map(({ candidate: on }) => ({
      by: author,
      on,
      how: 'comment' as const,
      link,
      holds: holdsNow(on, editedAt, { repo, now }),
    })),
  );
}

/** A comment names a candidate and no files: of this one it counts as long as its files were not changed since; of another one where they are the same. */
function holdsNow(
  on: CandidateVersion,
  at: Instant,
  { repo, now }: { readonly repo: string; readonly now: CandidateKnowledge },
): boolean {
  if (on !== now.candidate) return now.isSame(on, repo);
  return now.changedAt === null || at > now.changedAt;
}

/** Logins of the forge do not differ by case. */
function isAllowed(login: string, author: string, { train, rule }: Judging): boolean {
  const holders = [
    ...rule.people,
    ...rule.roles.flatMap((role) => train.roles[role]),
    ...(rule.author ? [author] : []),
  ];
  return holders.some((holder) => holder.toLowerCase() === login.toLowerCase());
}
