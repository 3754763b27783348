import type { ObjectId } from '../domain/git-names.ts';
import type { CommitClass, LineCommit, LineHistory, Proof } from './types.ts';

/** Main against a branch: the branch must be picks and release-only changes; what is neither is listed. */
export interface Audit {
  /** Commits that are changes of main: exact, modified, multi, partial, and reverts that main has too. */
  readonly picks: readonly LineCommit[];
  /** Changes for the branch alone, by what their authors say or by what they change, the cut among them. */
  readonly releaseOnly: readonly LineCommit[];
  /** Reverts of the branch's own commits or of what came with the cut, merges, empty commits, and what the parent branch has. */
  readonly accounted: readonly LineCommit[];
  /** Fixes that are only on the branch and are not said to be for it alone: owed to main, or to be marked. */
  readonly forwardPortsOwed: readonly LineCommit[];
  /** Changes that are from another line, and not on main. */
  readonly crossRelease: readonly LineCommit[];
  /** Could be several commits of main; people must look. */
  readonly unexplained: readonly LineCommit[];
  readonly counts: Readonly<Partial<Record<CommitClass, number>>>;
}

/** Sorts a line's commits by what main owes them and they owe main. `pins`: those whose content shows that they are for the branch alone. */
export function auditOf(history: LineHistory, pins: ReadonlyMap<ObjectId, Proof> = new Map()): Audit {
  const commits = history.commits.map((commit) => withPin(commit, pins.get(commit.id)));
  const counts: Partial<Record<CommitClass, number>> = {};
  for (const commit of commits) counts[commit.class] = (counts[commit.class] ?? 0) + 1;
  const takenBack = takenBackOnLine(history);
  const of = (...classes: readonly CommitClass[]) => commits.filter((commit) => classes.includes(commit.class));
  const onlyHere = of('release-only');
  const isMarked = (commit: LineCommit) => commit.confidence === 'strong' || takenBack.has(commit.id);
  return {
    picks: of('exact', 'modified', 'multi', 'partial', 'forward-ported'),
    releaseOnly: [...of('cut'), ...onlyHere.filter(isMarked)],
    accounted: of('empty', 'inherited', 'merge', 'revert-of-own', 'revert-of-mains'),
    forwardPortsOwed: onlyHere.filter((commit) => !isMarked(commit)),
    crossRelease: of('cross-release'),
    unexplained: of('ambiguous'),
    counts,
  };
}

function withPin(commit: LineCommit, pin: Proof | undefined): LineCommit {
  return pin === undefined ? commit : { ...commit, confidence: 'strong', why: [pin, ...commit.why] };
}

/** Commits of the line that the line itself took back: they owe nothing. */
function takenBackOnLine(history: LineHistory): ReadonlySet<string> {
  const taken = history.chains.filter(({ onLine }) => onLine.at(-1)?.effect === 'absent');
  return new Set(taken.flatMap(({ onLine }) => onLine.map(({ commit }) => commit)));
}
