import type { ObjectId } from '../domain/git-names.ts';
import { changeOf, inverseOf } from './compare-patches.ts';
import type { Reverted, RevertTarget } from './reverted.ts';
import { commitById, type Patches, type ReadCommit, type Side } from './side.ts';
import type { Chain, Counterpart, Effect, Proof } from './types.ts';

/** What a revert or reland is about, found. `inherited`: it is from before the sides parted. */
export type Undone =
  | { readonly kind: 'commit'; readonly commit: ReadCommit; readonly proof: Proof }
  | { readonly kind: 'inherited'; readonly root: string; readonly sure: boolean; readonly proof: Proof };

/** What the chains are made from. */
export interface ChainInput {
  readonly main: Side;
  readonly line: Side;
  readonly patches: Patches;
  /** Commits of main that a commit of the line is; those it is ambiguous about are not there. */
  readonly matches: ReadonlyMap<ObjectId, readonly Pick<Counterpart, 'commit' | 'confidence' | 'way'>[]>;
  /** Ids, and numbers as `#N`, named by texts, of commits that both sides have: to the full id. */
  readonly shared: ReadonlyMap<string, ObjectId>;
}

interface Link {
  readonly root: string;
  readonly effect: Effect['effect'];
}

interface Draft {
  readonly root: string;
  readonly title: string;
  readonly pull: number | null;
  readonly inherited: boolean;
  sure: boolean;
  readonly onMain: Effect[];
  readonly onLine: Effect[];
}

/** Follows every change through its reverts and relands on both sides (REV-08, REV-09). Chains to which nothing happened are left out. */
export function chainsOf(input: ChainInput): readonly Chain[] {
  const chains = new Map<string, Draft>();
  const before = new Map<string, string>();
  const onMain = followSide({ input, name: 'main', chains, onMain: new Map(), ofLine: new Map(), before });
  const ofLine = new Map<string, ReadCommit>();
  for (const [id, matches] of input.matches) {
    const commit = input.line.byId.get(id);
    if (commit !== undefined) for (const match of matches) ofLine.set(match.commit, commit);
  }
  followSide({ input, name: 'line', chains, onMain, ofLine, before });
  return [...chains.values()]
    .filter(isWorthTelling)
    .map(({ sure, ...chain }) => ({ ...chain, confidence: sure ? 'strong' : 'probable' }));
}

function isWorthTelling({ onMain, onLine, inherited }: Draft): boolean {
  return inherited || onMain.length > 1 || (onLine.length > 0 && onMain.length > 0) || onLine.length > 1;
}

interface Following {
  readonly input: ChainInput;
  readonly name: 'main' | 'line';
  readonly chains: Map<string, Draft>;
  readonly onMain: ReadonlyMap<string, Link>;
  readonly ofLine: ReadonlyMap<string, ReadCommit>;
  /** What is known by name of changes from before the cut: one revert names a commit, the next reland only its title. */
  readonly before: Map<string, string>;
}

interface NewLink extends Link {
  readonly sure: boolean;
  readonly inherited: boolean;
}

function followSide(following: Following): ReadonlyMap<string, Link> {
  const { input, name, chains } = following;
  const links = new Map<string, Link>();
  const newestByTitle = new Map<string, string>();
  for (const commit of input[name].commits.toReversed()) {
    for (const { root, effect, sure, inherited } of linksOf(commit, following, links, newestByTitle)) {
      const chain = chains.get(root) ?? fresh(root, commit, inherited);
      chains.set(root, chain);
      chain.sure &&= sure;
      chain[name === 'main' ? 'onMain' : 'onLine'].push({ commit: commit.id, effect });
      links.set(commit.id, { root, effect });
      if (effect === 'present') newestByTitle.set(commit.facts.title.key, root);
    }
  }
  return links;
}

/** What a commit does to which changes. */
function linksOf(
  commit: ReadCommit,
  { input, name, chains, onMain, ofLine, before: known }: Following,
  links: ReadonlyMap<string, Link>,
  newestByTitle: ReadonlyMap<string, string>,
): readonly NewLink[] {
  const matches = name === 'line' ? (input.matches.get(commit.id) ?? []) : [];
  const { key } = commit.facts.title;
  const again = chains.get(newestByTitle.get(key) ?? known.get(`title:${key}`) ?? '');
  // The same title once more, after it had been taken away: landed again.
  const isBack = again !== undefined && lastOf(name === 'main' ? again.onMain : again.onLine) === 'absent';
  const carried = matches.flatMap(({ commit: id, confidence }) => {
    const link = onMain.get(id);
    return link === undefined ? [] : [{ ...link, sure: confidence !== 'probable', inherited: false }];
  });
  // A change of the line's own that came to main later stays the line's own.
  const isOwnBack = isBack && matches.every(({ way }) => way === 'to-main');
  if (carried.length > 0 && !isOwnBack) return carried;
  const patch = input.patches.get(commit.id);
  // An empty commit brings nothing and takes nothing away, whatever it says.
  if (patch !== undefined && patch.files.length === 0) return [];
  const way = commit.facts.reverts?.way;
  const undone = undoneBy(commit, { side: input[name], input, ofLine });
  if (undone?.kind === 'inherited') {
    const root = rootBefore(commit, undone.root, known);
    return [{ root, effect: way === 'reland' ? 'present' : 'absent', sure: undone.sure, inherited: true }];
  }
  const before = undone?.kind === 'commit' ? (links.get(undone.commit.id) ?? onMain.get(undone.commit.id)) : undefined;
  if (before !== undefined) {
    const effect = way === 'reland' || before.effect === 'absent' ? 'present' : 'absent';
    return [{ root: before.root, effect, sure: true, inherited: false }];
  }
  if (way === 'revert') return [];
  return [{ root: isBack ? again.root : commit.id, effect: 'present', sure: true, inherited: false }];
}

