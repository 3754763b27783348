import type { GateId, Verdict } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry, LedgerEvent } from '../../domain/ledger-event.ts';

export type Judged = Extract<LedgerEvent, { readonly type: 'gates-judged' }>;

/** How many gates and picks kept a release from moving on. */
export interface Counts {
  readonly blockers: number;
  /** Null where they could not be read. */
  readonly picks: Judged['picks'];
}

/** What was last recorded of a release's verdicts. */
export interface LastSeen {
  /** Number of the newest entry about them; null while there is none. */
  readonly seq: number | null;
  readonly verdicts: ReadonlyMap<GateId, { readonly verdict: Verdict; readonly since: Instant }>;
  /** Null while there is no entry; its picks are those that were last read. */
  readonly counts: Counts | null;
}

export const NOTHING_SEEN: LastSeen = { seq: null, verdicts: new Map(), counts: null };

/** What is last known after these further entries. Entries of other types, and of other releases, are not to be given. */
export function lastSeen(entries: readonly LedgerEntry[], before: LastSeen = NOTHING_SEEN): LastSeen {
  const verdicts = new Map(before.verdicts);
  let { seq, counts } = before;
  for (const { event, at, seq: place } of entries) {
    if (event.type !== 'gates-judged') continue;
    for (const { gate, to } of event.changes) verdicts.set(gate, { verdict: to, since: at });
    counts = { blockers: event.blockers, picks: event.picks ?? counts?.picks ?? null };
    seq = place;
  }
  return { seq, verdicts, counts };
}

/** A verdict of a gate and when it was first seen. */
export interface SeenVerdict {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly from: Verdict | null;
  readonly to: Verdict;
  readonly why: string;
  readonly blocking: boolean;
}

/** The verdicts that one gate was seen to have, oldest first. */
export function verdictsOf(entries: readonly LedgerEntry[], gate: string): readonly SeenVerdict[] {
  return entries.flatMap(({ event, at, actor, seq }) =>
    event.type === 'gates-judged'
      ? event.changes.flatMap(({ gate: id, ...change }) => (id === gate ? [{ ...change, seq, at, actor }] : []))
      : [],
  );
}

/** The counts of a release as they were seen to be, oldest first. */
export function countsOf(entries: readonly LedgerEntry[]): readonly (Counts & { readonly at: Instant })[] {
  return entries.flatMap(({ event, at }) =>
    event.type === 'gates-judged' ? [{ at, blockers: event.blockers, picks: event.picks }] : [],
  );
}
