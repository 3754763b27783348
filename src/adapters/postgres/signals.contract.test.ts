import { afterAll, beforeAll, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { signalsContract, viewHistoryContract } from '../../testing/signals-contract.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { openDatabase, postgresLedger, postgresSignals, postgresViewHistory, type Database } from './index.ts';

let place: TestDatabase;
let database: Database;

beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase(place.place);
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

signalsContract(() => ({ signals: postgresSignals(database), train: 'pytorch' }));
viewHistoryContract(() => ({ history: postgresViewHistory(database), train: 'pytorch' }));

it('hears what the ledger takes in, from whichever process', async () => {
  const heard = Promise.withResolvers<void>();
  const listening = await postgresSignals(database).hear('ledger-train', () => heard.resolve());
  const other = await openDatabase(place.place);
  await postgresLedger(other).append('ledger-train', [
    { at: Instant.parse('2026-07-11T14:00:00.000Z'), actor: 'ana', event: { type: 'train-frozen', reason: 'fire' } },
  ]);
  await expect(heard.promise).resolves.toBeUndefined();
  await other.close();
  await listening.stop();
});

it('listens again after its connection was cut, and says that words may have been missed', async () => {
  const back = Promise.withResolvers<void>();
  const listening = await postgresSignals(database).hear('cut-train', () => back.resolve());
  const client = await database.connect();
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
  );
  client.release();
  expect(rowCount).toBeGreaterThan(0);
  await back.promise;
  await listening.stop();
});
