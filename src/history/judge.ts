import type { CommitPatch } from '../domain/history.ts';
import { compare, weightOf, type Relation } from './compare-patches.ts';
import { EXPLICIT, type Suggestion, type Word } from './suggest.ts';
import type { Counterpart, Proof } from './types.ts';
import type { ReadCommit } from './side.ts';

/** A suggestion whose content was compared. `confidence` null: it is not believed. */
export interface Judged {
  readonly commit: ReadCommit;
  readonly words: ReadonlySet<Word>;
  readonly relation: Relation;
  readonly confidence: Counterpart['confidence'] | null;
  readonly proofs: readonly Proof[];
}

// Shares of changed lines, found on real release branches; each errs on the side of claiming nothing.
const ALIKE = 0.4;
const MOSTLY = 0.6;
const ALIKE_UNNAMED = 0.6;
const ALIKE_MENTIONED = 0.7;
const CLOSE_MENTIONED = 0.35;
/** Below so many lines an equal change proves little by itself: version numbers are bumped in the same way everywhere. */
export const FEW_LINES = 2;
const SOME_LINES = 4;
/** So many lines, nearly all of which are in a larger change that no text names, are no accident. */
const MANY_LINES = 10;
const NEARLY_ALL = 0.85;

/** Compares a commit of the line with a suggested one, and says how far it can be believed. */
export function judge(line: CommitPatch, main: CommitPatch, { commit, words }: Suggestion): Judged {
  const relation = compare(line, main);
  const confidence = confidenceOf(relation, words, weightOf(line));
  return { commit, words, relation, confidence, proofs: proofsOf(relation, words, commit) };
}

function confidenceOf(relation: Relation, words: ReadonlySet<Word>, weight: number): Judged['confidence'] {
  const isExplicit = [...words].some((word) => EXPLICIT.has(word));
  const isNamed = isExplicit || words.has('title') || words.has('head-ref');
  if (relation.sameLines === 'same')
    return isNamed || words.has('mention') || weight > FEW_LINES ? 'exact' : 'probable';
  if (relation.sameLines === 'moved') return isNamed || weight >= SOME_LINES ? 'strong' : 'probable';
  if (isNamed) return namedConfidence(relation, isExplicit, words);
  const { similar, shared, secondInFirst } = relation;
  if (words.has('mention') || words.has('inner-title')) {
    if (similar >= ALIKE_MENTIONED && shared >= SOME_LINES) return 'strong';
    return shared >= FEW_LINES && (similar >= CLOSE_MENTIONED || secondInFirst >= ALIKE_MENTIONED) ? 'probable' : null;
  }
  const isPart = relation.firstInSecond >= NEARLY_ALL && shared >= MANY_LINES;
  return isPart || (similar >= ALIKE_UNNAMED && shared >= SOME_LINES) ? 'probable' : null;
}

function namedConfidence(relation: Relation, isExplicit: boolean, words: ReadonlySet<Word>): Judged['confidence'] {
  const { similar, firstInSecond, secondInFirst, shared, sharedFiles } = relation;
  const contained = shared >= FEW_LINES && (firstInSecond >= MOSTLY || secondInFirst >= MOSTLY);
  if ((similar >= ALIKE && shared > 0) || contained) return 'strong';
  if (shared > 0 && sharedFiles > 0 && (isExplicit || similar >= ALIKE / 2)) return 'probable';
  // Two texts that do not depend on each other, and the same files: the lines were all edited.
  return isExplicit && words.has('title') && sharedFiles > 0 ? 'probable' : null;
}

function proofsOf(relation: Relation, words: ReadonlySet<Word>, commit: ReadCommit): readonly Proof[] {
  return [...[...words].map((word) => proofOfWord(word, commit)), ...proofsOfContent(relation)];
}

function proofOfWord(word: Word, commit: ReadCommit): Proof {
  const name = commit.facts.pull === null ? commit.id.slice(0, 9) : `#${commit.facts.pull}`;
  switch (word) {
    case 'trailer':
      return { kind: 'trailer', text: `"cherry picked from commit" names ${commit.id.slice(0, 9)}` };
    case 'title-number':
      return { kind: 'number', text: `its title ends with the number of ${name} before its own` };
    case 'names-us':
      return { kind: 'number', text: `${name} names it as where it comes from` };
    case 'mention':
      return { kind: 'mention', text: `it mentions ${name}` };
    case 'inner-title':
      return {
        kind: 'title',
        text: `the title is that of one of several commits squashed into ${name}, or the other way round`,
      };
    case 'title':
      return { kind: 'title', text: `the title of ${name} is the same` };
    case 'head-ref':
      return { kind: 'head-ref', text: `a commit of its pull request is ${name}` };
    case 'cherry-pick':
    case 'backport':
    case 'port':
    case 'same-change':
    case 'forward-port':
      return { kind: 'number', text: `it says "${word.replace('-', ' ')}" of ${name}` };
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function proofsOfContent(relation: Relation): readonly Proof[] {
  if (relation.samePatch) return [{ kind: 'patch-id', text: 'the same patch' }];
  if (relation.sameLines === 'same') return [{ kind: 'same-lines', text: 'the same lines in other surroundings' }];
  if (relation.sameLines === 'moved') return [{ kind: 'same-lines', text: 'the same lines in files of other names' }];
  if (relation.shared === 0) return [];
  const { similar, firstInSecond, secondInFirst } = relation;
  if (firstInSecond >= 0.95 && secondInFirst < 0.75) {
    return [
      {
        kind: 'contained',
        text: `${percent(firstInSecond)} of its changed lines are there, and are ${percent(secondInFirst)} of that change`,
      },
    ];
  }
  if (secondInFirst >= 0.8 && firstInSecond < 0.75)
    return [{ kind: 'contains', text: `${percent(secondInFirst)} of that change's lines are in it` }];
  return [{ kind: 'similar-lines', text: `${percent(similar)} of the changed lines are the same` }];
}
