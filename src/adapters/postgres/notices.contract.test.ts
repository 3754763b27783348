import { beforeEach, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { NO_CHOICE } from '../../domain/notice-choice.ts';
import type { NoticeBox } from '../../ports/notice-box.ts';
import { fileDatabase } from '../../testing/file-database.ts';
import { noticesContract } from '../../testing/notices-contract.ts';
import { openDatabase, postgresNotices } from './index.ts';

const NOON = Instant.parse('2025-06-16T12:00:00Z');
const own = fileDatabase();
let box: NoticeBox;

beforeEach(() => {
  box = postgresNotices(own.database(), own.name());
});

noticesContract(() => box);

it('keeps the trains of one database apart, and outlives the process', async () => {
  await box.choices.set('ana', NO_CHOICE, NOON);
  await box.advance(null, { state: { seq: 1 }, notices: [], at: NOON });
  const other = postgresNotices(own.database(), 'another-train');
  expect([await other.followed(), await other.choices.get('ana')]).toEqual([null, null]);
  const again = await openDatabase(own.place());
  expect(await postgresNotices(again, own.name()).followed()).toEqual({ version: 1, state: { seq: 1 } });
  await again.close();
});
