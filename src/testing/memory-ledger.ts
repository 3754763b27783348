import { checkChain, chainDrafts, textOfEntry } from '../domain/ledger-chain.ts';
import { LedgerDraft, LedgerEntry, releaseOfEvent } from '../domain/ledger-event.ts';
import {
  LedgerError,
  type Ledger,
  type LedgerExpectation,
  type LedgerQuery,
  type Lease,
  type LeaseHolder,
  type Leases,
} from '../ports/ledger.ts';

/** A ledger in memory that keeps the contract of `ledger-contract.ts`; entries are kept as text, as in the real one. */
export function memoryLedger(): Ledger {
  const texts = new Map<string, readonly string[]>();
  const read = new Map<string, readonly LedgerEntry[]>();

  /** Each text is read once: nothing is ever changed in a ledger. */
  const entriesOf = (train: string): readonly LedgerEntry[] => {
    const known = read.get(train) ?? [];
    const fresh = (texts.get(train) ?? []).slice(known.length).map((text) => LedgerEntry.parse(JSON.parse(text)));
    const all = fresh.length === 0 ? known : [...known, ...fresh];
    read.set(train, all);
    return all;
  };

  // No await between reading the head and storing: appends cannot run into each other.
  const store = (train: string, entries: readonly LedgerEntry[]): void => {
    if (entries.length === 0) return;
    texts.set(train, [...(texts.get(train) ?? []), ...entries.map((entry) => textOfEntry(entry))]);
  };

  return {
    async append(train, drafts, expected) {
      checkName(train);
      const checked = LedgerDraft.array().safeParse(drafts);
      if (!checked.success) throw new LedgerError('invalid', 'not a ledger entry', { cause: checked.error });
      if (expected !== undefined && newestOf(entriesOf(train), expected) !== expected.newest) return [];
      const head = entriesOf(train).at(-1) ?? null;
      const entries = chainDrafts(train, head, checked.data);
      store(train, entries);
      return entries;
    },
    async read(query) {
      const matching = entriesOf(query.train).filter((entry) => matches(query, entry));
      return query.last === undefined ? matching : matching.slice(Math.max(0, matching.length - query.last));
    },
    async verify(train) {
      const stored = (texts.get(train) ?? []).map((text, index) => ({ seq: index + 1, text }));
      const head = entriesOf(train).at(-1)?.hash ?? null;
      return { entries: stored.length, head, faults: checkChain(train, stored) };
    },
    async restore(train, entries) {
      checkName(train);
      const [fault] = checkChain(
        train,
        entries.map((entry) => ({ seq: entry.seq, text: textOfEntry(entry) })),
      );
      if (fault !== undefined) throw new LedgerError('invalid', `these entries do not verify: ${fault.text}`);
      if (texts.has(train)) throw new LedgerError('refused', `the train ${train} has entries already`);
      store(train, entries);
    },
    async trains() {
      return [...texts.keys()].toSorted();
    },
  };
}

function newestOf(entries: readonly LedgerEntry[], { release, type }: LedgerExpectation): number | null {
  const found = entries.findLast(({ event }) => event.type === type && releaseOfEvent(event) === release);
  return found?.seq ?? null;
}

function checkName(train: string): void {
  if (train === '' || train.includes('\0')) throw new LedgerError('invalid', 'a train needs a name without NUL');
}

function matches(query: LedgerQuery, entry: LedgerEntry): boolean {
  return (
    entry.seq > (query.after ?? 0) &&
    (query.before === undefined || entry.seq < query.before) &&
    (query.release === undefined || [query.release, null].includes(releaseOfEvent(entry.event))) &&
    (query.types === undefined || query.types.includes(entry.event.type))
  );
}

/** Leases in memory: held until released or broken. */
export function memoryLeases(): Leases {
  const held = new Map<string, { readonly train: string; readonly key: string; readonly by: LeaseHolder }>();

  return {
    async take(train, key, holder) {
      const name = nameOf(train, key);
      const present = held.get(name);
      if (present !== undefined) return { taken: false, by: present.by };
      const mine = { train, key, by: { ...holder } };
      held.set(name, mine);
      const lease: Lease = {
        isHeld: async () => held.get(name) === mine,
        release: async () => {
          if (held.get(name) === mine) held.delete(name);
        },
      };
      return { taken: true, lease };
    },
    async holders(train) {
      return [...held.values()]
        .filter((one) => one.train === train)
        .map(({ key, by }) => ({ key, by }))
        .toSorted((left, right) => (left.key < right.key ? -1 : 1));
    },
    async breakLease(train, key) {
      return held.delete(nameOf(train, key));
    },
  };
}

function nameOf(train: string, key: string): string {
  return JSON.stringify([train, key]);
}
