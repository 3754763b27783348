import type { Digest } from '../../domain/canonical-json.ts';
import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { PickRef } from '../../domain/pick.ts';
import { sealPlan, type Plan } from '../../domain/plan/plan.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { PickAnswer } from '../../ports/git.ts';
import type { ChangeFacts, ChangeHistory, LineFacts, PickFacts, PickPull } from './facts.ts';
import { generatedFiles } from './generated.ts';
import { pickSteps } from './making.ts';
import type { PickProblem } from './problem.ts';
import type { PickRecord } from './record.ts';
import { pullBody, pullTitle } from './render/pull-request.ts';
import { ruleProblems } from './rules.ts';

export interface PickRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly pr: number;
  readonly class: string;
  /** As it was typed; null for none. */
  readonly fixes: string | null;
  readonly by: string;
  /** When it was asked for. A request that waited for its merge keeps its own time. */
  readonly at: Instant;
  /** The comment that asked; null for the command line. */
  readonly via: string | null;
  /** What the ledger knows of this pick. */
  readonly record: PickRecord | null;
}

type Made = Extract<PickAnswer, { readonly picked: true }>;

/** What comes of a request that breaks no rule; `record` is to be appended to the ledger before anything else. */
export type PickDecision =
  | {
      readonly kind: 'plan';
      readonly does: 'pick' | 'revert';
      /** The commit of main that took the change back; null for a pick. */
      readonly revertedBy: ObjectId | null;
      readonly plan: Plan;
      readonly made: Made;
      /** What people should know of the plan besides its steps. */
      readonly notes: readonly string[];
      readonly record: LedgerEvent;
    }
  /** Asked for before the merge: carried out once the change is merged. */
  | { readonly kind: 'waits-for-merge'; readonly record: LedgerEvent }
  /** The pick's pull request exists: made by us before, or by somebody's hands. Nothing is made twice. */
  | { readonly kind: 'underway'; readonly pull: PickPull; readonly record: LedgerEvent };

interface Deciding {
  readonly facts: PickFacts;
  readonly request: PickRequest;
  readonly named: { readonly repo: string; readonly pr: number; readonly branch: string };
}

/**
 * Whether a change may go onto one line, and the plan that puts it there; for a change that main took back and the line still has, the plan that takes
 * it back there too. Several targets are several calls: each has its own branch, pull request and answer (ENG-05).
 */
export function decidePick(facts: PickFacts, request: PickRequest, now: Instant): Result<PickDecision, PickProblem> {
  const { target, change } = facts;
  const named = { repo: target.repo.key, pr: request.pr, branch: target.branch };
  const deciding: Deciding = { facts, request, named };
  if (!change.known) return refuse({ code: 'cannot-read', ...named, source: change.source, reason: change.reason });
  const what = changeProblem(deciding, change.value);
  if (what !== null) return refuse(what);
  const { record } = request;
  if (record?.decided.is === 'refused') {
    return refuse({ code: 'refused-before', ...named, by: record.decided.by, reason: record.decided.text });
  }
  const mergedAt = change.value.is === 'pull' ? change.value.mergedAt : null;
  const askedAt = askedFirst(request);
  const at = mergedAt !== null && elapsedMillis(askedAt, mergedAt) > 0 ? mergedAt : askedAt;
  const broken = ruleProblems({ ...request, at, now }, facts);
  // A revert is no new change: phases do not hold it up, and it needs no issue. Only who may ask counts.
  const isRevert = facts.history?.known === true && facts.history.value.revertedOnMain !== null;
  const counting = isRevert ? broken.filter(({ code }) => code === 'not-allowed' || code === 'cannot-read') : broken;
  if (counting.length > 0) return refuseOr(counting, () => ({ kind: 'waits-for-merge', record: requested(deciding) }));
  if (change.value.is === 'pull' && change.value.state === 'open') {
    return request.train.picks.beforeMerge === 'refuse'
      ? refuse({ code: 'not-merged-yet', ...named })
      : succeed({ kind: 'waits-for-merge', record: requested(deciding) });
  }
  return decideMaking(deciding);
}

