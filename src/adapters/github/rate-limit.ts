import { retryAfter } from '../http/retry.ts';

/** The parts of an answer that tell whether it is a rate limit. */
export interface Refused {
  readonly status: number;
  header(name: string): string | null;
  readonly text: string;
}

const SECOND = 1000;
/** GitHub asks for at least a minute when a secondary limit names no time. */
const UNNAMED_WAIT = 60 * SECOND;

/**
 * How long GitHub asks to wait, in milliseconds, when the answer is a rate limit of either kind; null when it is not one. GitHub says so
 * with 429 or with 403, which is also its answer for a missing permission.
 */
export function askedToWait(answer: Refused, now: number): number | null {
  if (answer.status !== 429 && answer.status !== 403) return null;
  const named = retryAfter(answer.header('retry-after'), now);
  if (named !== null) return named;
  const reset = Number(answer.header('x-ratelimit-reset') ?? Number.NaN);
  if (answer.header('x-ratelimit-remaining') === '0') {
    return Number.isFinite(reset) ? Math.max(0, reset * SECOND - now) : UNNAMED_WAIT;
  }
  if (answer.status === 429) return UNNAMED_WAIT;
  // GitHub documents no code and no header for this case: only the sentence tells it from a missing permission.
  return /secondary rate limit|abuse detection/i.test(answer.text) ? UNNAMED_WAIT : null;
}
