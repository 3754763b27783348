import type { Instant } from '../../domain/instant.ts';
import { momentNamed } from '../../domain/until.ts';
import { usage } from '../problem.ts';

/** The end that --until names: a date (its end, UTC), a moment, or a time from now. `what` needs it: `a waiver`. */
export function untilOf(text: string | null, now: Instant, what: string): Instant {
  const forms = 'write a date as 2026-07-18, a moment as 2026-07-18T17:00:00Z, or a time from now as 7d';
  if (text === null) throw usage(`${what} needs an end: --until WHEN`, forms);
  const moment = momentNamed(text, now);
  if (moment !== null) return moment;
  throw usage(`--until ${text} is no moment`, forms);
}
