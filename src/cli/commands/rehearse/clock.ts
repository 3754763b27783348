import { addSeconds, type Instant } from '../../../domain/instant.ts';

/** The clock of a rehearsal: what people type and what the forge and the index do go by the same one. */
export interface StoryClock {
  readonly now: () => Instant;
  /** Days go by. */
  readonly later: (days: number) => void;
  /** By how many days the story is ahead of the given clock; negative where it is behind. */
  readonly ahead: () => number;
}

const DAY = 86_400;

/** Begins `back` days before `real`, and goes on with it. */
export function storyClock(real: () => Instant, back = 0): StoryClock {
  let days = -back;
  return {
    now: () => addSeconds(real(), days * DAY),
    later: (more) => {
      days += more;
    },
    ahead: () => days,
  };
}
