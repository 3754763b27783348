import { branchRef, type BranchName, type ObjectId, type RefName } from '../../domain/git-names.ts';
import type { RefUpdate } from '../../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { CutProblem } from './problem.ts';
import type { CutRefs, RepoCutFacts } from './read.ts';

/** What is left to do in one repository: nothing, or the branches to create and the commit they start at. */
export type RepoCut =
  | { readonly is: 'done'; readonly base: ObjectId }
  | {
      readonly is: 'to-do';
      readonly base: ObjectId;
      readonly updates: readonly RefUpdate[];
      /** A ref of the remote whose history holds the base. */
      readonly via: RefName;
      /** Whether the base is the head of the source branch, which then must not move before the plan is carried out. */
      readonly onSourceHead: boolean;
    };

interface Situation {
  readonly facts: RepoCutFacts;
  readonly refs: CutRefs;
  readonly release: ReleaseVersion;
  readonly from: ObjectId | null;
  readonly cutPoint: BranchName | null;
}

/**
 * What the cut of one repository comes to, by the re-run rules of process.md 03: what exists at the planned commit is adopted, what exists
 * elsewhere is refused with both commits, what is missing is created from the cut's own base and never from where the source has gone since.
 */
export function cutRepo(
  facts: RepoCutFacts,
  release: ReleaseVersion,
  from: ObjectId | null,
): Result<RepoCut, CutProblem> {
  const { repo } = facts;
  const named = { repo: repo.key, release } as const;
  if (!facts.refs.known) {
    return refuse({ code: 'cannot-read', ...named, reason: facts.refs.reason, source: facts.refs.source });
  }
  const refs = facts.refs.value;
  if (from !== null && refs.fromExists !== true) {
    return refuse({ code: 'commit-not-found', ...named, commit: from, branch: repo.entry.source });
  }
  if (refs.inTheWay.length > 0 && refs.branch === null) {
    return refuse({ code: 'name-in-the-way', ...named, branch: repo.branch, refs: refs.inTheWay });
  }
  const situation: Situation = { facts, refs, release, from, cutPoint: repo.cutPoint };
  if (refs.branch === null)
    return refs.cutPoint === null ? freshCut(situation) : missingBranch(situation, refs.cutPoint);
  return refs.cutPoint === null
    ? missingCutPoint(situation, refs.branch)
    : bothExist(situation, refs.branch, refs.cutPoint);
}

function freshCut({ facts, refs, release, from, cutPoint }: Situation): Result<RepoCut, CutProblem> {
  const { repo } = facts;
  const base = from ?? refs.source;
  if (base === null) {
    const remote = repo.remote ?? 'its remote';
    return refuse({ code: 'source-missing', repo: repo.key, release, branch: repo.entry.source, remote });
  }
  const branches = cutPoint === null ? [repo.branch] : [cutPoint, repo.branch];
  return succeed({
    is: 'to-do',
    base,
    updates: branches.map((branch) => creation(branch, base)),
    via: branchRef(repo.entry.source),
    onSourceHead: from === null,
  });
}

/** The frozen cut point is there, the release branch is not: it starts where the cut point is. */
function missingBranch({ facts, release, from, cutPoint }: Situation, at: ObjectId): Result<RepoCut, CutProblem> {
  const { repo } = facts;
  const planned = from ?? facts.recordedBase ?? at;
  if (cutPoint === null || planned !== at) {
    return refuse({ code: 'exists-elsewhere', repo: repo.key, release, branch: cutPoint ?? repo.branch, at, planned });
  }
  const updates = [creation(repo.branch, at)];
  return succeed({ is: 'to-do', base: at, updates, via: branchRef(cutPoint), onSourceHead: false });
}

function bothExist(situation: Situation, branchAt: ObjectId, cutPointAt: ObjectId): Result<RepoCut, CutProblem> {
  const { facts, refs, release, from } = situation;
  const { repo } = facts;
  const cutPoint = situation.cutPoint ?? repo.branch;
  const planned = from ?? facts.recordedBase ?? cutPointAt;
  if (planned !== cutPointAt) {
    return refuse({ code: 'exists-elsewhere', repo: repo.key, release, branch: cutPoint, at: cutPointAt, planned });
  }
  if (branchAt !== cutPointAt && !refs.inBranch.includes(cutPointAt)) {
    const branch = repo.branch;
    return refuse({
      code: 'cut-point-not-ancestor',
      repo: repo.key,
      release,
      branch,
      at: branchAt,
      cutPoint,
      base: cutPointAt,
    });
  }
  return succeed({ is: 'done', base: cutPointAt });
}

/** The release branch is there without a cut point: killed half-way, made by hand, or a repository that has no cut points. */
function missingCutPoint(situation: Situation, branchAt: ObjectId): Result<RepoCut, CutProblem> {
  const { facts, refs, release, from, cutPoint } = situation;
  const { repo } = facts;
  const base = from ?? facts.recordedBase;
  if (base !== null && base !== branchAt && !refs.inBranch.includes(base)) {
    return refuse({
      code: 'exists-elsewhere',
      repo: repo.key,
      release,
      branch: repo.branch,
      at: branchAt,
      planned: base,
    });
  }
  if (base === null && branchAt !== refs.source) {
    if (cutPoint === null) {
      const planned = refs.source;
      // Without a cut point there is nothing to compare with: the branch is taken as cut unless the source says it was not yet.
      return planned === null ? succeed({ is: 'done', base: branchAt }) : elsewhere(situation, branchAt, planned);
    }
    return refuse({
      code: 'cut-point-unknown',
      repo: repo.key,
      release,
      branch: repo.branch,
      at: branchAt,
      cutPoint,
      planned: refs.source,
    });
  }
  const start = base ?? branchAt;
  if (cutPoint === null) return succeed({ is: 'done', base: start });
  const updates = [creation(cutPoint, start)];
  return succeed({ is: 'to-do', base: start, updates, via: branchRef(repo.branch), onSourceHead: false });
}

function elsewhere({ facts, release }: Situation, at: ObjectId, planned: ObjectId): Result<RepoCut, CutProblem> {
  const { key, branch } = facts.repo;
  return refuse({ code: 'exists-elsewhere', repo: key, release, branch, at, planned });
}

function creation(branch: BranchName, to: ObjectId): RefUpdate {
  return { ref: branchRef(branch), from: null, to };
}
