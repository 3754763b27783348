import type { Step } from '../domain/plan/step.ts';

/** How many steps of a kind run at once. */
export type StepLanes = Readonly<Partial<Record<Step['kind'], number>>>;

/** Of kinds that nothing is said of. */
const USUAL = 32;

const LANES: StepLanes = {
  // Requests without bytes.
  'copy-file': 64,
  'remove-file': 64,
  // Bytes pass through here, and each holds memory.
  'reversion-file': 4,
  'record-digest': 4,
  'attach-file': 4,
  // Each reads many files at once by itself.
  'read-back': 4,
  'publish-metadata': 4,
  // What cannot be taken back goes out one by one, in the order of the plan.
  'upload-file': 1,
};

/** Steps that hold a lane or have freed it; with more a lane is kept to the end of its step. */
const MOST_UNFINISHED = 2048;

export function lanesOf(kind: Step['kind'], told: StepLanes): number {
  return told[kind] ?? LANES[kind] ?? USUAL;
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

/** What came of steps that were to run. */
export interface Ran<Answer, Held> {
  /** Of those that ended, in the order of the steps. */
  readonly answers: readonly Answer[];
  /** The first failure; steps under way were waited for. */
  readonly failure: ApplyFailure | null;
  /** Why some were not begun; null where nothing held them back. */
  readonly held: Held | null;
}

export interface InLanes<Item, Answer, Held> {
  readonly lanes: (step: Step) => number;
  /** Asked before each: once there is something that holds it back, nothing more is begun. May throw, which is a failure. */
  readonly holds: () => Promise<Held | null>;
  /** `free` gives the lane to the next step already, where what is left of this one changes nothing outside. */
  readonly work: (item: Item, free: () => void) => Promise<Answer>;
}

/**
 * Works on steps side by side, each kind in its lanes. After a failure, or when something holds it back, nothing more is begun, and what is under way is
 * waited for: nothing is left running behind.
 */
export async function inStepLanes<Item extends { readonly step: Step }, Answer, Held>(
  items: readonly Item[],
  { lanes, holds, work }: InLanes<Item, Answer, Held>,
): Promise<Ran<Answer, Held>> {
  const answers = new Map<Item, Answer>();
  const end: { failure: ApplyFailure | null; held: Held | null } = { failure: null, held: null };
  const isOver = (): boolean => end.failure !== null || end.held !== null;
  const run = async (item: Item, free: () => void): Promise<void> => {
    try {
      const held = await holds();
      end.held ??= held;
      // It was perhaps over while this was asked.
      if (!isOver()) answers.set(item, await work(item, free));
    } catch (error) {
      end.failure ??= error instanceof ApplyFailure ? error : new ApplyFailure(item.step, { cause: error });
    }
  };
  const unfinished = new Set<Promise<void>>();
  const untilFree = (item: Item): Promise<void> =>
    new Promise((freed) => {
      const running = run(item, () => {
        if (unfinished.size < MOST_UNFINISHED) freed();
      }).finally(() => {
        unfinished.delete(running);
        freed();
      });
      unfinished.add(running);
    });
  const lane = async (queue: Iterator<Item>): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !isOver(); next = queue.next()) await untilFree(next.value);
  };
  const kinds = [...Map.groupBy(items, ({ step }) => step.kind).values()];
  await Promise.all(
    kinds.flatMap((group) => {
      const queue = group.values();
      const most = Math.max(...group.slice(0, 1).map(({ step }) => lanes(step)));
      return Array.from({ length: Math.min(most, group.length) }, () => lane(queue));
    }),
  );
  await Promise.all(unfinished);
  const ended = items.flatMap((item) => {
    const answer = answers.get(item);
    return answer === undefined ? [] : [answer];
  });
  return { answers: ended, ...end };
}

/**
 * A question that many ask at once: each gets the answer to one that was put after it asked, and those that wait meanwhile get the same.
 */
export function askedTogether<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<Answer> | null = null;
  return () => {
    next ??= last.then(() => {
      next = null;
      const now = ask();
      last = now.catch(() => undefined);
      return now;
    });
    return next;
  };
}
