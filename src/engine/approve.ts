import { addSeconds, elapsedMillis, type Instant } from '../domain/instant.ts';
import type { LedgerDraft } from '../domain/ledger-event.ts';
import { approvalsNeeded } from '../domain/plan/plan.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { rolesOf } from '../domain/train/roles.ts';
import type { Role, Train } from '../domain/train/train.ts';
import { planState, type Approval, type PlanRecord } from './fold.ts';
import { closedProblem, type EngineProblem } from './problem.ts';

/** Roles whose word counts on a step that cannot be taken back. */
const APPROVING_ROLES: readonly Role[] = ['release-manager', 'approver'];

export interface Deciding {
  readonly train: Train;
  readonly who: string;
  readonly now: Instant;
}

/** The approval of one person, bound to the plan's digest. It starts nothing, also when it is the last one. */
export function decideApproval(record: PlanRecord, { train, who, now }: Deciding): Result<LedgerDraft, EngineProblem> {
  const { id, digest, body } = record.plan;
  const closed = closedProblem(record);
  if (closed !== null) return refuse(closed);
  if (approvalsNeeded(record.plan) === 0) return refuse({ code: 'approval-not-needed', id });
  // Begun, it is gone on with however old it is, and approvals that have expired meanwhile are given again.
  if (planState(record) === 'made' && now >= record.goodUntil)
    return refuse({ code: 'plan-expired', id, goodUntil: record.goodUntil });
  if (who === body.author) return refuse({ code: 'approver-is-author', id, who });
  const role = rolesOf(train, who).find((candidate) => APPROVING_ROLES.includes(candidate));
  if (role === undefined) return refuse({ code: 'approver-without-role', id, who, roles: APPROVING_ROLES });
  if (countingApprovals(record, { train, now }).some(({ by }) => by === who))
    return refuse({ code: 'approval-twice', id, who });
  return succeed({
    at: now,
    actor: who,
    event: { type: 'plan-approved', release: body.release, plan: id, digest, role },
  });
}

/** Takes one's own approval back; possible until the plan is begun. */
export function decideRevocation(
  record: PlanRecord,
  { who, now, reason }: { readonly who: string; readonly now: Instant; readonly reason: string },
): Result<LedgerDraft, EngineProblem> {
  const { id, digest, body } = record.plan;
  const closed = closedProblem(record);
  if (closed !== null) return refuse(closed);
  if (record.intended.length > 0) return refuse({ code: 'plan-begun', id });
  if (!record.approvals.some(({ by }) => by === who)) return refuse({ code: 'approval-none', id, who });
  return succeed({
    at: now,
    actor: who,
    event: { type: 'plan-approval-revoked', release: body.release, plan: id, digest, reason },
  });
}

/** An approval with the moment from which it counts no more. */
export interface CountingApproval extends Approval {
  readonly expires: Instant;
}

/** By whom and when it is counted. */
interface Counting {
  readonly train: Train;
  readonly now: Instant;
}

/** Approvals that count: of this digest, not too old, by people who still have the role, none of them the author. */
export function countingApprovals(record: PlanRecord, counting: Counting): readonly CountingApproval[] {
  return validApprovals(record, counting.train).filter(({ expires }) => elapsedMillis(counting.now, expires) > 0);
}

/** Approvals that would count, and are too old. */
export function expiredApprovals(record: PlanRecord, counting: Counting): readonly CountingApproval[] {
  return validApprovals(record, counting.train).filter(({ expires }) => elapsedMillis(counting.now, expires) <= 0);
}

/** Who may still approve the plan: everybody with a role that does it, but its author and those whose approval counts. */
export function possibleApprovers(record: PlanRecord, counting: Counting): readonly string[] {
  const counted = countingApprovals(record, counting).map(({ by }) => by);
  const people = new Set(APPROVING_ROLES.flatMap((role) => counting.train.roles[role]));
  return [...people].filter((who) => who !== record.plan.body.author && !counted.includes(who));
}

function validApprovals(record: PlanRecord, train: Train): readonly CountingApproval[] {
  const mayApprove = (who: string): boolean => rolesOf(train, who).some((role) => APPROVING_ROLES.includes(role));
  const seconds = train.promotion.approvalHours * 60 * 60;
  return record.approvals
    .filter(({ by, digest }) => digest === record.plan.digest && by !== record.plan.body.author && mayApprove(by))
    .map((approval) => ({ ...approval, expires: addSeconds(approval.at, seconds) }));
}
