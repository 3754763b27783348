import type { Digest } from '../domain/canonical-json.ts';
import type { Waiver } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { Plan, PlanId } from '../domain/plan/plan.ts';
import type { Handle, Outcome } from '../domain/plan/receipt.ts';

export interface Approval {
  readonly by: string;
  readonly at: Instant;
  readonly role: string;
  readonly digest: Digest;
}

export interface Receipt {
  readonly step: string;
  readonly outcome: Outcome;
  readonly handle: Handle;
  readonly at: Instant;
  readonly by: string;
}

/** How a carrying-out ended that did not finish. */
export interface ApplyEnd {
  readonly end: 'stopped' | 'interrupted' | 'failed';
  readonly reason: string;
  readonly at: Instant;
  readonly by: string;
}

/** All that the ledger knows of one plan. What the world says of its steps is observed, never taken from here. */
export interface PlanRecord {
  readonly plan: Plan;
  readonly madeAt: Instant;
  readonly goodUntil: Instant;
  readonly approvals: readonly Approval[];
  /** Keys of steps whose intent was written: the plan was begun. */
  readonly intended: readonly string[];
  readonly receipts: readonly Receipt[];
  readonly stops: readonly { readonly step: string; readonly reason: string; readonly at: Instant }[];
  /** How the last carrying-out ended, when it did not finish and could say so. */
  readonly ended: ApplyEnd | null;
  readonly finishedAt: Instant | null;
  readonly dropped: { readonly by: string; readonly reason: string } | null;
}

/** `made`: not begun. `partial`: begun, not finished: `apply` again goes on. */
export type PlanState = 'made' | 'partial' | 'finished' | 'dropped';

export function planState(record: PlanRecord): PlanState {
  if (record.dropped !== null) return 'dropped';
  if (record.finishedAt !== null) return 'finished';
  return record.intended.length > 0 || record.receipts.length > 0 ? 'partial' : 'made';
}

/** The plans of a train by id, in the order they were made, folded from its ledger. */
export function foldPlans(entries: readonly LedgerEntry[]): ReadonlyMap<PlanId, PlanRecord> {
  const plans = new Map<PlanId, Folding>();
  for (const entry of entries) {
    const next = planAfter(plans, entry);
    if (next !== null) plans.set(next.plan.id, next);
  }
  return new Map(
    [...plans].map(([id, { intended, receipts, ...rest }]) => [
      id,
      { ...rest, intended: [...intended], receipts: [...receipts.values()] },
    ]),
  );
}

/** A record while it is folded: what comes once for each of thousands of steps is added to, not copied. */
interface Folding extends Omit<PlanRecord, 'intended' | 'receipts'> {
  readonly intended: Set<string>;
  readonly receipts: Map<string, Receipt>;
}

function planAfter(plans: ReadonlyMap<PlanId, Folding>, entry: LedgerEntry): Folding | null {
  const { event, at, actor } = entry;
  if (event.type === 'plan-made') return made(plans.get(event.plan.id), event, at);
  if (!('plan' in event)) return null;
  const record = plans.get(event.plan);
  if (record === undefined) return null;
  switch (event.type) {
    case 'plan-approved':
      return {
        ...record,
        approvals: [
          ...record.approvals.filter(({ by }) => by !== actor),
          { by: actor, at, role: event.role, digest: event.digest },
        ],
      };
    case 'plan-approval-revoked':
      return { ...record, approvals: record.approvals.filter(({ by }) => by !== actor) };
    case 'plan-dropped':
      return { ...record, dropped: { by: actor, reason: event.reason } };
    case 'apply-started':
      return { ...record, ended: null };
    // It is for the process that carries the plan out, which reads the ledger by itself.
    case 'apply-stop-asked':
      return record;
    case 'apply-ended':
      return { ...record, ended: { end: event.end, reason: event.reason, at, by: actor } };
    case 'step-intended':
      record.intended.add(event.step);
      return record;
    case 'step-receipt': {
      const { step, outcome, handle } = event;
      // The newest stands last.
      record.receipts.delete(step);
      record.receipts.set(step, { step, outcome, handle, at, by: actor });
      return record;
    }
    case 'step-stopped':
      return { ...record, stops: [...record.stops, { step: event.step, reason: event.reason, at }] };
    case 'plan-finished':
      return { ...record, finishedAt: at };
  }
}

/** The same plan made again keeps its record: only its time is new. Approvals were given to the same digest, so they hold. */
function made(
  known: Folding | undefined,
  event: { readonly plan: Plan; readonly goodUntil: Instant },
  at: Instant,
): Folding {
  const isOver = known === undefined || known.finishedAt !== null || known.dropped !== null;
  return { ...(isOver ? fresh() : known), plan: event.plan, madeAt: at, goodUntil: event.goodUntil };
}

function fresh(): Omit<Folding, 'plan' | 'madeAt' | 'goodUntil'> {
  const nothing = { approvals: [], stops: [], ended: null, finishedAt: null, dropped: null };
  return { ...nothing, intended: new Set(), receipts: new Map() };
}

/** Waivers of a release that were not ended since; whether one still holds at a moment is the gate's business. */
export function foldWaivers(entries: readonly LedgerEntry[]): readonly Waiver[] {
  let waivers: readonly Waiver[] = [];
  for (const { event, actor } of entries) {
    if (event.type === 'gate-waived') {
      waivers = [
        ...waivers.filter(({ gate }) => gate !== event.gate),
        { gate: event.gate, by: actor, reason: event.reason, until: event.until },
      ];
    }
    if (event.type === 'gate-waiver-ended') waivers = waivers.filter(({ gate }) => gate !== event.gate);
  }
  return waivers;
}
