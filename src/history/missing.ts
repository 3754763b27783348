import type { IndexedCommit } from '../domain/history.ts';
import type { ObjectId } from '../domain/git-names.ts';
import { isOnLine, isOnMain, lastEffect, standingsOf, type Standing } from './standing.ts';
import type { Chain, LineHistory, Proof } from './types.ts';

/** An item of a milestone that should be on the line: a pull request, or an issue that commits close. */
export interface WantedItem {
  readonly number: number;
  readonly title: string;
  readonly isPullRequest: boolean;
  readonly link: string;
}

/** A commit of main for a wanted item, and where it stands on the line. */
export interface WantedCommit {
  readonly commit: ObjectId;
  readonly title: string;
  readonly pull: number | null;
  readonly standing: Standing;
}

/**
 * A wanted item and whether the line has it. `on-line`: all its commits that count are there. `unsure`: people must look.
 * `no-commit`: main has no commit that says it is this or closes it. `not-wanted`: main itself took it back. `nothing-due`: it has none, and by the forge's
 * word none was to come.
 */
export interface WantedVerdict<Item extends WantedItem = WantedItem> {
  readonly item: Item;
  readonly verdict: 'on-line' | 'missing' | 'partial' | 'unsure' | 'no-commit' | 'not-wanted' | 'nothing-due';
  readonly commits: readonly WantedCommit[];
}

/** What is known of wanted items beside the line's history. */
export interface WantedFacts<Item extends WantedItem> {
  readonly items: readonly Item[];
  /** The commits of main that are the item's, by what they say (PICK-14 to 16), or by what the forge says closed it. */
  readonly commitsOf: (item: Item) => readonly IndexedCommit[];
  /** Whether the forge says that nothing was to land: closed as not planned, or without being merged. */
  readonly isNothingDue: (item: Item) => boolean;
}

/** Judges the items of a milestone on a line. */
export function judgeWanted<Item extends WantedItem>(
  history: LineHistory,
  { items, commitsOf, isNothingDue }: WantedFacts<Item>,
): readonly WantedVerdict<Item>[] {
  const standings = standingsOf(history);
  return items.map((item) => {
    const commits = commitsOf(item).map(({ id, title, pull }) => ({
      commit: id,
      title,
      pull,
      standing: standings.of(id),
    }));
    const verdict = verdictOf(commits.map(({ standing }) => standing));
    return { item, verdict: verdict === 'no-commit' && isNothingDue(item) ? 'nothing-due' : verdict, commits };
  });
}

function verdictOf(standings: readonly Standing[]): Exclude<WantedVerdict['verdict'], 'nothing-due'> {
  if (standings.length === 0) return 'no-commit';
  const counting = standings.filter(({ kind }) => kind !== 'reverted-on-main');
  if (counting.length === 0) return 'not-wanted';
  const kinds = new Set(counting.map(({ kind }) => kind));
  const isThere = kinds.has('inherited') || kinds.has('on-line');
  if (kinds.has('missing') || kinds.has('taken-back')) return isThere ? 'partial' : 'missing';
  if (kinds.has('unsure')) return 'unsure';
  return counting.some((standing) => standing.kind === 'on-line' && standing.partial) ? 'partial' : 'on-line';
}

/** A change that main took back and the line still has: with the revert, and the proof that the line has it. */
export interface MissingRevert {
  readonly title: string;
  readonly pull: number | null;
  /** The commit of main that took it back last. */
  readonly revert: ObjectId;
  /** When, in seconds since 1970. */
  readonly revertedAt: number;
  /** The commits of the line that brought it; none when it came with the cut. */
  readonly carriedBy: readonly ObjectId[];
  readonly proof: readonly Proof[];
  /** `probable` when only a title connects the revert with what it takes back: people look before they act. */
  readonly confidence: Chain['confidence'];
}

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** The reverts on main that are missing on the line: by the net of change, revert, reland on each side (REV-08 to REV-11). */
export function missingReverts(history: LineHistory): readonly MissingRevert[] {
  return history.chains
    .filter((chain) => chain.onMain.length > 0 && !isOnMain(chain) && isOnLine(chain))
    .flatMap((chain) => {
      const revert = lastEffect(chain.onMain);
      if (revert === null) return [];
      const carriedBy = chain.onLine.filter(({ effect }) => effect === 'present').map(({ commit }) => commit);
      const carriers = history.commits.filter(({ id }) => carriedBy.includes(id));
      const proof: readonly Proof[] =
        carriers.length > 0
          ? carriers.flatMap(({ why }) => why)
          : [{ kind: 'order', text: 'it was on main when the line was cut, and nothing on the line takes it back' }];
      const { title, pull, confidence } = chain;
      const committedAt = history.mainCommits.find(({ id }) => id === revert.commit)?.committedAt ?? 0;
      // A commit may say anything of its time.
      const revertedAt = Math.min(Math.max(committedAt, 0), LAST_SECOND);
      return [{ title, pull, revert: revert.commit, revertedAt, carriedBy, proof, confidence }];
    });
}
