import type { ObjectId } from '../domain/git-names.ts';
import type { Chain, Counterpart, Effect, LineCommit, LineHistory } from './types.ts';

/** Whether a line has a change of main, and by what. */
export type Standing =
  /** It was there when the line was cut. */
  | { readonly kind: 'inherited' }
  /** A commit of the line is it. `partial`: only some of it. */
  | {
      readonly kind: 'on-line';
      readonly by: LineCommit;
      readonly counterpart: Counterpart;
      readonly partial: boolean;
    }
  /** It was there and was taken back on the line. */
  | { readonly kind: 'taken-back'; readonly by: ObjectId }
  /** Main itself has not got it any more, and the line has not either. */
  | { readonly kind: 'reverted-on-main'; readonly by: ObjectId }
  /** A commit of the line may be it; people must look. */
  | { readonly kind: 'unsure'; readonly by: readonly ObjectId[] }
  | { readonly kind: 'missing' };

/** Where changes of main stand on one line; made once, asked often. */
export interface Standings {
  readonly of: (commit: ObjectId) => Standing;
}

/** The last thing that happened to a change on a side; null when nothing did. */
export function lastEffect(effects: readonly Effect[]): Effect | null {
  return effects.at(-1) ?? null;
}

/** Whether the line has a change, after everything that happened to it there. */
export function isOnLine(chain: Chain): boolean {
  return (lastEffect(chain.onLine)?.effect ?? (chain.inherited ? 'present' : 'absent')) === 'present';
}

/** Whether main has it, after everything that happened to it there. */
export function isOnMain(chain: Chain): boolean {
  return (lastEffect(chain.onMain)?.effect ?? (chain.inherited ? 'present' : 'absent')) === 'present';
}

/** Reads a line's history for questions about single changes. A commit that only main has not is on the line by the cut. */
export function standingsOf(history: LineHistory): Standings {
  const onlyMain = new Set<string>(history.mainCommits.map(({ id }) => id));
  const chains = new Map<string, Chain>();
  for (const chain of history.chains) for (const { commit } of chain.onMain) chains.set(commit, chain);
  for (const chain of history.chains) if (chain.inherited) chains.set(chain.root, chain);
  const carriers = new Map<string, { by: LineCommit; counterpart: Counterpart }>();
  const doubtful = new Map<string, ObjectId[]>();
  const byId = new Map(history.commits.map((commit) => [commit.id, commit]));
  for (const commit of history.commits) {
    for (const id of commit.candidates) doubtful.set(id, [...(doubtful.get(id) ?? []), commit.id]);
    if (commit.class === 'cross-release') continue;
    for (const counterpart of commit.counterparts) {
      if (!carriers.has(counterpart.commit)) carriers.set(counterpart.commit, { by: commit, counterpart });
    }
  }
  return { of: (id) => standingOf(id, { onlyMain, chains, carriers, doubtful, byId }) };
}

interface Known {
  readonly onlyMain: ReadonlySet<string>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly carriers: ReadonlyMap<string, { readonly by: LineCommit; readonly counterpart: Counterpart }>;
  readonly doubtful: ReadonlyMap<string, readonly ObjectId[]>;
  readonly byId: ReadonlyMap<string, LineCommit>;
}

function standingOf(id: ObjectId, known: Known): Standing {
  const chain = known.chains.get(id);
  const last = chain === undefined ? null : lastEffect(chain.onLine);
  if (last !== null && last.effect === 'absent') return { kind: 'taken-back', by: last.commit };
  // A change that landed twice on main is on the line by any of its landings.
  const landings = [
    id,
    ...(chain?.onMain ?? []).filter(({ effect }) => effect === 'present').map(({ commit }) => commit),
  ];
  for (const landing of landings) {
    const carrier = known.carriers.get(landing);
    if (carrier !== undefined) return { kind: 'on-line', ...carrier, partial: carrier.by.class === 'partial' };
  }
  if (!known.onlyMain.has(id) || chain?.inherited === true) return { kind: 'inherited' };
  const onMain = chain === undefined ? null : lastEffect(chain.onMain);
  if (onMain !== null && onMain.effect === 'absent') return { kind: 'reverted-on-main', by: onMain.commit };
  const doubtful = known.doubtful.get(id);
  return doubtful === undefined ? { kind: 'missing' } : { kind: 'unsure', by: doubtful };
}

/** A line as one of its candidates has it; null when the commit is neither of the line nor what the line was cut from. */
export function historyAt(history: LineHistory, commit: ObjectId): LineHistory | null {
  const byId = new Map(history.commits.map((each) => [each.id, each]));
  const reached = new Set<string>();
  const next: ObjectId[] = [commit];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const found = byId.get(id);
    if (reached.has(id) || found === undefined) continue;
    reached.add(id);
    next.push(...found.parents);
  }
  const isCutPoint = history.commits.some(({ parents }) => parents.includes(commit));
  if (reached.size === 0 && !isCutPoint && history.head !== commit) return null;
  const commits = history.commits.filter(({ id }) => reached.has(id));
  const chains = history.chains.map((chain) => ({
    ...chain,
    onLine: chain.onLine.filter(({ commit: id }) => reached.has(id)),
  }));
  return { ...history, head: commit, commits, chains };
}