/** One root for all the names by which commits call a change from before the cut. */
function rootBefore({ facts }: ReadCommit, root: string, known: Map<string, string>): string {
  const names = (facts.reverts?.targets ?? []).flatMap((target) => {
    if (target.kind === 'title') return [`title:${target.key}`];
    return target.kind === 'pull' ? [`pull:${target.number}`] : [];
  });
  const found = [root, ...names].map((name) => known.get(name)).find((each) => each !== undefined) ?? root;
  for (const name of [root, ...names]) known.set(name, found);
  return found;
}

function fresh(root: string, commit: ReadCommit, inherited: boolean): Draft {
  const { title, pull, reverts } = commit.facts;
  const named = reverts?.targets.find((target) => target.kind === 'pull');
  const key = reverts?.targets.find((target) => target.kind === 'title')?.key;
  // The words between the quotes of a revert are the title as it was written; the key is without its capitals.
  const text = inherited ? (/"(.+)"/.exec(title.text)?.[1] ?? key ?? title.text) : title.text;
  return {
    root,
    title: text,
    pull: inherited ? (named?.number ?? null) : pull,
    inherited,
    sure: true,
    onMain: [],
    onLine: [],
  };
}

function lastOf(effects: readonly Effect[]): Effect['effect'] | null {
  return effects.at(-1)?.effect ?? null;
}

/** Where to look for what a revert is about. */
export interface UndoneInput {
  readonly side: Side;
  readonly input: Pick<ChainInput, 'main' | 'patches' | 'shared'>;
  /** Commits of main to the commit of the line that carries them; empty on main itself. */
  readonly ofLine: ReadonlyMap<string, ReadCommit>;
}

/** What a revert or reland of a side is about; null when it cannot be told. */
export function undoneBy(commit: ReadCommit, where: UndoneInput): Undone | null {
  const { reverts } = commit.facts;
  if (reverts === null) return null;
  for (const target of reverts.targets) {
    const found = findTarget(target, commit, where);
    if (found !== null) return found;
  }
  return byInverse(commit, reverts, where) ?? byTitleBefore(reverts);
}

function findTarget(target: RevertTarget, commit: ReadCommit, { side, input, ofLine }: UndoneInput): Undone | null {
  const isBefore = (found: ReadCommit): boolean => found.order > commit.order;
  switch (target.kind) {
    case 'commit': {
      const text = `it says that it reverts ${target.id.slice(0, 9)}`;
      const own = commitById(side, target.id);
      if (own !== null && isBefore(own)) return here(own, text);
      const ofMain = commitById(input.main, target.id);
      const carried = ofMain === null ? undefined : ofLine.get(ofMain.id);
      if (carried !== undefined) return here(carried, `${text}, which is here as ${carried.id.slice(0, 9)}`);
      return fromBefore(input.shared.get(target.id), text);
    }
    case 'pull': {
      const own = side.byPull.get(target.number)?.find(isBefore);
      if (own !== undefined) return here(own, `it says that it reverts #${target.number}`);
      const carried = (input.main.byPull.get(target.number) ?? [])
        .map(({ id }) => ofLine.get(id))
        .find((found) => found !== undefined && isBefore(found));
      if (carried !== undefined)
        return here(carried, `it says that it reverts #${target.number}, which is here as ${carried.id.slice(0, 9)}`);
      return fromBefore(input.shared.get(`#${target.number}`), `it says that it reverts #${target.number}`);
    }
    case 'diff':
      return here(side.byDiff.get(target.diff)?.find(isBefore), `it backs out ${target.diff}`);
    case 'title':
      return here(side.byTitle.get(target.key)?.find(isBefore), 'it reverts the commit of this title');
  }
}

function fromBefore(root: ObjectId | undefined, text: string): Undone | null {
  if (root === undefined) return null;
  return { kind: 'inherited', root, sure: true, proof: { kind: 'number', text: `${text}, from before the cut` } };
}

function here(found: ReadCommit | undefined | null, text: string): Undone | null {
  if (found === undefined || found === null) return null;
  return { kind: 'commit', commit: found, proof: { kind: 'number', text } };
}

/** A revert that does not say of what: the newest commit before it whose change is the opposite. */
function byInverse(commit: ReadCommit, reverts: Reverted, { side, input }: UndoneInput): Undone | null {
  const patch = input.patches.get(commit.id);
  if (patch === undefined || patch.files.length === 0 || reverts.way === 'reland') return null;
  const inverse = inverseOf(patch);
  for (const other of side.commits.slice(commit.order + 1)) {
    const before = input.patches.get(other.id);
    if (before === undefined || before.files.length === 0 || changeOf(before) !== inverse) continue;
    return {
      kind: 'commit',
      commit: other,
      proof: { kind: 'inverse', text: `its change is the opposite of ${other.id.slice(0, 9)}` },
    };
  }
  return null;
}

/** Named by its title, and no commit since the cut has it: then it came before. */
function byTitleBefore({ targets }: Reverted): Undone | null {
  const title = targets.find((target) => target.kind === 'title');
  const pull = targets.find((target) => target.kind === 'pull');
  if (title === undefined && pull === undefined) return null;
  const root = title === undefined ? `pull:${pull?.number}` : `title:${title.key}`;
  return {
    kind: 'inherited',
    root,
    sure: false,
    proof: { kind: 'title', text: 'what it names is no commit since the cut, so it is from before' },
  };
}
