import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { Handle, Outcome } from '../domain/plan/receipt.ts';
import type { Step } from '../domain/plan/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease, Ledger } from '../ports/ledger.ts';
import type { StepPorts, StepState } from './driver.ts';
import { bindStep, type BoundStep } from './drivers/index.ts';
import type { PlanRecord } from './fold.ts';
import { groupedAppend } from './group-append.ts';

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
  /** Asked between steps: aborted means finish what runs, start nothing more. */
  readonly stop: AbortSignal;
  readonly report: (progress: ApplyProgress) => void;
}

/** A plan being carried out. */
interface Running extends Applying {
  readonly append: ReturnType<typeof groupedAppend>;
}

/** How it ended: `finished` when every step is observed as done. */
export interface Applied {
  readonly end: 'finished' | 'stopped' | 'interrupted';
  readonly settled: readonly { readonly step: Step; readonly outcome: Outcome; readonly handle: Handle }[];
  readonly stopped: readonly { readonly step: Step; readonly reason: string }[];
  readonly left: readonly Step[];
}

/** The world failed in the middle: nothing is lost, what was done is in the ledger or will be found by looking. */
export class ApplyFailure extends Error {
  readonly step: Step | null;
  constructor(step: Step | null, options: { readonly cause: unknown }) {
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(step === null ? cause : `${step.key}: ${cause}`, options);
    this.name = 'ApplyFailure';
    this.step = step;
  }
}

type Settled = Applied['settled'][number];
type Stopped = Applied['stopped'][number];

/**
 * Carries out the plan's steps wave by wave: look, adopt or stop or (intent, act, look again, receipt). May be called again after any kind of end;
 * what is there already with the planned content is adopted, so that no effect happens twice.
 */
export async function applyPlan(given: Applying): Promise<Applied> {
  const { train } = given.record.plan.body;
  const applying: Running = { ...given, append: groupedAppend(given.ledger, train) };
  const { steps } = applying.record.plan.body;
  const waves = [...new Set(steps.map((step) => step.wave))].toSorted((left, right) => left - right);
  const settled: Settled[] = [];
  const left = () => steps.filter((step) => !settled.some((done) => done.step.key === step.key));
  await note(applying, [{ type: 'apply-started', ...planFacts(applying), digest: applying.record.plan.digest }]);
  for (const wave of waves) {
    if (applying.stop.aborted) return { end: 'interrupted', settled, stopped: [], left: left() };
    const end = await applyWave(
      applying,
      steps.filter((step) => step.wave === wave),
    );
    settled.push(...end.settled);
    if (end.stopped.length > 0) return { end: 'stopped', settled, stopped: end.stopped, left: left() };
    if (end.interrupted) return { end: 'interrupted', settled, stopped: [], left: left() };
  }
  await note(applying, [{ type: 'plan-finished', ...planFacts(applying), digest: applying.record.plan.digest }]);
  return { end: 'finished', settled, stopped: [], left: [] };
}

interface WaveEnd {
  readonly settled: readonly Settled[];
  readonly stopped: readonly Stopped[];
  readonly interrupted: boolean;
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
    return { settled, stopped: astray, interrupted: false };
  }
  const absent = seen.filter(({ state }) => state.is === 'absent');
  if (absent.length === 0) return { settled, stopped: [], interrupted: false };
  if (applying.stop.aborted) return { settled, stopped: [], interrupted: true };
  await requireLease(applying);
  await note(
    applying,
    absent.map(({ step }) => ({ type: 'step-intended', ...planFacts(applying), step: step.key })),
  );
  const acted = await allOf(absent, ({ step, bound }) => actAndLook(applying, step, bound));
  const stopped = acted.flatMap((one) => ('reason' in one ? [one] : []));
  await noteStops(applying, stopped);
  return {
    settled: [...settled, ...acted.flatMap((one) => ('outcome' in one ? [one] : []))],
    stopped,
    interrupted: false,
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

/** Runs side by side, waits for all, then lets the first failure through: no step is left running behind. */
async function allOf<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const ends = await Promise.allSettled(items.map((item) => work(item)));
  return ends.map((end, index) => {
    if (end.status === 'fulfilled') return end.value;
    throw end.reason instanceof ApplyFailure
      ? end.reason
      : new ApplyFailure(stepOf(items[index]), { cause: end.reason });
  });
}

/** The step that an item of work is about: the item itself, or what it carries. */
function stepOf(item: unknown): Step | null {
  if (isStep(item)) return item;
  return typeof item === 'object' && item !== null && 'step' in item && isStep(item.step) ? item.step : null;
}

function isStep(value: unknown): value is Step {
  return typeof value === 'object' && value !== null && 'key' in value && 'wave' in value;
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
