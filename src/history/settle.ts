import type { CommitPatch } from '../domain/history.ts';
import { linesOf, sharedLines } from './compare-patches.ts';
import { judge, type Judged } from './judge.ts';
import type { Patches, ReadCommit } from './side.ts';
import { EXPLICIT, type Suggestion } from './suggest.ts';

/** What was found for one commit of a line. */
export interface Settled {
  readonly commit: ReadCommit;
  readonly matches: readonly Judged[];
  /** Commits it could as well be; then there are no matches. */
  readonly ambiguous: readonly Judged[];
  /** Named by a text that is not believed, since the contents have nothing in common. */
  readonly disbelieved: readonly Judged[];
  /** Its content is accounted for: looking further would find nothing better. */
  readonly closed: boolean;
  /** How many commits of main its content was compared with, and the most it had in common with one. */
  readonly compared: number;
  readonly mostSimilar: number;
}

const RANK = { exact: 3, strong: 2, probable: 1 } as const;
const MARGIN = 0.15;
/** So much of a commit's lines accounted for is as good as all. */
const COVERED = 0.9;
const PART = 0.6;
const PART_UNNAMED = 0.85;
const PART_LINES = 2;
const PART_LINES_UNNAMED = 4;

/** Weighs all that is suggested for one commit of the line against each other. Suggestions whose patch was not read are left out. */
export function settle(
  commit: ReadCommit,
  patch: CommitPatch,
  suggestions: readonly Suggestion[],
  patches: Patches,
): Settled {
  const judged = suggestions.flatMap((suggestion) => {
    const other = patches.get(suggestion.commit.id);
    return other === undefined || other.files.length === 0 ? [] : [judge(patch, other, suggestion)];
  });
  const believed = judged.filter(({ confidence }) => confidence !== null).toSorted(better(commit));
  const disbelieved = judged.filter(
    ({ confidence, words }) => confidence === null && [...words].some((word) => EXPLICIT.has(word) || word === 'title'),
  );
  const facts = {
    commit,
    disbelieved,
    compared: judged.length,
    mostSimilar: Math.max(0, ...judged.map(({ relation }) => relation.similar)),
  };
  const [best] = believed;
  if (best === undefined) return { ...facts, matches: [], ambiguous: [], closed: false };
  const rivals = believed.filter((other) => other !== best && isRival(best, other));
  if (rivals.length > 0)
    return { ...facts, matches: [], ambiguous: [best, ...rivals], closed: best.relation.sameLines !== false };
  if (best.relation.sameLines === 'same') return { ...facts, matches: [best], ambiguous: [], closed: true };
  const { matches, covered } = union(patch, best, judged, patches);
  const closed = covered >= COVERED && matches.some(({ confidence }) => confidence === 'strong');
  return { ...facts, matches, ambiguous: [], closed };
}

function explicitness({ words }: Judged): number {
  if (words.has('trailer')) return 4;
  if ([...words].some((word) => EXPLICIT.has(word))) return 3;
  if (words.has('head-ref') || words.has('title')) return 2;
  return words.has('mention') || words.has('inner-title') ? 1 : 0;
}

function rank({ confidence }: Judged): number {
  return confidence === null ? 0 : RANK[confidence];
}

/** The best first: by confidence, then by what names it, then by content; of equal ones the last before the line's commit. */
function better(line: ReadCommit): (one: Judged, other: Judged) => number {
  const late = ({ commit }: Judged): number => (commit.committedAt <= line.committedAt ? 0 : 1);
  return (one, other) =>
    rank(other) - rank(one) ||
    explicitness(other) - explicitness(one) ||
    Number(other.relation.samePatch) - Number(one.relation.samePatch) ||
    other.relation.similar - one.relation.similar ||
    late(one) - late(other) ||
    one.commit.order - other.commit.order;
}

