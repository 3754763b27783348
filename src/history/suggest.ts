import type { ObjectId } from '../domain/git-names.ts';
import type { ClaimWord } from './message.ts';
import { commitById, type ReadCommit, type Side } from './side.ts';

/**
 * What speaks for a commit of main before the contents are compared. `names-us`: it names the line's commit as where it comes from.
 * `inner-title`: the title of the one stands among those that were squashed into the other.
 */
export type Word = ClaimWord | 'title' | 'inner-title' | 'names-us' | 'head-ref';

/** A commit that may be a counterpart, and the words that speak for it. */
export interface Suggestion {
  readonly commit: ReadCommit;
  readonly words: ReadonlySet<Word>;
}

/** Which commits of main name a pull request or a commit as where they come from. */
export interface Claimants {
  readonly ofPull: ReadonlyMap<number, readonly ReadCommit[]>;
  readonly ofCommit: ReadonlyMap<string, readonly ReadCommit[]>;
}

/** Text that says in so many words that this is the change: more than a mention. */
export const EXPLICIT: ReadonlySet<Word> = new Set<Word>([
  'trailer',
  'title-number',
  'cherry-pick',
  'backport',
  'same-change',
  'port',
  'forward-port',
  'names-us',
]);

/** Finds who claims what among commits; mentions are no claims. Ids by their first 7 digits. */
export function claimantsOf(side: Side): Claimants {
  const ofPull = new Map<number, ReadCommit[]>();
  const ofCommit = new Map<string, ReadCommit[]>();
  for (const commit of side.commits) {
    for (const { word, target } of commit.facts.claims) {
      if (word === 'mention') continue;
      if (target.kind === 'pull') ofPull.set(target.number, [...(ofPull.get(target.number) ?? []), commit]);
      else ofCommit.set(target.id.slice(0, 7), [...(ofCommit.get(target.id.slice(0, 7)) ?? []), commit]);
    }
  }
  return { ofPull, ofCommit };
}

const MOST_OF_ONE_TITLE = 40;

/** The commits of main that the texts of either side connect with a commit of the line. */
export function suggestByText(commit: ReadCommit, main: Side, claimants: Claimants): readonly Suggestion[] {
  const words = new Map<string, { commit: ReadCommit; words: Set<Word> }>();
  const suggest = (found: ReadCommit, word: Word): void => {
    if (found.id === commit.id) return;
    const entry = words.get(found.id) ?? { commit: found, words: new Set<Word>() };
    entry.words.add(word);
    words.set(found.id, entry);
  };
  for (const { word, target, inner } of commit.facts.claims) {
    // What stands in the text of one of several squashed commits speaks of a part only.
    const said = inner && word !== 'mention' ? 'mention' : word;
    if (target.kind === 'pull') for (const found of main.byPull.get(target.number) ?? []) suggest(found, said);
    else {
      const found = commitById(main, target.id);
      if (found !== null) suggest(found, said);
    }
  }
  const { title, pull, innerTitles } = commit.facts;
  const bySameTitle = (main.byTitle.get(title.key) ?? []).slice(0, MOST_OF_ONE_TITLE);
  if (title.key !== '') for (const found of bySameTitle) suggest(found, 'title');
  for (const found of main.byInnerTitle.get(title.key) ?? []) suggest(found, 'inner-title');
  for (const key of innerTitles) for (const found of main.byTitle.get(key) ?? []) suggest(found, 'inner-title');
  if (pull !== null) {
    // One pull request merged into both branches: the same number, as its own, on each side.
    for (const found of main.byPull.get(pull) ?? []) suggest(found, 'mention');
    for (const found of claimants.ofPull.get(pull) ?? []) suggest(found, 'names-us');
  }
  for (const found of claimants.ofCommit.get(commit.id.slice(0, 7)) ?? []) {
    const names = found.facts.claims.some(({ target }) => target.kind === 'commit' && commit.id.startsWith(target.id));
    if (names) suggest(found, 'names-us');
  }
  return [...words.values()];
}

/** Adds commits that only their content can speak for. */
export function withCandidates(
  suggestions: readonly Suggestion[],
  ids: Iterable<ObjectId>,
  main: Side,
): readonly Suggestion[] {
  const known = new Set<string>(suggestions.map(({ commit }) => commit.id));
  const more: Suggestion[] = [];
  for (const id of ids) {
    const commit = main.byId.get(id);
    if (commit !== undefined && !known.has(id)) more.push({ commit, words: new Set() });
    known.add(id);
  }
  return [...suggestions, ...more];
}
