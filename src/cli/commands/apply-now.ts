import { applyPlan, type ApplyAnswer } from '../../app/apply-plan.ts';
import type { Instant } from '../../domain/instant.ts';
import { isPermanent, type Plan } from '../../domain/plan/plan.ts';
import { typedPhrase } from '../confirm.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { progressLine, renderApplied, tookOf, type ApplyProgress } from '../output/render-apply.ts';
import { stepText } from '../../domain/plan/step-text.ts';
import { CommandStop } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

interface StepTime {
  readonly from: Instant;
  readonly to: Instant | null;
}

/**
 * Carries the plan out with progress on stderr. A first Ctrl-C lets the current steps finish and write their receipts, a second ends the
 * process at once; either way `apply` again goes on.
 */
export async function applyNow(session: Session, plan: Plan): Promise<Answer> {
  const app = await session.app();
  const confirmation = await typedPhrase(session, isPermanent(plan) ? plan.body.phrase : null);
  const times = new Map<string, StepTime>();
  const stop = new AbortController();
  const release = session.terminal.onInterrupt(() => interrupt(session, plan, stop));
  session.progress.doing(`Checking that plan ${plan.id} still matches ...`);
  try {
    const applied = valueOf(
      await applyPlan(app, {
        id: plan.id,
        confirmation,
        stop: stop.signal,
        report: (progress) => note(session, plan, times, progress),
      }),
    );
    return answerOf(plan, applied, times);
  } catch (error) {
    throw partialOf(error, plan, times);
  } finally {
    release();
  }
}

function interrupt(session: Session, plan: Plan, stop: AbortController): void {
  if (stop.signal.aborted) {
    session.say(line(`Stopped at once. The step that ran will be looked at first: signalbox apply ${plan.id}`));
    session.terminal.exit(exitCode('interrupted'));
    return;
  }
  stop.abort();
  session.say(line('Finishing the current step; press Ctrl-C again to stop at once.'));
}

function note(session: Session, plan: Plan, times: Map<string, StepTime>, progress: ApplyProgress): void {
  const { key } = progress.step;
  const at = session.terminal.now();
  const place = `${plan.body.steps.findIndex((step) => step.key === key) + 1}/${plan.body.steps.length}`;
  if (progress.now === 'started') {
    times.set(key, { from: at, to: null });
    session.progress.started(`${place} ${stepText(progress.step)}`);
    return;
  }
  times.set(key, { from: times.get(key)?.from ?? at, to: at });
  session.progress.finished(progressLine(progress, place, tookOf(times, key)));
}

function answerOf(plan: Plan, applied: ApplyAnswer, times: ReadonlyMap<string, StepTime>): Answer {
  return {
    schema: 'apply',
    asOf: null,
    stale: false,
    exit: exitOf(applied),
    data: {
      plan: plan.id,
      digest: plan.digest,
      end: applied.end,
      halt: applied.halt,
      resumed: applied.resumed,
      settled: applied.settled,
      stopped: applied.stopped,
      left: applied.left,
    },
    records: recordsOf(plan, applied),
    lines: (room) => renderApplied({ plan, applied, times }, room),
  };
}

function exitOf(applied: ApplyAnswer): ExitCode {
  switch (applied.end) {
    case 'finished':
      return exitCode('done');
    case 'interrupted':
      return exitCode('interrupted');
    case 'halted':
      return exitCode('partial');
    case 'stopped':
      // Something stands where the plan puts something else: with nothing done it is a conflict, else a partial apply.
      return exitCode(applied.settled.length === 0 ? 'conflict' : 'partial');
  }
}

function recordsOf(plan: Plan, applied: ApplyAnswer): readonly (readonly string[])[] {
  return plan.body.steps.map((step) => {
    const settled = applied.settled.find((each) => each.step.key === step.key);
    const stopped = applied.stopped.find((each) => each.step.key === step.key);
    return [settled?.outcome ?? (stopped === undefined ? 'not-started' : 'stopped'), step.key, stopped?.reason ?? ''];
  });
}

/** The world failed in the middle: what was done is recorded, so the end is partial, and the same command goes on. */
function partialOf(error: unknown, plan: Plan, times: ReadonlyMap<string, StepTime>): unknown {
  if (error instanceof CommandStop || times.size === 0 || !(error instanceof Error)) return error;
  const done = [...times.values()].filter((time) => time.to !== null).length;
  return new CommandStop('partial', `Stopped: ${error.message}`, {
    next: [
      `Nothing is lost: ${done} of ${plan.body.steps.length} steps are recorded.`,
      `Continue (does only the rest): signalbox apply ${plan.id}`,
    ],
    word: 'PARTIAL',
    cause: error,
  });
}
