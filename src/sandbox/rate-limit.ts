/** One hour's budget of a user. */
export interface Budget {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

export interface RateLimit {
  /** Counts one request; false when nothing is left, and then nothing is counted. */
  spend(login: string, now: string): boolean;
  /** Gives back a request that turned out to be a 304. */
  refund(login: string): void;
  budget(login: string, now: string): Budget;
}

const hour = 3600;

/** GitHub's primary limit: so many requests an hour for each user, counted in memory. */
export function makeRateLimit(limit: number): RateLimit {
  const windows = new Map<string, { used: number; reset: number }>();
  const windowOf = (login: string, now: string) => {
    const seconds = Math.floor(Date.parse(now) / 1000);
    const known = windows.get(login);
    if (known !== undefined && seconds < known.reset) return known;
    const fresh = { used: 0, reset: seconds + hour };
    windows.set(login, fresh);
    return fresh;
  };
  return {
    spend(login, now) {
      const window = windowOf(login, now);
      if (window.used >= limit) return false;
      window.used += 1;
      return true;
    },
    refund(login) {
      const window = windows.get(login);
      if (window !== undefined && window.used > 0) window.used -= 1;
    },
    budget(login, now) {
      const { used, reset } = windowOf(login, now);
      return { limit, used, remaining: limit - used, reset };
    },
  };
}

export function rateHeaders(budget: Budget): Record<string, string> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(budget.remaining),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(budget.reset),
    'x-ratelimit-resource': 'core',
  };
}
