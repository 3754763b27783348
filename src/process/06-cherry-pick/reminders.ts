import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { Train } from '../../domain/train/train.ts';
import { isSettled, type StandingPick } from './state.ts';
import { lastClose, type PhaseEnds } from './window.ts';

const HOUR = 3_600_000;

/** A pick whose owners are to be told that its time runs out; `record` is appended before they are told, so that nobody is told twice. */
export interface Reminder {
  readonly pick: StandingPick;
  readonly hours: number;
  readonly closesAt: Instant;
  readonly to: readonly string[];
  readonly record: LedgerEvent;
}

/**
 * The reminders that are due (seed train: 72, 24 and 4 hours before the end). After a pause of the server only the nearest one is sent. An end that
 * was moved has reminders of its own.
 */
export function dueReminders(
  picks: readonly StandingPick[],
  { train, ends, now }: { readonly train: Train; readonly ends: PhaseEnds; readonly now: Instant },
): readonly Reminder[] {
  return picks.flatMap((pick) => {
    const { record, state, owners } = pick;
    const closesAt = lastClose(train, record.release, ends, now);
    if (isSettled(state) || closesAt === null) return [];
    const left = elapsedMillis(now, closesAt);
    const hours = train.picks.remindHours.filter((one) => left <= one * HOUR).toSorted((one, other) => one - other)[0];
    const isSent = record.reminded.some((sent) => sent.closesAt === closesAt && sent.hours <= (hours ?? 0));
    if (hours === undefined || left < 0 || isSent) return [];
    const event = { type: 'pick-reminded' as const, release: record.release, pick: record.pick, hours, closesAt };
    return [{ pick, hours, closesAt, to: owners, record: event }];
  });
}
