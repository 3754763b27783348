import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { Handle, Outcome } from '../domain/plan/receipt.ts';
import type { Step } from '../domain/plan/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease, Ledger } from '../ports/ledger.ts';
import type { StepPorts } from './driver.ts';
import type { PlanRecord, Receipt } from './fold.ts';
import type { groupedAppend } from './group-append.ts';
import type { Halt, HaltWatch } from './halt.ts';
import { ApplyFailure, type StepLanes } from './lanes.ts';

/** What happens to a step, told as it happens. */
export type ApplyProgress =
  | { readonly step: Step; readonly now: 'started' }
  | { readonly step: Step; readonly now: 'done' | 'adopted'; readonly handle: Handle }
  | { readonly step: Step; readonly now: 'stopped'; readonly reason: string };

export interface Applying {
  readonly record: PlanRecord;
  readonly actor: string;
  readonly ports: StepPorts;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly clock: Clock;
  /** Place in the ledger when the carrying-out was asked for: a stop or a freeze written after it ends it. */
  readonly seenTo: number;
  /** Asked between steps: aborted means finish what runs, start nothing more. */
  readonly stop: AbortSignal;
  readonly report: (progress: ApplyProgress) => void;
  /** How many steps of a kind run at once, where it is not to be the usual number. */
  readonly lanes?: StepLanes;
}

/** A plan being carried out. */
export interface Running extends Applying {
  readonly append: ReturnType<typeof groupedAppend>;
  readonly halted: HaltWatch;
  readonly isHeld: () => Promise<boolean>;
  /** By the keys of their steps. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  readonly intended: ReadonlySet<string>;
}

/** A step that is as planned now. */
export interface Settled {
  readonly step: Step;
  readonly outcome: Outcome;
  readonly handle: Handle;
}

/** A step that is not, and why. */
export interface Stopped {
  readonly step: Step;
  readonly reason: string;
}

/** Why nothing more is started. */
export type HeldUp =
  | { readonly end: 'interrupted'; readonly halt: null }
  | { readonly end: 'halted'; readonly halt: Halt };

/** Asked before every step: whether who started it, or a decision in the ledger, wants it to end. */
export async function heldUp(applying: Running, look: Parameters<HaltWatch>[0]): Promise<HeldUp | null> {
  if (applying.stop.aborted) return { end: 'interrupted', halt: null };
  const halt = await applying.halted(look);
  return halt === null ? null : { end: 'halted', halt };
}

/** Nothing is started without the lock of the release. */
export async function requireLease(applying: Running): Promise<void> {
  if (await applying.isHeld()) return;
  throw new ApplyFailure(null, {
    cause: new Error(
      'the lock of this release was lost (the database restarted, or somebody broke it). Nothing more was started',
    ),
  });
}

/** What every event of the carrying-out names. */
export function planFacts({ record }: Applying): {
  readonly release: PlanRecord['plan']['body']['release'];
  readonly plan: PlanRecord['plan']['id'];
} {
  return { release: record.plan.body.release, plan: record.plan.id };
}

/** Writes events down; those that come at one time are stored together. */
export async function note(applying: Running, events: readonly LedgerEvent[]): Promise<void> {
  if (events.length === 0) return;
  const at = applying.clock.now();
  await applying.append(events.map((event) => ({ at, actor: applying.actor, event })));
}
