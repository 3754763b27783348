import type { CommitPatch } from '../domain/history.ts';
import type { ObjectId } from '../domain/git-names.ts';
import { undoneBy, type Undone } from './chains.ts';
import { FEW_LINES, type Judged } from './judge.ts';
import type { Settled } from './settle.ts';
import { EXPLICIT } from './suggest.ts';
import { commitById, type Patches, type ReadCommit, type Side } from './side.ts';
import type { CommitClass, Confidence, Counterpart, LineCommit, Proof } from './types.ts';

/** All that was found out about a line, before each commit gets its class. */
export interface Findings {
  readonly main: Side;
  readonly line: Side;
  readonly patches: Patches;
  readonly settled: ReadonlyMap<ObjectId, Settled>;
  /** What commits are on other lines, for those that are not on main. */
  readonly elsewhere: ReadonlyMap<ObjectId, Settled>;
  /** Commits of the line that the line it was made from has too. */
  readonly inherited: ReadonlySet<ObjectId>;
  /** Ids named by texts, of commits that both sides have: to the full id. */
  readonly shared: ReadonlyMap<string, ObjectId>;
}

/** Gives every commit of the line its class, with the proof. */
export function classify(findings: Findings): readonly LineCommit[] {
  const ofLine = new Map<string, ReadCommit>();
  for (const commit of findings.line.commits.toReversed()) {
    for (const { commit: other } of findings.settled.get(commit.id)?.matches ?? []) ofLine.set(other.id, commit);
  }
  return findings.line.commits.map((commit) => classifyOne(commit, findings, ofLine));
}

interface Verdict {
  readonly class: CommitClass;
  readonly confidence: Confidence;
  readonly why: readonly Proof[];
  readonly candidates?: readonly ObjectId[];
}

function classifyOne(commit: ReadCommit, findings: Findings, ofLine: ReadonlyMap<string, ReadCommit>): LineCommit {
  const settled = findings.settled.get(commit.id);
  const elsewhere = findings.elsewhere.get(commit.id);
  const patch = findings.patches.get(commit.id);
  const matches = settled?.matches ?? [];
  // What another line got later says nothing of where this one is from.
  const came = (elsewhere?.matches ?? []).filter((match) => wayOf(commit, match) === 'to-line');
  const found = matches.length > 0 ? matches : came;
  const counterparts = found.map((match) => counterpartOf(commit, match));
  const undone = undoneBy(commit, { side: findings.line, input: findings, ofLine });
  const verdict =
    outright(commit, patch, findings) ??
    (undone === null ? null : revertVerdict(commit, undone)) ??
    (matches.length > 0 ? pickVerdict(counterparts, matches) : null) ??
    (found.length > 0 ? crossVerdict(counterparts) : null) ??
    ambiguousVerdict(settled) ??
    onlyHere(commit, settled, patch);
  const { title, pull } = commit.facts;
  return {
    id: commit.id,
    title: title.text,
    pull,
    committedAt: commit.committedAt,
    parents: commit.parents,
    counterparts: verdict.class === 'empty' || verdict.class === 'ambiguous' ? [] : counterparts,
    candidates: [],
    ...verdict,
    notes: [...notesOf(commit, settled, findings), ...(found.length > 0 ? [] : wentOn(elsewhere))],
  };
}

function sure(name: CommitClass, text: string): Verdict {
  return { class: name, confidence: 'exact', why: [{ kind: 'order', text }] };
}

/** What needs no counterpart to be told. */
function outright(commit: ReadCommit, patch: CommitPatch | undefined, findings: Findings): Verdict | null {
  if (findings.inherited.has(commit.id)) return sure('inherited', 'the line it was made from has this commit');
  if (commit.parents.length > 1)
    return sure('merge', `it merges ${commit.parents.length} commits; each is judged for itself`);
  if (patch !== undefined && patch.files.length === 0) return sure('empty', 'it changes nothing');
  const isFirst = commit.order >= findings.line.commits.length - 2;
  if (
    commit.facts.title.cut ||
    (isFirst &&
      commit.facts.title.releaseOnly &&
      /\bchanges?\b/i.test(commit.facts.title.text) &&
      /^[^:]{0,60}$/.test(commit.facts.title.text))
  ) {
    return {
      class: 'cut',
      confidence: 'strong',
      why: [{ kind: 'title', text: 'its title says that it begins the branch' }],
    };
  }
  return null;
}

function revertVerdict(commit: ReadCommit, undone: Undone): Verdict | null {
  if (commit.facts.reverts?.way === 'reland') return null;
  const isOwn = undone.kind === 'commit';
  return {
    class: isOwn ? 'revert-of-own' : 'revert-of-mains',
    confidence: isOwn || undone.sure ? 'strong' : 'probable',
    why: [undone.proof],
  };
}

function pickVerdict(counterparts: readonly Counterpart[], matches: readonly Judged[]): Verdict {
  const confidence = leastSure(counterparts);
  const why = counterparts.flatMap(({ proofs }) => proofs);
  if (counterparts.every(({ way }) => way === 'to-main')) return { class: 'forward-ported', confidence, why };
  if (counterparts.length > 1) return { class: 'multi', confidence, why };
  const relation = matches[0]?.relation;
  if (relation !== undefined && relation.sameLines !== false) return { class: 'exact', confidence, why };
  const isPart = relation !== undefined && relation.firstInSecond >= 0.9 && relation.secondInFirst < 0.75;
  return { class: isPart ? 'partial' : 'modified', confidence, why };
}

