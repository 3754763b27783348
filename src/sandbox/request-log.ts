/** One request as it was answered; `status` 0 is a connection that was reset. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly login: string | null;
  readonly status: number;
  /** Whether it cost one of the rate limit: a 304 does not. */
  readonly counted: boolean;
}

/** The requests a sandbox answered since its start or the last `clear`. */
export interface RequestLog {
  all(): readonly LoggedRequest[];
  /** How often each `METHOD /path` was asked, without the query. */
  counts(): Readonly<Record<string, number>>;
  /** How many cost one of the rate limit. */
  counted(): number;
  clear(): void;
}

export interface RequestSink extends RequestLog {
  add(request: LoggedRequest): void;
}

export function makeRequestLog(): RequestSink {
  let requests: LoggedRequest[] = [];
  return {
    all: () => requests,
    counts() {
      const counts: Record<string, number> = {};
      for (const { method, path } of requests) {
        const key = `${method} ${path}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    },
    counted: () => requests.filter((request) => request.counted).length,
    clear() {
      requests = [];
    },
    add(request) {
      requests.push(request);
    },
  };
}
