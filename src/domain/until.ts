import { addSeconds, Instant } from './instant.ts';
import { durationMillis } from './time-text.ts';

/** The moment that a text names: a date (its end, UTC), a moment, or a time from now as `7d`; null when it is none. */
export function momentNamed(text: string, now: Instant): Instant | null {
  const millis = durationMillis(text);
  if (millis !== null) return addSeconds(now, millis / 1000);
  const moment = Instant.safeParse(/^\d{4}-\d{2}-\d{2}$/u.test(text) ? `${text}T23:59:59Z` : text);
  return moment.success ? moment.data : null;
}
