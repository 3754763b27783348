import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { NO_CHOICE } from '../../domain/notice-choice.ts';
import type { NoticeBox } from '../../ports/notice-box.ts';
import { noticesContract } from '../../testing/notices-contract.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { openDatabase, postgresNotices, type Database } from './index.ts';

const NOON = Instant.parse('2025-06-16T12:00:00Z');
let place: TestDatabase;
let database: Database;
let box: NoticeBox;
let used = 0;

beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase(place.place);
});
beforeEach(() => {
  used += 1;
  box = postgresNotices(database, `train-${used}`);
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

noticesContract(() => box);

it('keeps the trains of one database apart, and outlives the process', async () => {
  await box.choices.set('ana', NO_CHOICE, NOON);
  await box.advance(null, { state: { seq: 1 }, notices: [], at: NOON });
  const other = postgresNotices(database, 'another-train');
  expect([await other.followed(), await other.choices.get('ana')]).toEqual([null, null]);
  const again = await openDatabase(place.place);
  expect(await postgresNotices(again, `train-${used}`).followed()).toEqual({ version: 1, state: { seq: 1 } });
  await again.close();
});
