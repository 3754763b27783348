import { z } from 'zod';
import { LedgerError } from '../../ports/ledger.ts';
import { codeOf, messageOf } from './runner/failures.ts';

const ServerError = z.object({ code: z.string().regex(/^[0-9A-Z]{5}$/), severity: z.string() });

/** What the server itself answered: its SQLSTATE, and whether the connection lives on (`ERROR`). Null for every other failure. */
export function serverError(error: unknown): { readonly state: string; readonly fatal: boolean } | null {
  const parsed = ServerError.safeParse(error);
  return parsed.success ? { state: parsed.data.code, fatal: parsed.data.severity !== 'ERROR' } : null;
}

/** Whether the socket is not there, or nobody listens on it, or it is not ours: the runner finds out and sees to it, or says why not. */
export function nobodyListens(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '');
}

/** Whether the server went away while we were being let in: before, while or after our greeting was written. */
export function cutOff(error: unknown): boolean {
  return (
    ['ECONNRESET', 'EPIPE'].includes(codeOf(error) ?? '') ||
    (error instanceof Error && error.message === 'Connection terminated unexpectedly')
  );
}

/** Where a failure happened, for its text: what was being done, in which database (no secrets); where something was to be written, whether it may be. */
export interface Circumstances {
  readonly doing: string;
  readonly where: string;
  readonly maybeStored?: boolean;
}

/** Turns a failure of the driver or the server into the port's error. Errors that are the port's already pass. */
export function ledgerErrorOf(error: unknown, { doing, where, maybeStored }: Circumstances): LedgerError {
  if (error instanceof LedgerError) return error;
  const state = serverError(error)?.state ?? null;
  const code = state === null ? 'unavailable' : codeOfState(state);
  const said = messageOf(error) || codeOf(error) || 'no reason given';
  const words = [`Could not ${doing} (${where}): ${said}.`, storedText(maybeStored), ADVICE[code]];
  return new LedgerError(code, words.filter((word) => word !== '').join(' '), {
    cause: error,
    maybeStored: maybeStored ?? false,
  });
}

/** Whether what was to be written is there; nothing where nothing was. */
export function storedText(maybeStored: boolean | undefined): string {
  if (maybeStored === undefined) return '';
  return maybeStored ? 'Whether it was stored is not known: look before you repeat it.' : 'Nothing was stored.';
}

const ADVICE: Readonly<Record<LedgerError['code'], string>> = {
  unavailable: 'See that the database runs and can be reached, then run the command again.',
  full: 'Make room on the disk of the database, then run the command again.',
  'not-allowed': 'See to the rights of the database user.',
  invalid: 'It is not text that the database can hold.',
  refused: '',
  damaged: 'What is stored is damaged: run signalbox log --verify, and bring the database back from a backup.',
  unsupported: 'Use PostgreSQL 15 or later.',
  failed: 'This is a fault of Signalbox or of the database: its log says more.',
};

/** Classes and codes of SQLSTATE (PostgreSQL manual, appendix A), the longest that fits decides. */
const STATES: Readonly<Record<string, LedgerError['code']>> = {
  '08': 'unavailable',
  '22': 'invalid',
  '25006': 'unavailable',
  '28': 'not-allowed',
  '3D': 'not-allowed',
  '42501': 'not-allowed',
  '53': 'unavailable',
  '53100': 'full',
  '55P03': 'unavailable',
  '57': 'unavailable',
  '58': 'unavailable',
  '58030': 'unavailable',
  XX001: 'damaged',
  XX002: 'damaged',
};

function codeOfState(state: string): LedgerError['code'] {
  return STATES[state] ?? STATES[state.slice(0, 2)] ?? 'failed';
}
