import { durationMillis } from '../domain/time-text.ts';
import { usage } from './problem.ts';
import type { Flags } from './session.ts';

/** How old an answer may be. */
export interface MaxAge {
  readonly typed: string;
  readonly millis: number;
}

/** What --max-age says; null without it. Throws `CommandStop` when it is no duration. */
export function maxAgeOf(flags: Flags): MaxAge | null {
  const typed = flags.text('max-age');
  if (typed === null) return null;
  const millis = durationMillis(typed);
  if (millis === null) throw usage(`--max-age ${typed} is no duration`, 'write it as 90s, 15m, 24h or 7d');
  return { typed, millis };
}