/** A pick that was asked for in time may be tried again after the end of its phase; one that was withdrawn, or was late, is asked for anew. */
function askedFirst({ record, at }: PickRequest): Instant {
  const isAnew = record === null || record.decided.is === 'withdrawn' || record.decided.is === 'late';
  return isAnew || elapsedMillis(record.askedAt, at) < 0 ? at : record.askedAt;
}

/** ENG-07: each thing that is no merged change of the default branch has its own answer. */
function changeProblem({ facts, named }: Deciding, change: ChangeFacts): PickProblem | null {
  if (change.is !== 'pull') return { code: 'not-a-pull-request', ...named, is: change.is };
  if (change.state === 'closed') return { code: 'closed-unmerged', ...named };
  const { main } = facts.target.repo.entry;
  return change.base === main ? null : { code: 'merged-elsewhere', ...named, base: change.base, main };
}

function decideMaking(deciding: Deciding): Result<PickDecision, PickProblem> {
  const { facts, named } = deciding;
  const { line, history, target } = facts;
  if (!line.known) return refuse({ code: 'cannot-read', ...named, source: line.source, reason: line.reason });
  if (line.value.head === null) return refuse({ code: 'branch-missing', ...named, release: target.release });
  if (history === null || !history.known) {
    const { source, reason } = history ?? { source: `history of ${target.repo.key}`, reason: 'it was not read' };
    return refuse({ code: 'cannot-read', ...named, source, reason });
  }
  const standing = historyProblem(deciding, history.value);
  if (standing !== null) return refuse(standing);
  const { pull } = line.value;
  if (pull?.state === 'open') return succeed({ kind: 'underway', pull, record: requested(deciding) });
  if (pull?.state === 'merged' && history.value.revertedOnLine === null && history.value.revertedOnMain === null) {
    return refuse({ code: 'already-there', ...named, by: null, proof: `its pull request #${pull.number} was merged` });
  }
  if (pull?.state === 'closed') return refuse({ code: 'pick-closed', ...named, pull: pull.number });
  return planned(deciding, line.value, history.value);
}

/** The line has it, had it, or never had what main took back. */
function historyProblem({ named }: Deciding, history: ChangeHistory): PickProblem | null {
  const { onLine, revertedOnMain, revertedOnLine } = history;
  if (revertedOnMain !== null) {
    return onLine === null
      ? { code: 'reverted-on-main', ...named, by: revertedOnMain.by, takenBack: revertedOnLine }
      : null;
  }
  if (onLine === null) return null;
  return { code: 'already-there', ...named, by: onLine.commits.at(-1) ?? null, proof: onLine.proof };
}

function planned(deciding: Deciding, line: LineFacts, history: ChangeHistory): Result<PickDecision, PickProblem> {
  const { facts, named } = deciding;
  const { picked, target } = facts;
  if (picked === null || !picked.known) {
    const { source, reason } = picked ?? {
      source: `git remote of ${target.repo.key}`,
      reason: 'the pick was not tried',
    };
    return refuse({ code: 'cannot-read', ...named, source, reason });
  }
  const does = history.revertedOnMain === null ? 'pick' : 'revert';
  const onto = line.madeOn ?? line.head;
  if (onto === null) return refuse({ code: 'branch-missing', ...named, release: target.release });
  const made = picked.value;
  if (!made.picked) return refuse(makingProblem(deciding, made, { does, onto, branch: line.branch }));
  if (facts.undone.length > 0) return refuse({ code: 'undoes-release-only', ...named, hunks: facts.undone });
  if (line.pickHead !== null && line.madeOn === null) {
    return refuse({ code: 'branch-taken', ...named, pickBranch: line.branch, at: line.pickHead });
  }
  const { milestone } = facts;
  if (milestone?.known === false)
    return refuse({ code: 'cannot-read', ...named, source: milestone.source, reason: milestone.reason });
  const commits = does === 'pick' ? history.landed : (history.onLine?.commits.toReversed() ?? []);
  const plan = planOf(deciding, { does, branch: line.branch, onto, commits, made, history });
  const notes =
    milestone?.value === null
      ? [`${named.repo} has no milestone for ${target.repo.release}: none is set on the pull request`]
      : [];
  const revertedBy = history.revertedOnMain?.by ?? null;
  return succeed({ kind: 'plan', does, revertedBy, plan, made, notes, record: requested(deciding) });
}

