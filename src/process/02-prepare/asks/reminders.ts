import type { AskStanding } from '../../../domain/ask.ts';
import { dueBefore, type Due } from '../../../domain/due.ts';
import { dateOf, daysBetween, type CalendarDate, type Instant } from '../../../domain/instant.ts';
import type { LedgerEvent } from '../../../domain/ledger-event.ts';
import { asksOf, type AskName } from '../../../domain/train/asks.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { AskRecord } from './records.ts';

/** A reminder of an ask that is due now; `record` is appended once it was given. */
export interface AskReminder {
  readonly standing: AskStanding;
  readonly due: CalendarDate;
  readonly days: number;
  readonly to: readonly string[];
  readonly record: LedgerEvent;
}

/** The marker of one reminder: said again, it is found. A date that was moved has reminders of its own. */
export function askReminderMarker({ standing, due, days }: AskReminder, release: ReleaseVersion): string {
  return `signalbox:reminder ask ${standing.name} ${release} ${due} ${days}`;
}

/** The nearest of the ask's days that has come, for a day that is known; null before the first, and where nothing of it is unsent. */
function dueNow(
  due: Due,
  remindDays: readonly number[],
  { reminded }: AskRecord,
  now: Instant,
): { readonly due: CalendarDate; readonly days: number } | null {
  if (due.kind !== 'day') return null;
  const left = daysBetween(dateOf(now), due.day);
  const days = remindDays.filter((one) => left <= one).toSorted((one, other) => one - other)[0];
  if (days === undefined) return null;
  const isSent = reminded.some((sent) => sent.due === due.day && sent.days <= days);
  return isSent ? null : { due: due.day, days };
}

/** Whether a reminder of any ask can be due, whatever became of it: a reason to read the world. */
export function askMayBeDue(
  train: Train,
  release: ReleaseVersion,
  { recordOf, now }: { readonly recordOf: (name: AskName) => AskRecord; readonly now: Instant },
): boolean {
  return asksOf(train, release).some(
    ({ name, ask }) =>
      dueNow(dueBefore(train.calendar, release, ask.due), ask.remindDays, recordOf(name), now) !== null,
  );
}

/** The reminders that are due: of what is to be sent, and of what was sent and is not done. After a pause only the nearest is given. */
export function dueAskReminders(
  standings: readonly AskStanding[],
  release: ReleaseVersion,
  { recordOf, now }: { readonly recordOf: (name: AskName) => AskRecord; readonly now: Instant },
): readonly AskReminder[] {
  return standings.flatMap((standing) => {
    const { name, ask, state, due, owners } = standing;
    const found = dueNow(due, ask.remindDays, recordOf(name), now);
    if (found === null || state === 'done' || state === 'not-yet') return [];
    const record = { type: 'ask-reminded' as const, release, ask: name, ...found };
    return [{ standing, ...found, to: owners, record }];
  });
}
