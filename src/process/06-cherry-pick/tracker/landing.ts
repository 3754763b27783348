import { pickName } from '../../../domain/pick.ts';
import type { RepoSlug } from '../../../domain/repo.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ForgeComment } from '../../../ports/forge.ts';
import type { StandingPick } from '../state.ts';
import { nominationComment, readNomination } from './comment.ts';

/** A comment of the tracker about one landing: written once, found again by its marker. */
export interface LandingComment {
  readonly marker: string;
  readonly text: string;
  readonly does: 'pick' | 'revert';
  /** Address of the pull request or the commit that landed it. */
  readonly link: string;
  /** Number of the pull request that landed it; null for a commit that came by no pull request of ours. */
  readonly pull: number | null;
  /** Who may have written it by hand already. */
  readonly people: readonly string[];
}

/** An earlier comment that gets the block which says that its pick was taken back. */
export interface LandingAmendment {
  readonly comment: number;
  readonly text: string;
}

/** What a repository's landings are told with: where its pull requests and commits are. */
export interface LandingWords {
  readonly train: Train;
  readonly slug: RepoSlug;
  readonly web: string;
}

/**
 * The three-block comments that the landings of a pick ask for: one for each pull request that was merged into the line, and one for the commit where
 * it came there, or was taken back, by none of ours. A revert names what it takes back.
 */
export function landingComments(pick: StandingPick, words: LandingWords): readonly LandingComment[] {
  const { seen } = pick;
  const merged = seen.landings.map((landing) => commentOf(pick, words, landing));
  const isPicked = seen.landings.some(({ does }) => does === 'pick');
  const isReverted = seen.landings.some(({ does }) => does === 'revert');
  const address = (commit: string): string => `${words.web}/${words.slug}/commit/${commit}`;
  const byHand = [
    ...(seen.landedBy === null || isPicked
      ? []
      : [commentOf(pick, words, { does: 'pick', number: null, link: address(seen.landedBy) })]),
    ...(seen.takenBack === null || isReverted
      ? []
      : [commentOf(pick, words, { does: 'revert', number: null, link: address(seen.takenBack) })]),
  ];
  return [...merged, ...byHand];
}

interface Landed {
  readonly does: 'pick' | 'revert';
  readonly number: number | null;
  readonly link: string;
}

function commentOf(
  { record, seen }: StandingPick,
  { train, slug, web }: LandingWords,
  { does, number, link }: Landed,
): LandingComment {
  const change = `${web}/${slug}/pull/${record.pick.pr}`;
  const marker = `${landingMarker(pickName(record.pick), does)} ${number === null ? link.slice(-40) : `#${number}`}`;
  const text = nominationComment({
    trunk: change,
    reverts: does === 'revert',
    pull: link,
    classTitle: does === 'revert' ? 'Revert' : (train.picks.classes[record.class]?.title ?? record.class),
    fixes: does === 'revert' ? null : record.fixes,
  });
  return {
    marker,
    text: `<!-- ${marker} -->\n${text}`,
    does,
    link,
    pull: number,
    people: [seen.author, record.askedBy],
  };
}

function landingMarker(pick: string, does: 'pick' | 'revert'): string {
  return `signalbox:landed ${pick} ${does}`;
}

/**
 * Which of the comments are still to be written. One with the marker by the bot or a release manager is there; so is one that somebody of the pick, or a
 * release manager, wrote by hand in the three-block form with the same pull request. What an outsider copies counts for nothing.
 */
export function missingLandings(
  wanted: readonly LandingComment[],
  there: readonly ForgeComment[],
  trusted: readonly string[],
): readonly LandingComment[] {
  return wanted.filter(({ marker, pull, people }) => {
    const isMarked = there.some(({ author, body }) => trusted.includes(author) && body.includes(`<!-- ${marker} -->`));
    if (isMarked || pull === null) return !isMarked;
    return !there.some(
      ({ author, body }) =>
        (trusted.includes(author) || people.includes(author)) &&
        readNomination(body)?.release.some(({ number }) => number === pull) === true,
    );
  });
}

/** The bot's comments about a pick that was taken back since: each gets the block that people add by hand, once. */
export function amendedLandings(
  pick: StandingPick,
  there: readonly ForgeComment[],
  { wanted, me }: { readonly wanted: readonly LandingComment[]; readonly me: string },
): readonly LandingAmendment[] {
  const by = wanted.findLast(({ does }) => does === 'revert');
  if (pick.seen.takenBack === null || by === undefined) return [];
  const marker = `<!-- ${landingMarker(pickName(pick.record.pick), 'pick')} `;
  return there.flatMap(({ id, author, body }) =>
    author === me && body.includes(marker) && !body.includes(by.link)
      ? [{ comment: id, text: `${body.trimEnd()}\n\nReverted by:\n* ${by.link}\n` }]
      : [],
  );
}
