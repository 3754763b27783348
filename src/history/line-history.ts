import type { ObjectId } from '../domain/git-names.ts';
import { chainsOf } from './chains.ts';
import { classify, type Findings } from './classify.ts';
import type { RevertTarget } from './reverted.ts';
import { settle, type Settled } from './settle.ts';
import type { Patches, ReadCommit, Side } from './side.ts';
import { claimantsOf, suggestByText, withCandidates, type Suggestion } from './suggest.ts';
import type { LineHistory, MainCommit } from './types.ts';

/** What the texts suggest for each commit of the line. */
export type Suggestions = ReadonlyMap<ObjectId, readonly Suggestion[]>;

/** Reads out of the texts of both sides what may belong together. */
export function suggestions(main: Side, line: Side): Suggestions {
  const claimants = claimantsOf(main);
  return new Map(line.commits.map((commit) => [commit.id, suggestByText(commit, main, claimants)]));
}

/** The commits whose changes must be read to judge the suggestions: the line's own, and those suggested. Merges change nothing themselves. */
export function patchesFor(line: Side, suggested: Suggestions): readonly ObjectId[] {
  const ids = new Set<ObjectId>();
  for (const commit of line.commits) {
    if (commit.parents.length < 2) ids.add(commit.id);
    for (const { commit: other } of suggested.get(commit.id) ?? []) ids.add(other.id);
  }
  return [...ids];
}

/** Judges the suggestions of each commit. Merges, empty commits and those whose patch was not read are not judged. */
export function settleAll(
  commits: readonly ReadCommit[],
  suggested: Suggestions,
  patches: Patches,
): ReadonlyMap<ObjectId, Settled> {
  const settled = new Map<ObjectId, Settled>();
  for (const commit of commits) {
    const patch = patches.get(commit.id);
    if (patch === undefined || patch.files.length === 0 || commit.parents.length > 1) continue;
    settled.set(commit.id, settle(commit, patch, suggested.get(commit.id) ?? [], patches));
  }
  return settled;
}

/** The commits whose content nothing accounts for yet. */
export function openOf(line: Side, settled: ReadonlyMap<ObjectId, Settled>): readonly ReadCommit[] {
  return line.commits.filter((commit) => settled.get(commit.id)?.closed === false);
}

/** The files of commits, to look for others that touch them. */
export function pathsOf(commits: readonly ReadCommit[], patches: Patches): readonly string[] {
  return [...new Set(commits.flatMap(({ id }) => patches.get(id)?.files.map(({ path }) => path) ?? []))].toSorted();
}

/** Adds to the suggestions the commits that touch the same files, at most `most` for each commit: those nearest before it first. */
export function suggestByFiles(
  open: readonly ReadCommit[],
  input: {
    readonly suggested: Suggestions;
    readonly patches: Patches;
    readonly main: Side;
    readonly touching: ReadonlyMap<string, readonly ObjectId[]>;
    readonly most: number;
  },
): Suggestions {
  return new Map(
    open.map((commit) => {
      const paths = input.patches.get(commit.id)?.files.map(({ path }) => path) ?? [];
      const ids = new Set(paths.flatMap((path) => input.touching.get(path) ?? []));
      const near = [...ids]
        .flatMap((id) => input.main.byId.get(id) ?? [])
        .toSorted(
          (one, other) =>
            Math.abs(one.committedAt - commit.committedAt) - Math.abs(other.committedAt - commit.committedAt),
        );
      return [
        commit.id,
        withCandidates(
          input.suggested.get(commit.id) ?? [],
          near.slice(0, input.most).map(({ id }) => id),
          input.main,
        ),
      ];
    }),
  );
}

/**
 * What a squashed commit is, by the commits of its pull request as they were pushed: each is looked up like a commit of the line, and what
 * is found counts when the squashed commit has its lines.
 */
export function suggestByPushed(
  commit: ReadCommit,
  pushed: ReadonlyMap<ObjectId, Settled>,
  suggested: readonly Suggestion[],
): readonly Suggestion[] {
  const found = new Map<string, Suggestion>(suggested.map((suggestion) => [suggestion.commit.id, suggestion]));
  for (const { matches } of pushed.values()) {
    for (const match of matches) {
      if (match.confidence === 'probable' || match.commit.id === commit.id) continue;
      const words = new Set([...(found.get(match.commit.id)?.words ?? []), 'head-ref' as const]);
      found.set(match.commit.id, { commit: match.commit, words });
    }
  }
  return [...found.values()];
}

/** What texts name and is on neither side: whether both have it tells a revert of something from before the cut. */
export interface Unknown {
  readonly ids: readonly string[];
  /** Numbers of pull requests, named by reverts. */
  readonly pulls: readonly number[];
}

export function unknownOf(main: Side, line: Side): Unknown {
  const ids = new Set<string>();
  const pulls = new Set<number>();
  const isId = (id: string): boolean => !main.byId.has(id) && !line.byId.has(id);
  const note = (target: RevertTarget): void => {
    if (target.kind === 'commit' && isId(target.id)) ids.add(target.id);
    if (target.kind !== 'pull' || main.byPull.has(target.number) || line.byPull.has(target.number)) return;
    pulls.add(target.number);
  };
  // Most commits take nothing back.
  for (const { facts } of main.commits) if (facts.reverts !== null) facts.reverts.targets.forEach(note);
  for (const { facts } of line.commits) facts.reverts?.targets.forEach(note);
  for (const { facts } of line.commits) {
    for (const { word, target } of facts.claims)
      if (target.kind === 'commit' && word === 'trailer' && isId(target.id)) ids.add(target.id);
  }
  return { ids: [...ids], pulls: [...pulls] };
}

/** Puts everything that was found together. */
export function lineHistory(
  heads: { readonly main: ObjectId; readonly head: ObjectId },
  findings: Findings,
): LineHistory {
  const commits = classify(findings);
  const matches = new Map(
    commits.filter((commit) => commit.class !== 'cross-release').map((commit) => [commit.id, commit.counterparts]),
  );
  return {
    ...heads,
    commits,
    mainCommits: findings.main.commits.map(mainCommitOf),
    chains: chainsOf({ ...findings, matches }),
  };
}

function mainCommitOf({ id, committedAt, facts }: ReadCommit): MainCommit {
  return { id, title: facts.title.text, pull: facts.pull, committedAt };
}
