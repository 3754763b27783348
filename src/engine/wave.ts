import type { Step } from '../domain/plan/step.ts';
import type { StepState } from './driver.ts';
import { bindStep, type BoundStep } from './drivers/index.ts';
import { inStepLanes, lanesOf } from './lanes.ts';
import {
  heldUp,
  note,
  planFacts,
  requireLease,
  type HeldUp,
  type Running,
  type Settled,
  type Stopped,
} from './running.ts';

/** What came of a wave. */
export interface WaveEnd {
  readonly settled: readonly Settled[];
  readonly stopped: readonly Stopped[];
  /** Why steps of the wave were not started; null where all were. */
  readonly held: HeldUp | null;
}

/** Steps looked at side by side, whatever their kind. */
const LOOKED_AT_ONCE = 64;

interface Seen {
  readonly step: Step;
  readonly bound: BoundStep;
  readonly state: StepState;
}

/**
 * Carries out steps side by side: all are looked at, those that are there adopted; where one is in the way nothing is done. Otherwise intents are written
 * for all that are absent, and each is done, looked at, and gets its receipt.
 */
export async function applyWave(applying: Running, steps: readonly Step[]): Promise<WaveEnd> {
  const looked = await inStepLanes(
    steps.map((step) => ({ step })),
    {
      lanes: () => LOOKED_AT_ONCE,
      holds: async (): Promise<HeldUp | null> => (applying.stop.aborted ? { end: 'interrupted', halt: null } : null),
      work: async ({ step }): Promise<Seen> => {
        const bound = bindStep(step, applying.ports);
        return { step, bound, state: await bound.observe() };
      },
    },
  );
  if (looked.failure !== null) throw looked.failure;
  const seen = looked.answers;
  const settled = await adoptAll(applying, seen);
  const astray = seen.flatMap(({ step, state }) => strayOf(applying, step, state));
  if (astray.length > 0) {
    await noteStops(applying, astray);
    return { settled, stopped: astray, held: null };
  }
  const absent = seen.filter(({ state }) => state.is === 'absent');
  if (looked.held !== null) return { settled, stopped: [], held: looked.held };
  if (absent.length === 0) return { settled, stopped: [], held: null };
  const before = await heldUp(applying, 'now and then');
  if (before !== null) return { settled, stopped: [], held: before };
  const acted = await actOnAll(applying, absent);
  return { ...acted, settled: [...settled, ...acted.settled] };
}

/** Carries out what is absent; between two steps it is asked whether to go on, and whether the lock is still ours. */
async function actOnAll(applying: Running, absent: readonly Seen[]): Promise<WaveEnd> {
  await requireLease(applying);
  await note(
    applying,
    absent.map(({ step }) => ({ type: 'step-intended', ...planFacts(applying), step: step.key })),
  );
  const ran = await inStepLanes(absent, {
    lanes: ({ kind }) => lanesOf(kind, applying.lanes ?? {}),
    holds: async () => {
      await requireLease(applying);
      return heldUp(applying, 'now and then');
    },
    work: ({ step, bound }, free) => actAndLook(applying, { step, bound }, free),
  });
  const stopped = ran.answers.flatMap((one) => ('reason' in one ? [one] : []));
  // What was refused is written down before a failure of another step is told.
  await noteStops(applying, stopped);
  if (ran.failure !== null) throw ran.failure;
  const settled = ran.answers.flatMap((one) => ('outcome' in one ? [one] : []));
  return { settled, stopped, held: ran.held };
}

/** Steps that the world already has are adopted; that one was ours is known by its earlier receipt, which then stays as it is. */
async function adoptAll(applying: Running, seen: readonly Seen[]): Promise<readonly Settled[]> {
  const { receipts, intended } = applying;
  const there = seen.flatMap(({ step, state }): readonly (Settled & { readonly isNew: boolean })[] => {
    if (state.is !== 'present') return [];
    const known = receipts.get(step.key);
    if (known !== undefined) return [{ step, outcome: known.outcome, handle: known.handle, isNew: false }];
    // An intent without a receipt: the process ended in between, so the effect is this plan's own.
    return [{ step, outcome: intended.has(step.key) ? 'done' : 'adopted', handle: state.handle, isNew: true }];
  });
  const found = there.filter(({ isNew }) => isNew);
  await note(
    applying,
    found.map(({ step, outcome, handle }) => ({
      type: 'step-receipt',
      ...planFacts(applying),
      step: step.key,
      outcome,
      handle,
    })),
  );
  for (const { step, outcome, handle } of found) applying.report({ step, now: outcome, handle });
  return there.map(({ step, outcome, handle }) => ({ step, outcome, handle }));
}

function strayOf(applying: Running, step: Step, state: StepState): readonly Stopped[] {
  if (state.is === 'other') return [{ step, reason: state.text }];
  const receipt = applying.receipts.get(step.key);
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

async function actAndLook(
  applying: Running,
  { step, bound }: Pick<Seen, 'step' | 'bound'>,
  free: () => void,
): Promise<Settled | Stopped> {
  applying.report({ step, now: 'started' });
  const answer = await bound.act(free);
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
