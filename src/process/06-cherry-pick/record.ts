import type { ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { pickName, type PickRef } from '../../domain/pick.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** Who said something, when, in which words. */
export interface Said {
  readonly by: string;
  readonly at: Instant;
  readonly text: string;
}

/** What people last decided about a pick; `open` while nothing keeps it from going on. */
export type PickDecided =
  | { readonly is: 'open' }
  | ({ readonly is: 'refused' | 'needs-info' | 'withdrawn' | 'superseded' } & Said)
  | { readonly is: 'late'; readonly by: string; readonly at: Instant; readonly closedAt: Instant }
  | { readonly is: 'approved'; readonly by: string; readonly at: Instant; readonly head: ObjectId };

/** All that the ledger knows of one pick. What became of it is observed, never taken from here. */
export interface PickRecord {
  readonly pick: PickRef;
  readonly release: ReleaseVersion;
  readonly class: string;
  readonly fixes: string | null;
  /** Who asked, first. */
  readonly askedBy: string;
  /** When it was asked for first: what a deadline counts from. */
  readonly askedAt: Instant;
  readonly via: string | null;
  readonly decided: PickDecided;
  /** It went back to review after a refusal before. */
  readonly appealed: boolean;
  readonly dispensation: (Said & { readonly until: Instant }) | null;
  /** Reminders sent, by the hours before the end they were for. */
  readonly reminded: readonly { readonly hours: number; readonly closesAt: Instant }[];
}

/** The picks of a train, or of one release, in the order in which they were asked for. A request for another release of the line begins anew. */
export function foldPicks(entries: readonly LedgerEntry[]): readonly PickRecord[] {
  const picks = new Map<string, PickRecord>();
  for (const entry of entries) {
    const { event } = entry;
    if (!('pick' in event)) continue;
    const key = `${event.release} ${pickName(event.pick)}`;
    const next = after(picks.get(key), entry, event);
    if (next !== null) picks.set(key, next);
  }
  return [...picks.values()];
}

/** The record of one pick in one release, or null. */
export function recordOf(records: readonly PickRecord[], pick: PickRef, release: ReleaseVersion): PickRecord | null {
  return records.find((record) => record.release === release && pickName(record.pick) === pickName(pick)) ?? null;
}

type PickEvent = Extract<LedgerEntry['event'], { readonly pick: PickRef }>;

function after(record: PickRecord | undefined, { at, actor }: LedgerEntry, event: PickEvent): PickRecord | null {
  if (event.type === 'pick-requested') return requested(record, event, { at, actor });
  // A decision about what nobody asked for has nothing to act on: the ledger is append-only, so it is passed over, not repaired.
  if (record === undefined) return null;
  const said = (text: string): Said => ({ by: actor, at, text });
  const decided = (next: PickDecided): PickRecord => ({ ...record, decided: next });
  switch (event.type) {
    case 'pick-approved':
      return decided({ is: 'approved', by: actor, at, head: event.head });
    case 'pick-refused':
      return decided({ is: 'refused', ...said(event.reason) });
    case 'pick-needs-info':
      return decided({ is: 'needs-info', ...said(event.question) });
    case 'pick-reopened':
      return { ...decided({ is: 'open' }), appealed: record.appealed || record.decided.is === 'refused' };
    case 'pick-withdrawn':
      return decided({ is: 'withdrawn', ...said(event.reason) });
    case 'pick-superseded':
      return decided({ is: 'superseded', ...said(`${pickName(event.by)}: ${event.reason}`) });
    case 'pick-late':
      return decided({ is: 'late', by: actor, at, closedAt: event.closedAt });
    case 'pick-dispensation':
      return { ...record, decided: { is: 'open' }, dispensation: { ...said(event.reason), until: event.until } };
    case 'pick-reminded':
      return { ...record, reminded: [...record.reminded, { hours: event.hours, closesAt: event.closesAt }] };
  }
}

/** Asked again: class and issue are the new ones, the time stays the first, and what a person refused stays refused. */
function requested(
  record: PickRecord | undefined,
  event: Extract<PickEvent, { readonly type: 'pick-requested' }>,
  { at, actor }: { readonly at: Instant; readonly actor: string },
): PickRecord {
  const { pick, release, fixes, via } = event;
  const asked = { pick, release, class: event.class, fixes, via };
  if (record === undefined) {
    const fresh = { appealed: false, dispensation: null, reminded: [] };
    return { ...asked, askedBy: actor, askedAt: at, decided: { is: 'open' }, ...fresh };
  }
  const { is } = record.decided;
  // Withdrawn or answered as late: whoever asks again begins again. A question is answered by asking again.
  const isOver = is === 'withdrawn' || is === 'late';
  const decided: PickDecided = isOver || is === 'needs-info' || is === 'superseded' ? { is: 'open' } : record.decided;
  return isOver ? { ...record, ...asked, askedBy: actor, askedAt: at, decided } : { ...record, ...asked, decided };
}
