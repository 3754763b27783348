import type { LedgerDraft, LedgerEntry } from '../domain/ledger-event.ts';
import type { Ledger } from '../ports/ledger.ts';

interface Waiting {
  readonly drafts: readonly LedgerDraft[];
  readonly done: (entries: readonly LedgerEntry[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The ledger's `append` for steps that end side by side: while one append is being stored, those that come are kept together and stored as one.
 * Each still returns only when its own entries are safely stored; what is stored together fails together.
 */
export function groupedAppend(
  ledger: Ledger,
  train: string,
): (drafts: readonly LedgerDraft[]) => Promise<readonly LedgerEntry[]> {
  let waiting: Waiting[] = [];
  let storing = false;
  const store = async (): Promise<void> => {
    storing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await storeGroup(ledger, train, group);
    }
    storing = false;
  };
  return (drafts) =>
    new Promise((done, failed) => {
      waiting.push({ drafts, done, failed });
      if (!storing) void store();
    });
}

async function storeGroup(ledger: Ledger, train: string, group: readonly Waiting[]): Promise<void> {
  try {
    const entries = await ledger.append(
      train,
      group.flatMap(({ drafts }) => drafts),
    );
    let from = 0;
    for (const { drafts, done } of group) {
      done(entries.slice(from, from + drafts.length));
      from += drafts.length;
    }
  } catch (error) {
    for (const { failed } of group) failed(error);
  }
}
