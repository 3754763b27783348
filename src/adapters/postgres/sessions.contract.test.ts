import { beforeEach, expect, it } from 'vitest';
import { addSeconds, Instant } from '../../domain/instant.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { fileDatabase } from '../../testing/file-database.ts';
import { sessionsContract } from '../../testing/sessions-contract.ts';
import { openDatabase, postgresSessions } from './index.ts';

const NOON = Instant.parse('2025-06-16T12:00:00Z');
const own = fileDatabase();
let sessions: Sessions;

beforeEach(() => {
  sessions = postgresSessions(own.database(), own.name());
});

sessionsContract(() => sessions);

it('keeps the trains of one database apart', async () => {
  const other = postgresSessions(own.database(), 'another-train');
  await sessions.codes.add(hashOfSecret('code'), 'ana', 60);
  const made = { createdAt: NOON, until: addSeconds(NOON, 60), usedAt: null, revokedAt: null };
  await sessions.tokens.add(hashOfSecret('t'), { id: 't', login: 'ana', name: 'n', scope: 'write', ...made });
  expect(await other.codes.take(hashOfSecret('code'))).toBeNull();
  expect(await other.tokens.find(hashOfSecret('t'), NOON)).toBeNull();
  expect(await other.tokens.revoke('t', NOON)).toBe(false);
  expect(await sessions.codes.take(hashOfSecret('code'))).toBe('ana');
});

it('is the same for every process, and outlives it', async () => {
  const again = await openDatabase(own.place());
  await sessions.codes.add(hashOfSecret('c'), 'ana', 60);
  expect(await postgresSessions(again, own.name()).codes.take(hashOfSecret('c'))).toBe('ana');
  expect(await sessions.codes.take(hashOfSecret('c'))).toBeNull();
  await again.close();
});

it('lets nobody take a token out of the record', async () => {
  const made = { createdAt: NOON, until: addSeconds(NOON, 60), usedAt: null, revokedAt: null };
  await sessions.tokens.add(hashOfSecret('t'), { id: 't', login: 'ana', name: 'n', scope: 'read', ...made });
  const client = await own.database().connect();
  await expect(client.query('DELETE FROM signalbox.api_tokens')).rejects.toMatchObject({ code: '42501' });
  client.release(true);
});

it('says a database that went away by its code', async () => {
  const closed = await openDatabase(own.place());
  await closed.close();
  await expect(postgresSessions(closed, 't').people.count(NOON)).rejects.toMatchObject({ name: 'LedgerError' });
});
