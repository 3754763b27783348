import type { Timers } from './timers.ts';

/** How often and how patiently a call is repeated. */
export interface RetryPolicy {
  /** How many times in all, the first included. */
  readonly attempts: number;
  /** The wait before the second attempt in milliseconds; it doubles each time, and chance takes away up to half. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** The longest wait that the other side may ask for, in milliseconds; when it asks for more, the call ends at once. */
  readonly longestAsked: number;
}

const patience: RetryPolicy = { attempts: 4, firstDelay: 500, longestDelay: 8000, longestAsked: 60_000 };

/** What came of one attempt. */
export type Outcome<Answer> =
  | { readonly answered: true; readonly answer: Answer }
  | { readonly answered: false; readonly error: unknown };

/** Whether an attempt may be repeated, and the wait in milliseconds that the other side asked for. */
export type Judgement = { readonly again: false } | { readonly again: true; readonly asked: number | null };

async function attempted<Answer>(attempt: () => Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answered: true, answer: await attempt() };
  } catch (error) {
    return { answered: false, error };
  }
}

function delayBefore(retry: number, asked: number | null, policy: RetryPolicy, timers: Timers): number {
  // What was asked is the least that may be waited, so chance only adds to it.
  if (asked !== null) return asked + Math.floor(timers.random() * policy.firstDelay);
  const full = Math.min(policy.longestDelay, policy.firstDelay * 2 ** (retry - 1));
  return Math.floor(full * (1 - timers.random() / 2));
}

/**
 * The only place where a call to an outside system is repeated. `judge` says of each outcome whether that is safe and sensible; the last
 * outcome is given back as it is: an answer returned, an error thrown.
 */
export async function withRetries<Answer>(
  attempt: () => Promise<Answer>,
  judge: (outcome: Outcome<Answer>) => Judgement,
  timers: Timers,
  policy: RetryPolicy = patience,
): Promise<Answer> {
  for (let count = 1; ; count += 1) {
    const outcome = await attempted(attempt);
    const judgement = judge(outcome);
    const tooLong = judgement.again && judgement.asked !== null && judgement.asked > policy.longestAsked;
    if (!judgement.again || tooLong || count >= policy.attempts) {
      if (outcome.answered) return outcome.answer;
      throw outcome.error;
    }
    await timers.sleep(delayBefore(count, judgement.asked, policy, timers));
  }
}

const SECOND = 1000;

/** A Retry-After header as milliseconds from `now`, from seconds or a date; null when there is none or it makes no sense. */
export function retryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND;
  // Only a real HTTP date: Date.parse takes nearly anything for a date.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
