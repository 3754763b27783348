import type { Instant } from '../../../domain/instant.ts';
import type { ValidationIssue, ValidationItem } from '../../../domain/train/final.ts';
import type { Train } from '../../../domain/train/train.ts';
import { compareVersions, type CandidateVersion } from '../../../domain/version.ts';
import type { ForgeComment } from '../../../ports/forge.ts';
import { saidIn } from '../comment-form.ts';

/** What is known of candidates, to tell whether a word about one still says something of the one that is to be released. */
export interface CandidateStanding {
  readonly candidate: CandidateVersion;
  /** Since when its files are as they are, where it had others before; null where it never had. */
  readonly changedAt: Instant | null;
  /** Whether all files of that candidate are the files of this one. */
  readonly isSame: (candidate: CandidateVersion) => boolean;
}

/** Where an item of the validation issue stands: done by whom and where it is said; done on an older candidate; or not. */
export interface StandingValidation {
  readonly item: ValidationItem;
  readonly section: string;
  readonly done: { readonly by: string; readonly on: CandidateVersion; readonly link: string } | null;
  readonly older: { readonly by: string; readonly on: CandidateVersion } | null;
}

interface Word {
  readonly by: string;
  readonly on: CandidateVersion;
  readonly link: string;
  readonly holds: boolean;
}

/** Where every item stands, by what people say under the issue. A box that somebody ticked by hand has no name and says nothing. */
export function standingValidations(
  rule: ValidationIssue,
  comments: readonly Pick<ForgeComment, 'author' | 'body' | 'editedAt' | 'link'>[],
  { train, now }: { readonly train: Pick<Train, 'roles'>; readonly now: CandidateStanding },
): readonly StandingValidation[] {
  const said = comments.flatMap(({ author: by, body, editedAt, link }) =>
    saidIn(body, rule.comment).map(({ item, candidate: on }) => ({
      item,
      by,
      on,
      link,
      holds: holds(on, editedAt, now),
    })),
  );
  return rule.sections.flatMap(({ title: section, items }) =>
    items.map((item) => {
      const words: readonly Word[] = said.filter((each) => each.item === item.id && isAllowed(each.by, item, train));
      const good = words.findLast((word) => word.holds);
      const old = words.toSorted((one, other) => compareVersions(one.on, other.on)).at(-1);
      const done = good === undefined ? null : { by: good.by, on: good.on, link: good.link };
      return { item, section, done, older: done !== null || old === undefined ? null : { by: old.by, on: old.on } };
    }),
  );
}

function holds(on: CandidateVersion, at: Instant, now: CandidateStanding): boolean {
  if (on !== now.candidate) return now.isSame(on);
  return now.changedAt === null || at > now.changedAt;
}

/** Logins of the forge do not differ by case. */
function isAllowed(login: string, { people, roles }: ValidationItem, train: Pick<Train, 'roles'>): boolean {
  const holders = [...people, ...roles.flatMap((role) => train.roles[role])];
  return holders.some((holder) => holder.toLowerCase() === login.toLowerCase());
}
