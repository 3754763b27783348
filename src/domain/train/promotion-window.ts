import { addDays, dateOf, elapsedMillis, Instant } from '../instant.ts';
import type { Promotion } from './promotion.ts';

type Window = Promotion['windows'][number];

/** Whether something may be published at a moment; if not, when that begins (null: never, where no window is of any day). */
export type Opening = { readonly open: true } | { readonly open: false; readonly opens: Instant | null };

const WEEKDAYS: readonly Window['days'][number][] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY_MILLIS = 24 * 60 * 60 * 1000;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 4;
const EPOCH = Instant.parse('1970-01-01T00:00:00Z');

/** Looks at the moment's day and the seven after it, in UTC: every weekday is among them, today's twice. Without windows it is always open. */
export function openingAt(windows: readonly Window[], now: Instant): Opening {
  if (windows.length === 0) return { open: true };
  const spans = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((later) => spansOf(windows, now, later));
  if (spans.some(({ from, to }) => elapsedMillis(from, now) >= 0 && elapsedMillis(now, to) > 0)) return { open: true };
  const [first] = spans
    .map(({ from }) => from)
    .filter((from) => elapsedMillis(now, from) > 0)
    .toSorted((left, right) => elapsedMillis(right, left));
  return { open: false, opens: first ?? null };
}

function spansOf(
  windows: readonly Window[],
  now: Instant,
  later: number,
): readonly { readonly from: Instant; readonly to: Instant }[] {
  const date = addDays(dateOf(now), later);
  const at = (time: string): Instant => Instant.parse(`${date}T${time}:00Z`);
  const days = Math.floor(elapsedMillis(EPOCH, at('00:00')) / DAY_MILLIS);
  const weekday = WEEKDAYS[(days + FIRST_WEEKDAY) % 7];
  return windows
    .filter((window) => weekday !== undefined && window.days.includes(weekday))
    .map(({ from, to }) => ({ from: at(from), to: at(to) }));
}
