import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { Step } from '../domain/plan/step.ts';
import { groupedAppend } from './group-append.ts';
import { haltText, watchForHalt, type Halt } from './halt.ts';
import { askedTogether } from './lanes.ts';
import { heldUp, note, planFacts, type Applying, type Running, type Settled, type Stopped } from './running.ts';
import { applyWave } from './wave.ts';

export type { ApplyProgress, Applying } from './running.ts';
export { ApplyFailure } from './lanes.ts';

/**
 * How it ended: `finished` when every step is observed as done, `stopped` where something is in the way, `interrupted` by whoever started it,
 * `halted` by a decision that others wrote into the ledger meanwhile.
 */
export interface Applied {
  readonly end: 'finished' | 'stopped' | 'interrupted' | 'halted';
  /** Who halted it and why; null where nobody did. */
  readonly halt: Halt | null;
  readonly settled: readonly Settled[];
  readonly stopped: readonly Stopped[];
  readonly left: readonly Step[];
}

/**
 * Carries out the plan's steps wave by wave: look, adopt or stop or (intent, act, look again, receipt). May be called again after any kind of end;
 * what is there already with the planned content is adopted, so that no effect happens twice. An end that is not the whole plan is written down.
 */
export async function applyPlan(given: Applying): Promise<Applied> {
  const { plan, receipts, intended } = given.record;
  const { ledger, clock, lease, seenTo } = given;
  const applying: Running = {
    ...given,
    append: groupedAppend(ledger, plan.body.train),
    halted: watchForHalt({ ledger, clock, plan, seenTo }),
    isHeld: askedTogether(() => lease.isHeld()),
    receipts: new Map(receipts.map((receipt) => [receipt.step, receipt])),
    intended: new Set(intended),
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
  const ended = (end: Applied['end'], more: Partial<Applied> = {}): Applied => {
    const done = new Set(settled.map(({ step }) => step.key));
    const left = steps.filter(({ key }) => !done.has(key));
    return { end, halt: null, settled, stopped: [], left, ...more };
  };
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
