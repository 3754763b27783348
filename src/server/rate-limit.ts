import { elapsedMillis, type Instant } from '../domain/instant.ts';

export interface RateRule {
  /** At most so many for one key. */
  readonly most: number;
  /** In so many milliseconds. */
  readonly within: number;
  /** Keys that are remembered; the oldest is forgotten then. */
  readonly keys?: number;
}

interface Window {
  readonly since: Instant;
  readonly count: number;
}

/** Counts attempts by key; false when there were too many. In this process only: it slows guessing down, and secrets are too long to be guessed. */
export function rateLimit({ most, within, keys = 10_000 }: RateRule, now: () => Instant): (key: string) => boolean {
  const windows = new Map<string, Window>();
  return (key) => {
    const at = now();
    const known = windows.get(key);
    const age = known === undefined ? null : elapsedMillis(known.since, at);
    const isSame = age !== null && age >= 0 && age < within;
    const count = isSame && known !== undefined ? known.count + 1 : 1;
    windows.delete(key);
    windows.set(key, { since: isSame && known !== undefined ? known.since : at, count });
    if (windows.size > keys) for (const oldest of windows.keys()) if (windows.delete(oldest)) break;
    return count <= most;
  };
}
