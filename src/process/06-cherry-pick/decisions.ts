import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { LedgerDraft, LedgerEvent } from '../../domain/ledger-event.ts';
import type { PickRef } from '../../domain/pick.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { PickProblem } from './problem.ts';
import type { PickRecord } from './record.ts';
import { isSettled, stateOf, type PickObserved } from './state.ts';
import { windowAt, type PhaseEnds } from './window.ts';

/** What is decided about one pick, by whom, on what is known of it. `seen` is read just before. */
export interface Decision {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly pick: PickRef;
  readonly who: string;
  readonly now: Instant;
  readonly record: PickRecord | null;
  readonly seen: PickObserved;
}

type Decided = Result<LedgerDraft, PickProblem>;

/** A release manager approves the head that the pull request has now. Nobody approves their own change, nor their own hands' work on it. */
export function decidePickApproval(decision: Decision): Decided {
  const { who, seen } = decision;
  const problem = managerProblem(decision) ?? openProblem(decision);
  if (problem !== null) return refuse(problem);
  if (same(who, seen.author)) return refuse({ code: 'own-change', ...namesOf(decision), who });
  if (seen.pull?.state !== 'open') return refuse({ code: 'nothing-to-approve', ...namesOf(decision) });
  return draft(decision, { type: 'pick-approved', ...about(decision), head: seen.pull.head });
}

/** A release manager refuses; the author is told the reason, and may answer. */
export function decidePickRefusal(decision: Decision, reason: string): Decided {
  const problem = managerProblem(decision) ?? openProblem(decision);
  return problem === null
    ? draft(decision, { type: 'pick-refused', ...about(decision), reason: text(reason) })
    : refuse(problem);
}

/** A release manager asks the author something; the pick waits for the answer. */
export function decidePickQuestion(decision: Decision, question: string): Decided {
  const problem = managerProblem(decision) ?? openProblem(decision);
  if (problem !== null) return refuse(problem);
  return draft(decision, { type: 'pick-needs-info', ...about(decision), question: text(question) });
}

/** Back to review: after a refusal by a release manager, after a question by whoever takes part. */
export function decidePickReopening(decision: Decision, reason: string): Decided {
  const { record } = decision;
  if (record === null) return refuse({ code: 'no-such-pick', ...namesOf(decision) });
  const { is } = record.decided;
  if (is !== 'refused' && is !== 'needs-info') {
    return refuse({ code: 'already-decided', ...namesOf(decision), state: stateOf(record, decision.seen) });
  }
  const problem = is === 'refused' ? managerProblem(decision) : partProblem(decision, record);
  if (problem !== null) return refuse(problem);
  return draft(decision, { type: 'pick-reopened', ...about(decision), reason: text(reason) });
}

const NAMES_AN_ISSUE = /(?:^|[\s([])(?:[\w.-]+\/[\w.-]+)?#\d+\b|https?:\/\/\S+\/(?:issues|pull)\/\d+/;

/**
 * A plain comment of somebody of the pick: the answer to a question, or, once after a refusal, the regression it fixes, named. Null for anything else, which
 * is talk.
 */
export function decidePickReply(decision: Decision, comment: string): LedgerDraft | null {
  const { record, now, who } = decision;
  if (record === null || partProblem(decision, record) !== null) return null;
  const { decided } = record;
  const isAppeal = decided.is === 'refused' && !record.appealed && NAMES_AN_ISSUE.test(comment.slice(0, 20_000));
  // Who asked the question does not answer it by going on talking.
  const isAnswer = decided.is === 'needs-info' && !same(decided.by, who);
  const reason = text(comment);
  if (reason === '' || (!isAppeal && !isAnswer)) return null;
  return { at: now, actor: who, event: { type: 'pick-reopened', ...about(decision), reason } };
}

/** Taken back by who asked, who wrote the change, or a release manager; what has landed is not withdrawn but reverted. */
export function decidePickWithdrawal(decision: Decision, reason: string): Decided {
  const { record } = decision;
  const problem = openProblem(decision);
  if (problem !== null) return refuse(problem);
  const other = record === null ? null : partProblem(decision, record);
  return other === null
    ? draft(decision, { type: 'pick-withdrawn', ...about(decision), reason: reason.slice(0, 4000) })
    : refuse(other);
}

/**
 * A named release manager lets a pick in against the rules of its phase, with a reason, until a moment (TRK-06). Not against a final deadline, and not
 * for their own change.
 */
export function decideDispensation(
  decision: Decision,
  { reason, until, ends }: { readonly reason: string; readonly until: Instant; readonly ends: PhaseEnds },
): Decided {
  const { train, release, record, who, seen, now } = decision;
  if (record === null) return refuse({ code: 'no-such-pick', ...namesOf(decision) });
  const problem = managerProblem(decision);
  if (problem !== null) return refuse(problem);
  if (same(who, seen.author)) return refuse({ code: 'own-change', ...namesOf(decision), who });
  const window = windowAt(train, release, ends, now);
  const phase = window?.closed?.phase ?? window?.phase;
  if (phase?.late === 'final' && window?.phase.classes.length === 0)
    return refuse({ code: 'dispensation-impossible', ...namesOf(decision), phase: phase.title });
  if (elapsedMillis(now, until) <= 0) {
    return refuse({
      code: 'already-decided',
      ...namesOf(decision),
      state: `not let in by a dispensation that ended at ${until}`,
    });
  }
  return draft(decision, { type: 'pick-dispensation', ...about(decision), reason: text(reason), until });
}

function managerProblem(decision: Decision): PickProblem | null {
  const managers = decision.train.roles['release-manager'];
  if (managers.some((login) => same(login, decision.who))) return null;
  return { code: 'not-a-release-manager', ...namesOf(decision), who: decision.who, managers };
}

/** The pick was asked for, and is not over. */
function openProblem(decision: Decision): PickProblem | null {
  const { record, seen } = decision;
  if (record === null) return { code: 'no-such-pick', ...namesOf(decision) };
  const state = stateOf(record, seen);
  return isSettled(state) ? { code: 'already-decided', ...namesOf(decision), state } : null;
}

function partProblem(decision: Decision, record: PickRecord): PickProblem | null {
  const { who, seen, train } = decision;
  const part = [...new Set([record.askedBy, seen.author])];
  if ([...part, ...train.roles['release-manager']].some((login) => same(login, who))) return null;
  return { code: 'not-yours-to-withdraw', ...namesOf(decision), who, may: [...part, 'release managers'] };
}

function namesOf({ pick }: Decision): { readonly repo: string; readonly pr: number; readonly branch: string } {
  return { repo: pick.repo, pr: pick.pr, branch: pick.onto };
}

function about({ release, pick }: Decision): { readonly release: ReleaseVersion; readonly pick: PickRef } {
  return { release, pick };
}

function draft({ now, who }: Decision, event: LedgerEvent): Decided {
  return succeed({ at: now, actor: who, event });
}

/** Logins of the forge are the same in upper and lower case. */
function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function text(reason: string): string {
  return reason.trim().slice(0, 4000);
}
