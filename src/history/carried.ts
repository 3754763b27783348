import type { ObjectId } from '../domain/git-names.ts';
import { auditOf } from './audit.ts';
import { isOnMain, standingsOf, type Standing, type Standings } from './standing.ts';
import type { LineCommit, LineHistory, Proof } from './types.ts';

/** A change of a line that a later line has not, or of which that is not sure. */
export interface NotCarried {
  /** The commit of the earlier line. */
  readonly commit: ObjectId;
  readonly title: string;
  readonly pull: number | null;
  /** `missing`: not on the later line. `not-on-main`: it came to the earlier line alone, so no later line gets it. `unsure`: people must look. */
  readonly is: 'missing' | 'not-on-main' | 'unsure';
  readonly why: string;
}

/** What became of an earlier line's changes on a later one. */
export interface Carried {
  /** Changes that the later line has, by its cut or by a commit of its own. */
  readonly carried: number;
  /** Changes that main took back itself: no later line is to have them. */
  readonly dropped: number;
  readonly not: readonly NotCarried[];
}

/**
 * Whether everything that an earlier line got after its cut is on a later line. `later` is null before its cut: then what main has comes with it. `pins`: commits
 * of the earlier line that are for it alone, by what they change.
 */
export function carriedOf(
  earlier: LineHistory,
  later: LineHistory | null,
  pins: ReadonlyMap<ObjectId, Proof> = new Map(),
): Carried {
  const audit = auditOf(earlier, pins);
  const standings = later === null ? null : standingsOf(later);
  const fromElsewhere = new Set(
    (later?.commits ?? [])
      .filter((commit) => commit.class === 'cross-release')
      .flatMap(({ counterparts }) => counterparts.map(({ commit }) => commit)),
  );
  const undone = new Set(
    earlier.chains
      .filter(({ onLine }) => onLine.at(-1)?.effect === 'absent')
      .flatMap(({ onLine }) => onLine.map(({ commit }) => commit)),
  );
  const living = (commits: readonly LineCommit[]) => commits.filter(({ id }) => !undone.has(id));
  const picks = living(audit.picks).map((commit) => ({ commit, is: pickIs(commit, earlier, standings) }));
  const alone = living([...audit.forwardPortsOwed, ...audit.crossRelease]).map((commit) => ({
    commit,
    is: fromElsewhere.has(commit.id)
      ? ({ is: 'carried' } as const)
      : ({ is: 'not-on-main', why: 'nothing on main is like it' } as const),
  }));
  const unclear = living(audit.unexplained).map((commit) => ({
    commit,
    is: { is: 'unsure', why: 'it could be several commits of main' } as const,
  }));
  const all = [...picks, ...alone, ...unclear];
  return {
    carried: all.filter(({ is }) => is.is === 'carried').length,
    dropped: all.filter(({ is }) => is.is === 'dropped').length,
    not: all.flatMap(({ commit: { id, title, pull }, is }) =>
      'why' in is ? [{ commit: id, title, pull, is: is.is, why: is.why }] : [],
    ),
  };
}

type Fate =
  | { readonly is: 'carried' | 'dropped' }
  | { readonly is: 'missing' | 'not-on-main' | 'unsure'; readonly why: string };

/** A pick of several changes of main is carried when all of them are. */
function pickIs({ counterparts }: LineCommit, earlier: LineHistory, standings: Standings | null): Fate {
  const fates = counterparts.map(({ commit }): Fate => {
    const chain = earlier.chains.find(
      ({ root, onMain }) => root === commit || onMain.some((effect) => effect.commit === commit),
    );
    // What main took back, no later line is to have; whether one still has it is asked by `reverts-settled`.
    if (chain !== undefined && chain.onMain.length > 0 && !isOnMain(chain)) return { is: 'dropped' };
    return standings === null ? { is: 'carried' } : fateOf(standings.of(commit));
  });
  const worst = (['missing', 'unsure', 'carried'] as const).flatMap((is) => fates.filter((fate) => fate.is === is));
  return worst[0] ?? fates[0] ?? { is: 'unsure', why: 'what it is on main is not known' };
}

function fateOf(standing: Standing): Fate {
  switch (standing.kind) {
    case 'inherited':
      return { is: 'carried' };
    case 'on-line':
      return standing.partial ? { is: 'unsure', why: 'only a part of it is there' } : { is: 'carried' };
    case 'reverted-on-main':
      return { is: 'dropped' };
    case 'taken-back':
      return { is: 'missing', why: `it was there, and ${standing.by.slice(0, 9)} took it back` };
    case 'unsure':
      return { is: 'unsure', why: `it may be ${standing.by.map((id) => id.slice(0, 9)).join(' or ')}` };
    case 'missing':
      return { is: 'missing', why: 'it came to main after the cut and was not picked' };
  }
}
