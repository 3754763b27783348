import type { ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { JobsJudged } from '../../domain/jobs.ts';
import type { PickState } from '../../domain/pick-state.ts';
import type { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import type { PickConflict, PickPrerequisite } from '../../ports/git.ts';
import type { PickRecord } from './record.ts';

export interface PickConflictReport {
  readonly conflicts: readonly PickConflict[];
  readonly prerequisites: readonly PickPrerequisite[];
}

/** A merged pull request by which a pick came to the line, or by which it was taken back there. */
export interface Landing {
  readonly does: 'pick' | 'revert';
  readonly number: number;
  readonly link: string;
}

/** What the world says of a pick, each part read by who knows how. */
export interface PickObserved {
  readonly author: string;
  readonly title: string;
  readonly isMerged: boolean;
  /** The pick's pull request, with the jobs on its head; null while there is none. */
  readonly pull: {
    /** `revert`: it takes the change back on the line. */
    readonly does: 'pick' | 'revert';
    readonly number: number;
    readonly state: 'open' | 'merged' | 'closed';
    readonly head: ObjectId;
    readonly link: string;
    readonly jobs: JobsJudged | null;
  } | null;
  /** The pull requests of the pick, and of its revert, that were merged into the line, oldest first. */
  readonly landings: readonly Landing[];
  /** The commit on the line that is this change (by correspondence), however it came there. */
  readonly landedBy: ObjectId | null;
  /** The commit on the line that took it away again there. */
  readonly takenBack: ObjectId | null;
  /** The first candidate, and the first release, that has it. */
  readonly candidate: CandidateVersion | null;
  readonly released: ReleaseVersion | null;
  readonly conflict: PickConflictReport | null;
}

/** One pick as it stands: what people decided and what the world shows. */
export interface StandingPick {
  readonly record: PickRecord;
  readonly seen: PickObserved;
  readonly state: PickState;
  /** Logins of who has to act, or the workstream; empty where nobody has to. */
  readonly owners: readonly string[];
}

/**
 * The state of a pick. What is on the line is there, whatever was decided; then decisions count, then what is observed. An approval holds for the head
 * that was looked at: after another push the pick is back in review.
 */
export function stateOf(record: PickRecord, seen: PickObserved): PickState {
  // A pull request that is open picks it once more; a merged one has been undone.
  if (seen.takenBack !== null && seen.pull?.state !== 'open') return 'taken-back';
  // What is on the line and is to be taken back there is decided about like a pick.
  const isReverting = seen.pull?.state === 'open' && seen.pull.does === 'revert';
  if (!isReverting && (seen.landedBy !== null || seen.pull?.state === 'merged')) {
    if (seen.released !== null) return 'released';
    return seen.candidate === null ? 'landed' : 'in-rc';
  }
  const { decided } = record;
  switch (decided.is) {
    case 'refused':
    case 'withdrawn':
    case 'superseded':
    case 'late':
    case 'needs-info':
      return decided.is;
    case 'approved':
      if (seen.pull?.state === 'open' && seen.pull.head === decided.head) return approvedState(seen.pull.jobs);
      break;
    case 'open':
      break;
  }
  if (!seen.isMerged) return 'waits-for-merge';
  if (seen.pull?.state === 'open') return 'needs-review';
  return seen.conflict === null ? 'requested' : 'conflict';
}

/** Approved, and its jobs have begun to tell something: in CI until all are green. */
function approvedState(jobs: JobsJudged | null): PickState {
  if (jobs === null || (jobs.counted.length === 0 && jobs.missing.length === 0)) return 'approved';
  return jobs.verdict === 'pass' ? 'approved' : 'in-ci';
}

/** The pick with its state and who has to act on it. */
export function standingOf(record: PickRecord, seen: PickObserved, managers: readonly string[]): StandingPick {
  const state = stateOf(record, seen);
  return { record, seen, state, owners: ownersOf(state, { record, seen, managers }) };
}

function ownersOf(
  state: PickState,
  {
    record,
    seen,
    managers,
  }: { readonly record: PickRecord; readonly seen: PickObserved; readonly managers: readonly string[] },
): readonly string[] {
  const people = [...new Set([seen.author, record.askedBy])];
  switch (state) {
    case 'waits-for-merge':
    case 'conflict':
    case 'needs-info':
      return people;
    case 'in-ci':
      return seen.pull?.jobs?.verdict === 'failing' ? people : managers;
    case 'requested':
    case 'needs-review':
    case 'approved':
      return managers;
    case 'landed':
    case 'in-rc':
    case 'released':
    case 'refused':
    case 'withdrawn':
    case 'late':
    case 'superseded':
    case 'taken-back':
      return [];
  }
}

/** Whether nothing more has to happen to a pick before the final candidate. */
export function isSettled(state: PickState): boolean {
  return SETTLED.has(state);
}

const SETTLED: ReadonlySet<PickState> = new Set([
  'landed',
  'in-rc',
  'released',
  'refused',
  'withdrawn',
  'late',
  'superseded',
  'taken-back',
]);

/** Since when a pick waits: the last decision about it, or the request. */
export function waitsSince({ decided, askedAt }: PickRecord): Instant {
  return decided.is === 'open' ? askedAt : decided.at;
}
