import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { PickRecord } from './record.ts';
import { isSettled, type StandingPick } from './state.ts';
import { lastClose, type PhaseEnds } from './window.ts';

const HOUR = 3_600_000;

/** A pick whose owners are to be told that its time runs out; `record` is appended once they were. */
export interface Reminder {
  readonly pick: StandingPick;
  readonly hours: number;
  readonly closesAt: Instant;
  readonly to: readonly string[];
  readonly record: LedgerEvent;
}

interface About {
  readonly train: Train;
  readonly ends: PhaseEnds;
  readonly now: Instant;
}

/** The nearest of the train's hours before the end that has come, and that end; null before the first one, after the end, or where no end is known. */
export function hoursDue(
  release: ReleaseVersion,
  { train, ends, now }: About,
): { readonly hours: number; readonly closesAt: Instant } | null {
  const closesAt = lastClose(train, release, ends, now);
  if (closesAt === null) return null;
  const left = elapsedMillis(now, closesAt);
  const hours = train.picks.remindHours.filter((one) => left <= one * HOUR).toSorted((one, other) => one - other)[0];
  return hours === undefined || left < 0 ? null : { hours, closesAt };
}

/** Whether any of these picks can have a reminder due, whatever became of it: a reason to look. */
export function mayBeDue(records: readonly PickRecord[], about: About): boolean {
  return records.some((record) => isUnsent(record, hoursDue(record.release, about)));
}

function isUnsent({ reminded }: PickRecord, due: ReturnType<typeof hoursDue>): boolean {
  if (due === null) return false;
  return !reminded.some((sent) => sent.closesAt === due.closesAt && sent.hours <= due.hours);
}

/**
 * The reminders that are due (seed train: 72, 24 and 4 hours before the end). After a pause of the server only the nearest one is sent. An end that
 * was moved has reminders of its own.
 */
export function dueReminders(picks: readonly StandingPick[], about: About): readonly Reminder[] {
  return picks.flatMap((pick) => {
    const { record, state, owners } = pick;
    const due = hoursDue(record.release, about);
    if (due === null || isSettled(state) || !isUnsent(record, due)) return [];
    const event = { type: 'pick-reminded' as const, release: record.release, pick: record.pick, ...due };
    return [{ pick, ...due, to: owners, record: event }];
  });
}
