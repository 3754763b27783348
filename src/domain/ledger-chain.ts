import { canonicalJson, type Digest } from './canonical-json.ts';
import { hashOfEntry, LedgerEntry, type LedgerDraft } from './ledger-event.ts';

/** The newest entry of a train's chain: what the next entry links to. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: Digest;
}

/** What is wrong with the ledger, at which place. */
export interface LedgerFault {
  readonly seq: number;
  readonly fault: 'hash' | 'prev' | 'sequence' | 'unreadable';
  readonly text: string;
}

/** Gives drafts their places and hashes after the head (null: the train has no entry yet). */
export function chainDrafts(
  train: string,
  head: LedgerHead | null,
  drafts: readonly LedgerDraft[],
): readonly LedgerEntry[] {
  let newest = head;
  return drafts.map((draft) => {
    const entry = { ...draft, train, seq: (newest?.seq ?? 0) + 1, prev: newest?.hash ?? null };
    const sealed = { ...entry, hash: hashOfEntry(entry) };
    newest = sealed;
    return sealed;
  });
}

/** The one text in which an entry is stored and exported. */
export function textOfEntry(entry: LedgerEntry): string {
  return canonicalJson(entry);
}

/** An entry as a store gives it back: its place and its text, or why the text could not be read. */
export type StoredEntry =
  | { readonly seq: number; readonly text: string }
  | { readonly seq: number; readonly unreadable: string };

/** How far a chain has been checked: the place, and the hashes that the next entry may link to (null: any, for want of knowledge). */
export interface CheckedTo {
  readonly seq: number;
  readonly hashes: readonly (Digest | null)[] | null;
}

/** Before the first entry of a train. */
export const CHAIN_START: CheckedTo = { seq: 0, hashes: [null] };

/** Checks one stored entry against what came before it. The entry is null when it cannot be read. */
export function checkEntry(
  train: string,
  before: CheckedTo,
  stored: StoredEntry,
): { readonly entry: LedgerEntry | null; readonly faults: readonly LedgerFault[]; readonly checked: CheckedTo } {
  const { seq } = stored;
  const faults: LedgerFault[] = gapFaults(before.seq, seq);
  const gap = faults.length > 0;
  const read = readStored(stored);
  if ('why' in read) {
    faults.push({ seq, fault: 'unreadable', text: `entry ${seq} cannot be read: ${read.why}` });
    return { entry: null, faults, checked: { seq, hashes: null } };
  }
  const { entry, text } = read;
  const hash = hashOfEntry(entry);
  if (entry.seq !== seq) {
    faults.push({ seq, fault: 'sequence', text: `at place ${seq} stands the entry written as ${entry.seq}` });
  } else if (entry.train !== train) {
    faults.push({ seq, fault: 'sequence', text: `entry ${seq} was written for the train ${entry.train}` });
  } else if (hash !== entry.hash || canonicalJson(entry) !== text) {
    faults.push({ seq, fault: 'hash', text: `entry ${seq} was changed after it was written: its hash does not fit` });
  } else if (!gap && before.hashes !== null && !before.hashes.includes(entry.prev)) {
    faults.push({ seq, fault: 'prev', text: `entry ${seq} does not follow the entry before it` });
  }
  return { entry, faults, checked: { seq, hashes: entry.seq === seq ? [entry.hash, hash] : null } };
}

/** Checks entries from the first on; the answer is empty when they are one unbroken chain. */
export function checkChain(train: string, stored: readonly StoredEntry[]): readonly LedgerFault[] {
  let before = CHAIN_START;
  return stored.flatMap((one) => {
    const { faults, checked } = checkEntry(train, before, one);
    before = checked;
    return faults;
  });
}

function gapFaults(last: number, seq: number): LedgerFault[] {
  if (seq === last + 1) return [];
  if (seq <= last) return [{ seq, fault: 'sequence', text: `entry ${seq} comes after entry ${last}` }];
  const missing = seq === last + 2 ? `entry ${last + 1} is missing` : `entries ${last + 1} to ${seq - 1} are missing`;
  return [{ seq: last + 1, fault: 'sequence', text: missing }];
}

function readStored(
  stored: StoredEntry,
): { readonly entry: LedgerEntry; readonly text: string } | { readonly why: string } {
  if ('unreadable' in stored) return { why: stored.unreadable };
  try {
    const parsed = LedgerEntry.safeParse(JSON.parse(stored.text));
    return parsed.success ? { entry: parsed.data, text: stored.text } : { why: 'it is not an entry of a ledger' };
  } catch {
    return { why: 'its text is not JSON' };
  }
}