/** Whether the second could be meant as well as the first, and they are not the same change landed twice. */
function isRival(best: Judged, other: Judged): boolean {
  const isSameChange =
    best.commit.facts.title.key === other.commit.facts.title.key &&
    best.relation.sameLines !== false &&
    other.relation.sameLines !== false;
  if (isSameChange || explicitness(best) >= 3) return false;
  if (best.confidence !== other.confidence) return false;
  if (explicitness(other) < explicitness(best)) return false;
  // Equal in what names them; a clearly closer content decides.
  const isEqual =
    best.relation.sameLines === other.relation.sameLines && best.relation.samePatch === other.relation.samePatch;
  return isEqual && best.relation.similar - other.relation.similar < MARGIN && !complements(best, other);
}

/** Two parts of one larger commit: each is in it, and together they are more of it than one alone. */
function complements(best: Judged, other: Judged): boolean {
  return (
    best.relation.sameLines === false &&
    best.relation.secondInFirst >= PART &&
    other.relation.secondInFirst >= PART &&
    best.relation.firstInSecond + other.relation.firstInSecond <= 1.1
  );
}

/** Adds to the best match the others that account for lines which it does not (a pick of several changes). */
function union(
  patch: CommitPatch,
  best: Judged,
  judged: readonly Judged[],
  patches: Patches,
): { readonly matches: readonly Judged[]; readonly covered: number } {
  const all = linesOf(patch);
  let open = withoutLines(all, linesOfCommit(best, patches));
  const matches = [best];
  const rest = judged
    .filter((other) => other !== best)
    .toSorted(
      (one, other) =>
        explicitness(other) - explicitness(one) || other.relation.secondInFirst - one.relation.secondInFirst,
    );
  for (const other of rest) {
    const lines = linesOfCommit(other, patches);
    if (accounts(other, open, lines)) {
      open = withoutLines(open, lines);
      const share = `${Math.round(other.relation.secondInFirst * 100)} % of it is in this commit beside other changes`;
      matches.push(asPart(other, other.confidence ?? (explicitness(other) >= 2 ? 'strong' : 'probable'), share));
    } else if (isListed(best) && isListed(other) && isReplaced(other)) {
      matches.push(asPart(other, 'probable', 'it is named in one list with others that are in this commit'));
    }
  }
  return { matches, covered: all.length === 0 ? 1 : 1 - open.length / all.length };
}

/** Whether a change has its lines among those that nothing accounts for yet. */
function accounts(other: Judged, open: readonly number[], lines: readonly number[]): boolean {
  const isNamed = explicitness(other) > 0;
  if (other.relation.secondInFirst < (isNamed ? PART : PART_UNNAMED)) return false;
  const shared = sharedLines(open, lines);
  return shared >= (isNamed ? PART_LINES : PART_LINES_UNNAMED) && shared >= lines.length * PART;
}

/** Named as one of those that the commit is made of: by a word for picks, or by its title and its number in the list of a squash. */
function isListed({ words }: Judged): boolean {
  const isPicked = [...words].some((word) => EXPLICIT.has(word) && word !== 'names-us' && word !== 'forward-port');
  return isPicked || (words.has('inner-title') && words.has('mention'));
}

/** Something of it is left where it was; what stood beside it in the list changed the rest again. */
function isReplaced({ relation: { shared, sharedFiles } }: Judged): boolean {
  return shared > 0 && sharedFiles > 0;
}

function asPart(other: Judged, confidence: Judged['confidence'], text: string): Judged {
  return { ...other, confidence, proofs: [...other.proofs, { kind: 'union', text }] };
}

function linesOfCommit({ commit }: Judged, patches: Patches): readonly number[] {
  const patch = patches.get(commit.id);
  return patch === undefined ? [] : linesOf(patch);
}

/** A sorted list without the lines of another one, each taken once. */
function withoutLines(lines: readonly number[], taken: readonly number[]): readonly number[] {
  const left: number[] = [];
  let next = 0;
  for (const line of lines) {
    while (next < taken.length && (taken[next] ?? 0) < line) next += 1;
    if (taken[next] === line) next += 1;
    else left.push(line);
  }
  return left;
}
