import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { signalsContract, viewHistoryContract } from '../../testing/signals-contract.ts';
import { fileDatabase } from '../../testing/file-database.ts';
import { openDatabase, postgresLedger, postgresSignals, postgresViewHistory } from './index.ts';

const own = fileDatabase();

signalsContract(() => ({ signals: postgresSignals(own.database()), train: 'pytorch' }));
viewHistoryContract(() => ({ history: postgresViewHistory(own.database()), train: 'pytorch' }));

it('hears what the ledger takes in, from whichever process', async () => {
  const heard = Promise.withResolvers<void>();
  const listening = await postgresSignals(own.database()).hear('ledger-train', () => heard.resolve());
  const other = await openDatabase(own.place());
  await postgresLedger(other).append('ledger-train', [
    { at: Instant.parse('2026-07-11T14:00:00.000Z'), actor: 'ana', event: { type: 'train-frozen', reason: 'fire' } },
  ]);
  await expect(heard.promise).resolves.toBeUndefined();
  await other.close();
  await listening.stop();
});

it('listens again after its connection was cut, and says that words may have been missed', async () => {
  const back = Promise.withResolvers<void>();
  const listening = await postgresSignals(own.database()).hear('cut-train', () => back.resolve());
  const client = await own.database().connect();
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
  );
  client.release();
  expect(rowCount).toBeGreaterThan(0);
  await back.promise;
  await listening.stop();
});
