import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openDatabase, type Database } from '../adapters/postgres/index.ts';
import { testDatabase, type TestDatabase } from './postgres.ts';

/** The database of a test file, once its tests run. */
export interface FileDatabase {
  readonly place: () => TestDatabase['place'];
  readonly asOwner: TestDatabase['asOwner'];
  readonly database: () => Database;
  /** A name that no other test of the file has. */
  readonly name: () => string;
}

/** One database for all tests of a file, made before the first and dropped after the last. What is begun later in the file ends before it. */
export function fileDatabase(): FileDatabase {
  let own: TestDatabase;
  let database: Database;
  let used = 0;
  beforeAll(async () => {
    own = await testDatabase();
    database = await openDatabase(own.place);
  });
  beforeEach(() => {
    used += 1;
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });
  return {
    place: () => own.place,
    asOwner: (...given) => own.asOwner(...given),
    database: () => database,
    name: () => `of-test-${used}`,
  };
}
