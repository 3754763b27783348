/** Stands for adapters/postgres/runner/binaries.ts in the tests on the oldest PostgreSQL: the programs of Debian's package postgresql-15. */
import type { Binaries } from '../adapters/postgres/runner/binaries.ts';

const ROOT = '/usr/lib/postgresql/15';

export const MAJOR = 15;

export function findBinaries(): Promise<Binaries> {
  return Promise.resolve({ initdb: `${ROOT}/bin/initdb`, postgres: `${ROOT}/bin/postgres`, root: ROOT });
}
