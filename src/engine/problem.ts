import type { MovedFile } from './drift.ts';
import type { PlanRecord } from './fold.ts';

/** Why the engine will not do a thing that a person asked for. */
export type EngineProblem =
  | { readonly code: 'plan-unknown'; readonly id: string; readonly like: readonly string[] }
  | { readonly code: 'plan-dropped'; readonly id: string; readonly by: string; readonly reason: string }
  | { readonly code: 'plan-expired'; readonly id: string; readonly goodUntil: string }
  | { readonly code: 'plan-finished'; readonly id: string; readonly at: string; readonly by: string }
  | { readonly code: 'plan-begun'; readonly id: string }
  | { readonly code: 'train-changed'; readonly id: string }
  | {
      readonly code: 'ref-moved';
      readonly id: string;
      readonly repo: string;
      readonly ref: string;
      readonly planned: string;
      readonly found: string;
    }
  | { readonly code: 'gate-closed'; readonly id: string; readonly gates: readonly string[]; readonly release: string }
  | {
      readonly code: 'approvals-missing';
      readonly id: string;
      readonly have: readonly string[];
      /** Whose approval is too old. */
      readonly expired: readonly string[];
      readonly needed: number;
      readonly permanent: boolean;
    }
  | {
      readonly code: 'abandoned';
      readonly what: string;
      readonly by: string;
      readonly at: string;
      readonly reason: string;
    }
  | {
      readonly code: 'train-frozen';
      readonly id: string;
      readonly by: string;
      readonly at: string;
      readonly reason: string;
    }
  /** `final`: the candidate that is final now, with other files than the plan's; null while none is. */
  | { readonly code: 'final-changed'; readonly id: string; readonly release: string; readonly final: string | null }
  | { readonly code: 'outside-window'; readonly id: string; readonly purpose: string; readonly opens: string | null }
  | {
      readonly code: 'files-changed';
      readonly id: string;
      readonly files: readonly MovedFile[];
      /** Who has to approve the plan that is made instead; none where it needs no approval. */
      readonly again: readonly string[];
      readonly needed: number;
    }
  | { readonly code: 'not-applied'; readonly id: string; readonly state: string }
  | { readonly code: 'approver-is-author'; readonly id: string; readonly who: string }
  | {
      readonly code: 'approver-without-role';
      readonly id: string;
      readonly who: string;
      readonly roles: readonly string[];
    }
  | { readonly code: 'approval-twice'; readonly id: string; readonly who: string }
  | { readonly code: 'approval-not-needed'; readonly id: string }
  | { readonly code: 'approval-none'; readonly id: string; readonly who: string }
  | { readonly code: 'not-confirmed'; readonly id: string; readonly phrase: string; readonly typed: string | null }
  | {
      readonly code: 'held-by-other';
      readonly id: string;
      readonly holder: string;
      readonly since: string;
      readonly release: string;
    }
  | { readonly code: 'nothing-to-undo'; readonly id: string; readonly permanent: readonly string[] };

