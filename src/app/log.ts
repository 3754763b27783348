import { DECIDED_TYPES, SIGHTINGS, type LedgerEntry, type LedgerEvent } from '../domain/ledger-event.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { LedgerCheck } from '../ports/ledger.ts';
import type { App } from './app.ts';

/**
 * Which entries the log shows: `actions` only what was decided or done, no refusals and no plans that were only made; `usual` all but the verdicts
 * that were seen to turn, which would drown the rest; or all of them.
 */
export type Shown = 'actions' | 'usual' | 'all';

/** Which entries `log` shows. */
export interface LogInput {
  readonly release?: ReleaseVersion;
  readonly last?: number;
  readonly shown: Shown;
}

const ACTIONS: readonly LedgerEntry['event']['type'][] = [
  'release-created',
  'release-closed',
  'gate-waived',
  'gate-waiver-ended',
  'gate-signed',
  'gate-sign-off-revoked',
  'item-validated',
  'item-needs-no-validation',
  'item-validation-ended',
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
  'day-step-done',
  'day-step-reopened',
  'train-frozen',
  'train-thawed',
  'lease-broken',
  'token-made',
  'token-revoked',
];

function typesOf(shown: Shown): readonly LedgerEvent['type'][] | null {
  if (shown === 'all') return null;
  return shown === 'actions' ? ACTIONS : DECIDED_TYPES;
}

/** Entries of the train's ledger, oldest first. */
export async function readLog(app: App, { release, last, shown }: LogInput): Promise<readonly LedgerEntry[]> {
  const ledger = await app.ledger();
  const types = typesOf(shown);
  return ledger.read({
    train: app.loaded.train.train,
    ...(release === undefined ? {} : { release }),
    ...(last === undefined ? {} : { last }),
    ...(types === null ? {} : { types }),
  });
}

/** Whether the ledger has verdicts that the log leaves out unless they are asked for. */
export async function hasVerdicts(app: App, release?: ReleaseVersion): Promise<boolean> {
  const ledger = await app.ledger();
  const of = { train: app.loaded.train.train, ...(release === undefined ? {} : { release }) };
  return (await ledger.read({ ...of, types: SIGHTINGS, last: 1 })).length > 0;
}

/** One page of the log. */
export interface LogPageInput {
  readonly release: ReleaseVersion | null;
  readonly shown: Shown;
  /** Only of this type, whatever else would be shown. */
  readonly type: LedgerEvent['type'] | null;
  /** Only by this person. */
  readonly who: string | null;
  /** Only entries before this one. */
  readonly before: number | null;
  /** At most so many. */
  readonly most: number;
}

/** So many entries are read at once where each has to be looked at. */
const AT_ONCE = 1000;

/** Entries that are like what is asked for, newest first, and whether there are older ones. Reads no more of the ledger than it has to. */
export async function readLogPage(
  app: App,
  { release, shown, type, who, before, most }: LogPageInput,
): Promise<{ readonly entries: readonly LedgerEntry[]; readonly more: boolean }> {
  const ledger = await app.ledger();
  const types = type === null ? typesOf(shown) : [type];
  const last = who === null ? most + 1 : AT_ONCE;
  const found: LedgerEntry[] = [];
  let next = before;
  for (;;) {
    const some = await ledger.read({
      train: app.loaded.train.train,
      last,
      ...(release === null ? {} : { release }),
      ...(types === null ? {} : { types }),
      ...(next === null ? {} : { before: next }),
    });
    found.push(...some.toReversed().filter(({ actor }) => who === null || actor === who));
    next = some[0]?.seq ?? null;
    if (found.length > most || some.length < last) break;
  }
  return { entries: found.slice(0, most), more: found.length > most };
}

/** The entry with this number; null where there is none. */
export async function readEntry(app: App, seq: number): Promise<LedgerEntry | null> {
  const ledger = await app.ledger();
  const [entry] = await ledger.read({ train: app.loaded.train.train, after: seq - 1, before: seq + 1 });
  return entry ?? null;
}

/** The number of the newest entry of the train; null while there is none. */
export async function lastEntry(app: App): Promise<number | null> {
  const ledger = await app.ledger();
  const [entry] = await ledger.read({ train: app.loaded.train.train, last: 1 });
  return entry?.seq ?? null;
}

/** Reads the whole ledger again as stored and checks every hash and link. */
export async function verifyLog(app: App): Promise<LedgerCheck> {
  const ledger = await app.ledger();
  return ledger.verify(app.loaded.train.train);
}
