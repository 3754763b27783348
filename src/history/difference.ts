import type { ObjectId } from '../domain/git-names.ts';
import type { LineCommit, LineHistory } from './types.ts';

/** A commit that one of two candidates has and the other lacks. */
export interface DifferenceCommit {
  readonly id: ObjectId;
  readonly title: string;
  readonly pull: number | null;
  /** What it is on its line; null when it is no commit of the line (it came with the cut, or from main). */
  readonly line: LineCommit | null;
}

/** What changed in one repository from a candidate to another. */
export interface RepoDifference {
  readonly from: ObjectId;
  readonly to: ObjectId;
  readonly added: readonly DifferenceCommit[];
  /** Not empty when the second candidate does not stand on the first: then it lacks something. */
  readonly removed: readonly DifferenceCommit[];
  /** Added commits that take back others of the added ones, with these: together they change nothing. */
  readonly cancelled: readonly ObjectId[];
}

interface Listed {
  readonly id: ObjectId;
  readonly title: string;
  readonly pull: number | null;
}

/** Puts to the commits between two candidates what their line says of them. */
export function differenceOf(
  heads: { readonly from: ObjectId; readonly to: ObjectId },
  commits: { readonly added: readonly Listed[]; readonly removed: readonly Listed[] },
  lines: readonly LineHistory[],
): RepoDifference {
  const known = new Map(lines.flatMap(({ commits: all }) => all.map((commit) => [commit.id, commit] as const)));
  const told = ({ id, title, pull }: Listed): DifferenceCommit => ({ id, title, pull, line: known.get(id) ?? null });
  const added = new Set(commits.added.map(({ id }) => id));
  const cancelled = lines.flatMap(({ chains }) =>
    chains.flatMap(({ onLine }) => {
      const within = onLine.filter(({ commit }) => added.has(commit));
      const cancels = within.length > 1 && within[0]?.effect === 'present' && within.at(-1)?.effect === 'absent';
      return cancels ? within.map(({ commit }) => commit) : [];
    }),
  );
  return {
    ...heads,
    added: commits.added.map(told),
    removed: commits.removed.map(told),
    cancelled: [...new Set(cancelled)],
  };
}
