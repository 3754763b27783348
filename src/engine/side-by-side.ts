import { inLanes } from '../domain/in-lanes.ts';
import type { Step } from '../domain/plan/step.ts';

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

/** Steps of a wave at work at once: many short ones hide the wait for the network, and a stop does not come after hundreds. */
const LANES = 32;

/**
 * Runs side by side, as many as there are lanes, and waits for all that were begun: no step is left running behind. Once one has failed no other is begun,
 * and the first failure is let through.
 */
export async function allOf<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const failed: ApplyFailure[] = [];
  const answers = await inLanes(items, LANES, async (item): Promise<readonly Answer[]> => {
    if (failed.length > 0) return [];
    try {
      return [await work(item)];
    } catch (error) {
      failed.push(error instanceof ApplyFailure ? error : new ApplyFailure(stepOf(item), { cause: error }));
      return [];
    }
  });
  const [first] = failed;
  if (first !== undefined) throw first;
  return answers.flat();
}

/** The step that an item of work is about: the item itself, or what it carries. */
function stepOf(item: unknown): Step | null {
  if (isStep(item)) return item;
  return typeof item === 'object' && item !== null && 'step' in item && isStep(item.step) ? item.step : null;
}

function isStep(value: unknown): value is Step {
  return typeof value === 'object' && value !== null && 'key' in value && 'wave' in value;
}
