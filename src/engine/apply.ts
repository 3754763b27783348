import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { Handle, Outcome } from '../domain/plan/receipt.ts';
import type { Step } from '../domain/plan/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease, Ledger } from '../ports/ledger.ts';
import type { StepPorts, StepState } from './driver.ts';
import { bindStep, type BoundStep } from './drivers/index.ts';
import type { PlanRecord } from './fold.ts';
import { groupedAppend } from './group-append.ts';
import { haltText, watchForHalt, type Halt, type HaltWatch } from './halt.ts';
import { allOf, ApplyFailure } from './side-by-side.ts';

export { ApplyFailure } from './side-by-side.ts';

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
}

/** A plan being carried out. */
interface Running extends Applying {
  readonly append: ReturnType<typeof groupedAppend>;
  readonly halted: HaltWatch;
}

/**
 * How it ended: `finished` when every step is observed as done, `stopped` where something is in the way, `interrupted` by whoever started it,
 * `halted` by a decision that others wrote into the ledger meanwhile.
 */
export interface Applied {
  readonly end: 'finished' | 'stopped' | 'interrupted' | 'halted';
  /** Who halted it and why; null where nobody did. */
  readonly halt: Halt | null;
  readonly settled: readonly { readonly step: Step; readonly outcome: Outcome; readonly handle: Handle }[];
  readonly stopped: readonly { readonly step: Step; readonly reason: string }[];
  readonly left: readonly Step[];
}

type Settled = Applied['settled'][number];
type Stopped = Applied['stopped'][number];

/**
 * Carries out the plan's steps wave by wave: look, adopt or stop or (intent, act, look again, receipt). May be called again after any kind of end;
 * what is there already with the planned content is adopted, so that no effect happens twice. An end that is not the whole plan is written down.
 */
export async function applyPlan(given: Applying): Promise<Applied> {
  const { plan } = given.record;
  const { ledger, clock, seenTo } = given;
  const applying: Running = {
    ...given,
    append: groupedAppend(ledger, plan.body.train),
    halted: watchForHalt({ ledger, clock, plan, seenTo }),
  };
  try {
    await note(applying, [{ type: 'apply-started', ...planFacts(applying), digest: plan.digest }]);
    const applied = await applyWaves(applying);
    const end = endOf(applied);
    await note(applying, [
      end === null
        ? { type: 'plan-finished', ...planFacts(applying), digest: plan.digest }
        : { type: 'apply-ended', ...planFacts(applying), ...end },
    ]);
    return applied;
  } catch (error) {
    await noteFailure(applying, error);
    throw error;
  }
}

type Ended = Pick<Extract<LedgerEvent, { readonly type: 'apply-ended' }>, 'end' | 'reason'>;

/** What is written down of an end that is not the whole plan; null where it is. */
function endOf({ end, halt, stopped }: Applied): Ended | null {
  switch (end) {
    case 'finished':
      return null;
    case 'interrupted':
      return { end, reason: 'it was told to end before its next step' };
    case 'stopped':
      return { end, reason: reasonText(stopped.map(({ step, reason }) => `${step.key}: ${reason}`).join('; ')) };
    case 'halted':
      return { end: 'stopped', reason: reasonText(halt === null ? 'somebody halted it' : haltText(halt)) };
  }
}

/** The failure is what the caller must hear of, also where the ledger itself failed and cannot take it. */
async function noteFailure(applying: Running, error: unknown): Promise<void> {
  const reason = reasonText(error instanceof Error ? error.message : String(error));
  try {
    await note(applying, [{ type: 'apply-ended', ...planFacts(applying), end: 'failed', reason }]);
  } catch {
    // Then there is no record of this end, as after a kill; `apply` again goes on all the same.
  }
}

/** As long as the ledger takes a reason. */
function reasonText(text: string): string {
  const whole = text === '' ? 'no reason was given' : text;
  return whole.length > 4000 ? `${whole.slice(0, 3997)}...` : whole;
}

async function applyWaves(applying: Running): Promise<Applied> {
  const { steps } = applying.record.plan.body;
  const waves = [...new Set(steps.map((step) => step.wave))].toSorted((left, right) => left - right);
  const settled: Settled[] = [];
  const ended = (end: Applied['end'], more: Partial<Applied> = {}): Applied => ({
    end,
    halt: null,
    settled,
    stopped: [],
    left: steps.filter((step) => !settled.some((done) => done.step.key === step.key)),
    ...more,
  });
  for (const wave of waves) {
    const before = await heldUp(applying, 'always');
    if (before !== null) return ended(before.end, { halt: before.halt });
    const end = await applyWave(
      applying,
      steps.filter((step) => step.wave === wave),
    );
    settled.push(...end.settled);
    if (end.stopped.length > 0) return ended('stopped', { stopped: end.stopped });
    if (end.held !== null) return ended(end.held.end, { halt: end.held.halt });
  }
  return ended('finished');
}

/** Why nothing more is started. */
type HeldUp = { readonly end: 'interrupted'; readonly halt: null } | { readonly end: 'halted'; readonly halt: Halt };

