import { instantOf } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';

/** The clock of this machine. */
export function systemClock(): Clock {
  return { now: () => instantOf(Date.now()) };
}
