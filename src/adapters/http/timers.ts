/** Time that passes and chance, as an adapter needs them; tests give their own, so that no test waits. */
export interface Timers {
  /** Resolves after so many milliseconds. */
  sleep(millis: number): Promise<void>;
  /** Calls `act` once after so many milliseconds, unless the returned function is called before. */
  after(millis: number, act: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
}

/** The timers of this process. A pending sleep keeps the process alive; a pending `after` does too, until it is called off. */
export const systemTimers: Timers = {
  sleep: (millis) =>
    new Promise((resolve) => {
      setTimeout(resolve, millis);
    }),
  after: (millis, act) => {
    const timer = setTimeout(act, millis);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