/** What is wrong, with which thing, then what to do next. */
export function explain(problem: EngineProblem): string {
  switch (problem.code) {
    case 'plan-unknown':
      return `There is no plan ${problem.id}${problem.like.length > 0 ? `; did you mean ${problem.like.join(' or ')}` : ''}. List them: signalbox plan list`;
    case 'plan-dropped':
      return `Plan ${problem.id} was dropped by ${problem.by} ("${problem.reason}"). Make a new one.`;
    case 'plan-expired':
      return `Plan ${problem.id} was good until ${problem.goodUntil}. Make it again: the same world gives the same plan, and its approvals hold.`;
    case 'plan-finished':
      return `${problem.by} carried plan ${problem.id} out wholly at ${problem.at}. Nothing is left to do; what is to be done next is planned anew.`;
    case 'plan-begun':
      return `Plan ${problem.id} has been begun. Go on with it (signalbox apply ${problem.id}), or take back what it did (signalbox undo ${problem.id}).`;
    case 'train-changed':
      return `The train file is not the one plan ${problem.id} was made with, so the plan and its approvals are void. Plan again and compare: signalbox plan diff ${problem.id}`;
    case 'ref-moved':
      return `${problem.ref} of ${problem.repo} was at ${problem.planned} when plan ${problem.id} was made and is at ${problem.found} now. Plan again: what changed must be seen before it is done.`;
    case 'gate-closed':
      return `${problem.gates.length} ${problem.gates.length === 1 ? 'gate blocks' : 'gates block'} plan ${problem.id}: ${problem.gates.join(', ')}. See: signalbox blockers ${problem.release}`;
    case 'approvals-missing':
      return `Plan ${problem.id} ${problem.permanent ? 'cannot be taken back, so' : 'is to be agreed on:'} ${problem.needed} people other than its author must approve it; it has ${have(problem.have)}${expiredText(problem.expired)}. Ask them for: signalbox plan approve ${problem.id}`;
    case 'abandoned':
      return `${problem.what} was abandoned by @${problem.by} at ${minuteText(problem.at)} ("${problem.reason}"), for ever: nothing is planned or carried out with it again. Go on with another number.`;
    case 'train-frozen':
      return `The train was frozen by @${problem.by} at ${minuteText(problem.at)} ("${problem.reason}"): plan ${problem.id} is not carried out before it is thawed. A release manager does that with: signalbox release thaw`;
    case 'final-changed':
      return `The files of plan ${problem.id} are not those of a final candidate: ${problem.final === null ? `no candidate of ${problem.release} is marked as final` : `${problem.final} is, with other files`}. Mark the right one, or plan again: signalbox rc final`;
    case 'outside-window':
      return `Plan ${problem.id} publishes (${problem.purpose}), and the train file does not let that begin now. ${problem.opens === null ? 'No window of it ever opens: mend `promotion.windows`.' : `The next window opens at ${minuteText(problem.opens)}; then: signalbox apply ${problem.id}`}`;
    case 'files-changed':
      return filesText(problem);
    case 'not-applied':
      return problem.state === 'made'
        ? `Nobody is carrying plan ${problem.id} out: there is nothing to stop. So that nobody does: signalbox plan drop ${problem.id}`
        : `Nobody is carrying plan ${problem.id} out now: there is nothing to stop. It was begun, and may be gone on with; so that nobody does: signalbox release freeze`;
    case 'approver-is-author':
      return `${problem.who} made plan ${problem.id} and cannot approve it. Other people must.`;
    case 'approver-without-role':
      return `${problem.who} may not approve plan ${problem.id}: that needs the role ${problem.roles.join(' or ')} in the train file.`;
    case 'approval-twice':
      return `${problem.who} has approved plan ${problem.id} already. Somebody else must be the second.`;
    case 'approval-not-needed':
      return `Every step of plan ${problem.id} can be taken back: it needs no approval. Carry it out: signalbox apply ${problem.id}`;
    case 'approval-none':
      return `${problem.who} has not approved plan ${problem.id}: there is nothing to revoke.`;
    case 'not-confirmed':
      return `Plan ${problem.id} cannot be taken back. Type exactly "${problem.phrase}" to carry it out${problem.typed === null ? `, or pass --confirm "${problem.phrase}"` : `; "${problem.typed}" is not it. Nothing was done`}.`;
    case 'held-by-other':
      return `${problem.holder} is changing ${problem.release} since ${problem.since}. Wait until that is done, then plan again; if that process is gone for good: signalbox release unlock ${problem.release} --reason "…"`;
    case 'nothing-to-undo':
      return `Nothing of plan ${problem.id} can be taken back${problem.permanent.length > 0 ? `: ${problem.permanent.join(', ')} cannot be undone` : ': it did nothing'}.`;
  }
}

/** Files told at length; of more, only how many there are. */
const TOLD_FILES = 5;

function filesText({ id, files, again, needed }: Extract<EngineProblem, { readonly code: 'files-changed' }>): string {
  const told = files.slice(0, TOLD_FILES).map(({ is, where, planned, found }) => {
    const was = planned === null ? 'was to be free' : `was ${planned}`;
    return `${is} ${where} ${was} and is ${found ?? 'gone'}`;
  });
  const more = files.length > TOLD_FILES ? `; and ${files.length - TOLD_FILES} more` : '';
  const people = again.map((who) => `@${who}`).join(', ');
  const approve = needed === 0 ? '' : ` The new plan needs ${needed} approvals of its own, again of ${people}.`;
  return `${files.length} ${files.length === 1 ? 'file is' : 'files are'} not as when plan ${id} was made: ${told.join('; ')}${more}. Find out who changed it, then plan again.${approve}`;
}

function expiredText(people: readonly string[]): string {
  return people.length === 0 ? '' : `, and what ${people.join(', ')} gave has expired`;
}

/** `2025-07-28 15:10 UTC`. */
function minuteText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function have(people: readonly string[]): string {
  return people.length === 0 ? 'none' : people.join(', ');
}

/** The problem of a plan that may no longer be approved or begun, if any. */
export function closedProblem(record: PlanRecord): EngineProblem | null {
  const id = record.plan.id;
  if (record.dropped !== null) return { code: 'plan-dropped', id, ...record.dropped };
  if (record.finishedAt === null) return null;
  const by = record.receipts.at(-1)?.by ?? record.plan.body.author;
  return { code: 'plan-finished', id, at: record.finishedAt, by };
}
