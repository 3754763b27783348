import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { LedgerCheck } from '../ports/ledger.ts';
import type { App } from './app.ts';

/** Which entries `log` shows. */
export interface LogInput {
  readonly release?: ReleaseVersion;
  readonly last?: number;
  /** Only what people or the engine did: no refusals, no plans that were only made. */
  readonly actionsOnly: boolean;
}

const ACTIONS: readonly LedgerEntry['event']['type'][] = [
  'release-created',
  'release-closed',
  'gate-waived',
  'gate-waiver-ended',
  'gate-signed',
  'manifest-recorded',
  'evidence-recorded',
  'plan-approved',
  'plan-approval-revoked',
  'plan-dropped',
  'step-receipt',
  'step-stopped',
  'plan-finished',
  'apply-stop-asked',
  'apply-ended',
  'candidate-final',
  'candidate-final-withdrawn',
  'candidate-abandoned',
  'release-abandoned',
  'train-frozen',
  'train-thawed',
  'lease-broken',
  'token-made',
  'token-revoked',
];

/** Entries of the train's ledger, oldest first. */
export async function readLog(app: App, { release, last, actionsOnly }: LogInput): Promise<readonly LedgerEntry[]> {
  const ledger = await app.ledger();
  return ledger.read({
    train: app.loaded.train.train,
    ...(release === undefined ? {} : { release }),
    ...(last === undefined ? {} : { last }),
    ...(actionsOnly ? { types: ACTIONS } : {}),
  });
}

/** Reads the whole ledger again as stored and checks every hash and link. */
export async function verifyLog(app: App): Promise<LedgerCheck> {
  const ledger = await app.ledger();
  return ledger.verify(app.loaded.train.train);
}
