import { DECIDED_TYPES, type LedgerEntry, type LedgerEvent } from '../domain/ledger-event.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { App } from './app.ts';

/** Appends one event of the person who gives the command. */
export async function record(app: App, event: LedgerEvent): Promise<LedgerEntry> {
  const ledger = await app.ledger();
  const [entry] = await ledger.append(app.loaded.train.train, [{ at: app.clock.now(), actor: await app.who(), event }]);
  if (entry === undefined) throw new Error('the ledger took an event and gave no entry back');
  return entry;
}

/**
 * The train's entries, or those of one release: decisions, intents and receipts. What was once seen is not among them, so that nothing that judges, plans or
 * carries out can rest on it.
 */
export async function entriesOf(app: App, release?: ReleaseVersion): Promise<readonly LedgerEntry[]> {
  const ledger = await app.ledger();
  return ledger.read({
    train: app.loaded.train.train,
    types: DECIDED_TYPES,
    ...(release === undefined ? {} : { release }),
  });
}
