import { type Plan, type PlanBody, sealPlan } from '../domain/plan/plan.ts';
import type { Step } from '../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { StepPorts } from './driver.ts';
import { bindStep } from './drivers/index.ts';
import type { PlanRecord } from './fold.ts';
import type { EngineProblem } from './problem.ts';

/** What an undo would do, and what it cannot. */
export interface Undoing {
  readonly plan: Plan;
  /** Steps that were done and stay: they cannot be taken back, or taking them back would harm others. */
  readonly stays: readonly Step[];
}

/** The plan that takes back what the plan's own receipts made, last first. What was only adopted is left alone: it was not ours. */
export function decideUndo(
  record: PlanRecord,
  ports: StepPorts,
  facts: Pick<PlanBody, 'author' | 'trainDigest'>,
): Result<Undoing, EngineProblem> {
  const done = record.plan.body.steps.flatMap((step) => {
    const receipt = record.receipts.find((known) => known.step === step.key && known.outcome === 'done');
    return receipt === undefined ? [] : [{ step, reverse: bindStep(step, ports).reverse(receipt.handle) }];
  });
  const stays = done.flatMap(({ step, reverse }) => (reverse === null ? [step] : []));
  const highest = Math.max(0, ...done.map(({ step }) => step.wave));
  const steps = done
    .flatMap(({ reverse }) => (reverse === null ? [] : [{ ...reverse, wave: highest - reverse.wave }]))
    .toSorted((left, right) => left.wave - right.wave);
  if (steps.length === 0)
    return refuse({ code: 'nothing-to-undo', id: record.plan.id, permanent: stays.map((step) => step.key) });
  const { train, release } = record.plan.body;
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train,
    release,
    purpose: 'undo',
    title: `Take back ${record.plan.id}: ${record.plan.body.title}`,
    ...facts,
    gates: [],
    assumes: [],
    phrase: null,
    undoes: record.plan.id,
    steps,
  });
  return succeed({ plan, stays });
}
