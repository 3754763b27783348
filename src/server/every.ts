/** Repeats work with a pause between two runs, until stopped; a failure is told and does not end it. */
export function every(
  millis: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const runOnce = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failed(error);
    }
    if (!stopped) timer = setTimeout(run, millis);
  };
  const run = (): void => {
    running = runOnce();
  };
  run();
  return async () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    await running;
  };
}

/** Work that follows what changes. */
export interface Following {
  /** Something changed, here or elsewhere: worked on at once. */
  changed(): void;
  /** Lets what is under way come to its end; the rest is another process's. */
  stop(): Promise<void>;
}

/** Repeats work as `every` does, and at once after a change: one run at a time, and a change during a run has one more after it. */
export function everyAndOnChange(
  millis: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): Following {
  let hasChanged = false;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    do {
      hasChanged = false;
      await work();
    } while (hasChanged);
  };
  const soon = (): Promise<void> => {
    hasChanged = true;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
  const end = every(millis, soon, failed);
  return {
    changed: () => {
      soon().catch(failed);
    },
    stop: async () => {
      await end();
      await running?.catch(failed);
    },
  };
}
