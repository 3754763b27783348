import { addSeconds, type Instant } from '../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';

/** A clock that stands until it is set or moved; seconds may be negative. */
export interface FixedClock extends Clock {
  set(now: Instant): void;
  move(seconds: number): void;
}

export function fixedClock(start: Instant): FixedClock {
  let present = start;
  return {
    now: () => present,
    set: (now) => {
      present = now;
    },
    move: (seconds) => {
      present = addSeconds(present, seconds);
    },
  };
}
