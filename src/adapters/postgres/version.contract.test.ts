import { expect, it } from 'vitest';
import { testDatabase } from '../../testing/postgres.ts';

it('is tried on the PostgreSQL that this run is for: the newest, which comes with the package, or the oldest that teams may bring', async () => {
  const place = await testDatabase();
  const [row] = await place.asOwner('SHOW server_version_num', []);
  expect(row).toEqual({
    server_version_num: expect.stringMatching(process.env['SIGNALBOX_TEST_POSTGRES'] === '15' ? /^15/ : /^18/),
  });
  await place.drop();
});
