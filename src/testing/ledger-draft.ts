import { LedgerDraft } from '../domain/ledger-event.ts';

/** A draft with recognisable content, for tests of ledgers. */
export function draft(reason: string, change: { readonly at?: string; readonly release?: string } = {}): LedgerDraft {
  const { at = '2025-03-17T09:00:00Z', release = '2.7.0' } = change;
  return LedgerDraft.parse({ at, actor: 'mona', event: { type: 'refused', release, what: 'cut', reason } });
}

/** A draft of an event about the whole train. */
export function frozen(reason: string): LedgerDraft {
  return LedgerDraft.parse({ at: '2025-03-17T09:30:00Z', actor: 'mona', event: { type: 'train-frozen', reason } });
}