function crossVerdict(counterparts: readonly Counterpart[]): Verdict {
  return {
    class: 'cross-release',
    confidence: leastSure(counterparts),
    why: counterparts.flatMap(({ proofs }) => proofs),
  };
}

function ambiguousVerdict(settled: Settled | undefined): Verdict | null {
  if (settled === undefined || settled.ambiguous.length === 0) return null;
  const names = settled.ambiguous.map(({ commit }) => commit.id.slice(0, 9)).join(', ');
  const text = `it could be any of ${names}, and nothing tells which`;
  return {
    class: 'ambiguous',
    confidence: 'ambiguous',
    why: [{ kind: 'order', text }],
    candidates: settled.ambiguous.map(({ commit }) => commit.id),
  };
}

function onlyHere(commit: ReadCommit, settled: Settled | undefined, patch: CommitPatch | undefined): Verdict {
  const compared = settled?.compared ?? 0;
  const most = Math.round((settled?.mostSimilar ?? 0) * 100);
  const nothing: Proof = {
    kind: 'order',
    text:
      compared === 0
        ? 'no commit of main since the cut touches its files'
        : `of ${compared} commits of main that touch its files, none shares more than ${most} % of the lines`,
  };
  if (commit.facts.title.releaseOnly)
    return {
      class: 'release-only',
      confidence: 'strong',
      why: [{ kind: 'title', text: 'its title says release-only' }, nothing],
    };
  // Where it was written is not whom it is for: main may need it as well.
  const marked: readonly Proof[] = commit.facts.title.forRelease
    ? [{ kind: 'title', text: 'its title is marked for the release branch' }]
    : [];
  return {
    class: 'release-only',
    confidence: patch === undefined ? 'ambiguous' : 'probable',
    why: [...marked, nothing],
  };
}

function leastSure(counterparts: readonly Counterpart[]): Confidence {
  const order = ['probable', 'strong', 'exact'] as const;
  return order.find((confidence) => counterparts.some((each) => each.confidence === confidence)) ?? 'probable';
}

function wayOf(line: ReadCommit, { commit, words }: Judged): Counterpart['way'] {
  const isNamed = [...words].some(
    (word) => word !== 'names-us' && word !== 'title' && word !== 'forward-port' && word !== 'mention',
  );
  if (words.has('names-us') && !isNamed) return 'to-main';
  return isNamed || commit.committedAt <= line.committedAt ? 'to-line' : 'to-main';
}

/** A match as people are told of it; the way it went by what the texts say, and by the clock where they say nothing. */
function counterpartOf(line: ReadCommit, match: Judged): Counterpart {
  const { commit, words, confidence, proofs, relation } = match;
  const isLater = commit.committedAt > line.committedAt;
  // The same content first here and then on main, and no text that connects them: it may have been written twice.
  const isTold = [...words].some((word) => EXPLICIT.has(word));
  const isUnsaid = isLater && (words.size === 0 || (!isTold && relation.shared <= FEW_LINES));
  const twice = isUnsaid && words.size > 0 ? '; a change as small as this may have been written twice' : '';
  const order: readonly Proof[] = isLater
    ? [{ kind: 'order', text: `it was here before ${commit.id.slice(0, 9)} was on main${twice}` }]
    : [];
  const believed = isUnsaid ? 'probable' : (confidence ?? 'probable');
  return {
    commit: commit.id,
    title: commit.facts.title.text,
    pull: commit.facts.pull,
    confidence: relation.sameLines === false && believed === 'exact' ? 'strong' : believed,
    proofs: [...proofs, ...order],
    way: wayOf(line, match),
  };
}

function wentOn(elsewhere: Settled | undefined): readonly string[] {
  return (elsewhere?.matches ?? []).map(({ commit }) => `another line got it later, by ${commit.id.slice(0, 9)}`);
}

function notesOf(commit: ReadCommit, settled: Settled | undefined, findings: Findings): readonly string[] {
  // The number in a revert is that of what it takes back.
  const disbelieved = commit.facts.reverts === null ? (settled?.disbelieved ?? []) : [];
  const notes = disbelieved.map(({ commit: other, words }) => {
    const name = `${other.id.slice(0, 9)}${other.facts.pull === null ? '' : ` (#${other.facts.pull})`}`;
    const isTheirs = words.size === 1 && words.has('names-us');
    const said = isTheirs ? `${name} names it as where it comes from` : `its text points to ${name}`;
    return `${said}, but their contents have too little in common`;
  });
  for (const { word, target } of commit.facts.claims) {
    if (target.kind !== 'commit' || (word !== 'trailer' && word !== 'cherry-pick')) continue;
    if (commitById(findings.main, target.id) !== null || commitById(findings.line, target.id) !== null) continue;
    const shared = findings.shared.get(target.id);
    notes.push(
      shared === undefined
        ? `the ${word} names ${target.id.slice(0, 9)}, a commit outside main`
        : `the ${word} names ${target.id.slice(0, 9)}, which the line has since the cut`,
    );
  }
  return notes;
}