function makingProblem(
  { request, named }: Deciding,
  made: Exclude<PickAnswer, { readonly picked: true }>,
  { does, onto, branch }: Pick<Planning, 'does' | 'onto' | 'branch'>,
): PickProblem {
  const { commit } = made;
  switch (made.because) {
    case 'in-history':
      return { code: 'already-there', ...named, by: commit, proof: 'it is in the history of the branch' };
    case 'empty':
      return { code: 'already-there', ...named, by: null, proof: 'its whole change is in the files of the branch' };
    case 'merge-commit':
    case 'first-commit':
      return { code: 'cannot-be-picked', ...named, because: made.because, commit };
    case 'symbolic-link':
      return { code: 'symbolic-link', ...named, commit, paths: made.paths };
    case 'regeneration': {
      const { command, paths, why, detail } = made;
      return { code: 'regeneration-failed', ...named, does, commit, pickBranch: branch, command, paths, why, detail };
    }
    case 'conflict': {
      const { conflicts, prerequisites } = made;
      const paths = conflicts.map(({ path }) => path);
      const generated = generatedFiles(request.train.picks.generated, paths);
      return {
        code: 'conflict',
        ...named,
        does,
        commit,
        onto,
        pickBranch: branch,
        conflicts,
        prerequisites,
        generated,
      };
    }
  }
}

interface Planning {
  readonly does: 'pick' | 'revert';
  readonly branch: BranchName;
  readonly onto: ObjectId;
  readonly commits: readonly ObjectId[];
  readonly made: Made;
  readonly history: ChangeHistory;
}

function planOf({ facts, request }: Deciding, planning: Planning): Plan {
  const { target, change, line, milestone: seen } = facts;
  const milestone = seen?.known === true ? seen.value : null;
  const { repo, release, branch } = target;
  const { train, pr } = request;
  const title = change.known && change.value.is === 'pull' ? change.value.title : `#${pr}`;
  const author = change.known && change.value.is === 'pull' ? change.value.author : request.by;
  const shown = { train, target, request, change: { title, author }, ...planning };
  const head = line.known ? line.value.head : null;
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'cherry-pick',
    title: `${planning.does === 'pick' ? 'Pick' : 'Revert'} ${repo.key} #${pr} on ${branch}`,
    author: request.by,
    trainDigest: request.trainDigest,
    gates: [],
    // The pick was made on this head, on paper: on another one it may conflict, or undo something.
    assumes: [{ repo: repo.key, remote: repo.remote ?? '', ref: branchRef(branch), at: head }],
    phrase: null,
    steps: [
      ...pickSteps({ train, target, pr, ...planning, title: pullTitle(shown), body: pullBody(shown), milestone }),
    ],
  });
}

/** The pick that a request is about. */
function pickRefOf({ facts, pr }: { readonly facts: Pick<PickFacts, 'target'>; readonly pr: number }): PickRef {
  return { repo: facts.target.repo.key, pr, onto: facts.target.branch };
}

function requested({ facts, request }: Deciding): LedgerEvent {
  return {
    type: 'pick-requested',
    release: facts.target.release,
    pick: pickRefOf({ facts, pr: request.pr }),
    class: request.class,
    fixes: request.fixes,
    via: request.via,
  };
}