/** Asked before every step: whether who started it, or a decision in the ledger, wants it to end. */
async function heldUp(applying: Running, look: Parameters<HaltWatch>[0]): Promise<HeldUp | null> {
  if (applying.stop.aborted) return { end: 'interrupted', halt: null };
  const halt = await applying.halted(look);
  return halt === null ? null : { end: 'halted', halt };
}

interface WaveEnd {
  readonly settled: readonly Settled[];
  readonly stopped: readonly Stopped[];
  /** Why steps of the wave were not started; null where all were. */
  readonly held: HeldUp | null;
}

async function applyWave(applying: Running, steps: readonly Step[]): Promise<WaveEnd> {
  const seen = await allOf(steps, async (step) => {
    const bound = bindStep(step, applying.ports);
    return { step, bound, state: await bound.observe() };
  });
  const present = await allOf(seen, ({ step, state }) => adopt(applying, step, state));
  const settled = present.flatMap((one) => (one === null ? [] : [one]));
  const astray = seen.flatMap(({ step, state }) => strayOf(applying, step, state));
  if (astray.length > 0) {
    await noteStops(applying, astray);
    return { settled, stopped: astray, held: null };
  }
  const absent = seen.filter(({ state }) => state.is === 'absent');
  if (absent.length === 0) return { settled, stopped: [], held: null };
  const before = await heldUp(applying, 'now and then');
  if (before !== null) return { settled, stopped: [], held: before };
  await requireLease(applying);
  await note(
    applying,
    absent.map(({ step }) => ({ type: 'step-intended', ...planFacts(applying), step: step.key })),
  );
  const acted = await allOf(
    absent,
    async ({ step, bound }) => (await heldUp(applying, 'now and then')) ?? actAndLook(applying, step, bound),
  );
  const stopped = acted.flatMap((one) => ('reason' in one ? [one] : []));
  await noteStops(applying, stopped);
  return {
    settled: [...settled, ...acted.flatMap((one) => ('outcome' in one ? [one] : []))],
    stopped,
    held: acted.find((one) => 'halt' in one) ?? null,
  };
}

/** A step that the world already has is adopted; that it was ours is known by its earlier receipt, which then stays as it is. */
async function adopt(applying: Running, step: Step, state: StepState): Promise<Settled | null> {
  if (state.is !== 'present') return null;
  const known = applying.record.receipts.find((receipt) => receipt.step === step.key);
  if (known !== undefined) return { step, outcome: known.outcome, handle: known.handle };
  // An intent without a receipt: the process ended in between, so the effect is this plan's own.
  const outcome = applying.record.intended.includes(step.key) ? 'done' : 'adopted';
  await note(applying, [
    { type: 'step-receipt', ...planFacts(applying), step: step.key, outcome, handle: state.handle },
  ]);
  applying.report({ step, now: outcome, handle: state.handle });
  return { step, outcome, handle: state.handle };
}

function strayOf(applying: Running, step: Step, state: StepState): readonly Stopped[] {
  if (state.is === 'other') return [{ step, reason: state.text }];
  const receipt = applying.record.receipts.find((known) => known.step === step.key);
  if (state.is === 'absent' && receipt !== undefined) {
    return [
      {
        step,
        reason: `it was done at ${receipt.at} and is gone: ${state.gone ?? 'somebody took it away since. Find out who before going on'}`,
      },
    ];
  }
  return [];
}

async function actAndLook(applying: Running, step: Step, bound: BoundStep): Promise<Settled | Stopped> {
  applying.report({ step, now: 'started' });
  const answer = await bound.act();
  const after = (answer.acted ? answer.after : undefined) ?? (await bound.observe());
  // Refused, and there all the same: an earlier try of it, whose answer was lost, was quicker. What is there is what counts.
  if (!answer.acted && after.is !== 'present') return { step, reason: answer.reason };
  if (after.is !== 'present') {
    return {
      step,
      reason:
        after.is === 'other'
          ? after.text
          : 'it was carried out without an error, and is not there. Look at it before going on',
    };
  }
  await note(applying, [
    { type: 'step-receipt', ...planFacts(applying), step: step.key, outcome: 'done', handle: after.handle },
  ]);
  applying.report({ step, now: 'done', handle: after.handle });
  return { step, outcome: 'done', handle: after.handle };
}

async function noteStops(applying: Running, stopped: readonly Stopped[]): Promise<void> {
  if (stopped.length === 0) return;
  await note(
    applying,
    stopped.map(({ step, reason }) => ({ type: 'step-stopped', ...planFacts(applying), step: step.key, reason })),
  );
  for (const { step, reason } of stopped) applying.report({ step, now: 'stopped', reason });
}

async function requireLease(applying: Running): Promise<void> {
  if (await applying.lease.isHeld()) return;
  throw new ApplyFailure(null, {
    cause: new Error(
      'the lock of this release was lost (the database restarted, or somebody broke it). Nothing more was started',
    ),
  });
}

function planFacts({ record }: Applying): {
  readonly release: PlanRecord['plan']['body']['release'];
  readonly plan: PlanRecord['plan']['id'];
} {
  return { release: record.plan.body.release, plan: record.plan.id };
}

async function note(applying: Running, events: readonly LedgerEvent[]): Promise<void> {
  const at = applying.clock.now();
  await applying.append(events.map((event) => ({ at, actor: applying.actor, event })));
}
