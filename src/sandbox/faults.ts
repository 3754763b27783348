/** Which request a fault waits for; what is absent matches all. A string path matches whole, without the query. */
export interface FaultMatcher {
  readonly method?: string;
  readonly path?: string | RegExp;
  readonly login?: string;
  /** How many requests that match pass unharmed before; none unless told. */
  readonly after?: number;
}

/**
 * What happens instead: an answer without the effect, a connection reset before the effect, or a connection reset
 * after the effect, when the client cannot know.
 */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'reset'
  | 'reset-after-effect';

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly login: string | null;
}

/** One-shot faults of a running sandbox: each waits for one request and is then gone. */
export interface Faults<Kind = Fault> {
  /** Sets a fault for the next matching request; several wait in the order they were set. */
  next(matcher: FaultMatcher, fault: Kind): void;
  /** How many wait still: a test that set one and did not meet it should fail. */
  pending(): number;
  clear(): void;
}

export interface FaultSource<Kind = Fault> extends Faults<Kind> {
  take(facts: RequestFacts): Kind | null;
}

function meets(matcher: FaultMatcher, facts: RequestFacts): boolean {
  if (matcher.method !== undefined && matcher.method !== facts.method) return false;
  if (matcher.login !== undefined && matcher.login !== facts.login) return false;
  if (matcher.path === undefined) return true;
  return typeof matcher.path === 'string' ? matcher.path === facts.path : matcher.path.test(facts.path);
}

interface Waiting<Kind> {
  readonly matcher: FaultMatcher;
  readonly fault: Kind;
  /** Requests that matched, and were let through. */
  readonly passed: number;
}

function isDue<Kind>({ matcher, passed }: Waiting<Kind>): boolean {
  return passed >= (matcher.after ?? 0);
}

export function makeFaults<Kind = Fault>(): FaultSource<Kind> {
  let waiting: readonly Waiting<Kind>[] = [];
  return {
    next(matcher, fault) {
      waiting = [...waiting, { matcher, fault, passed: 0 }];
    },
    pending: () => waiting.length,
    clear() {
      waiting = [];
    },
    take(facts) {
      const found = waiting.find((entry) => meets(entry.matcher, facts) && isDue(entry));
      waiting = waiting.map((entry) =>
        entry !== found && meets(entry.matcher, facts) && !isDue(entry)
          ? { ...entry, passed: entry.passed + 1 }
          : entry,
      );
      if (found === undefined) return null;
      waiting = waiting.filter((entry) => entry !== found);
      return found.fault;
    },
  };
}
