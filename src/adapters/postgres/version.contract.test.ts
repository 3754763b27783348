import { expect, it } from 'vitest';
import { z } from 'zod';
import { testDatabase } from '../../testing/postgres.ts';

const Version = z.object({ server_version_num: z.string() });

it('is tried on the PostgreSQL that this run is for: the newest, which comes with the package, or the oldest that teams may bring', async () => {
  const place = await testDatabase();
  const [row] = await place.asOwner('SHOW server_version_num', []);
  const wanted = process.env['SIGNALBOX_TEST_POSTGRES'] ?? '18';
  expect(Version.parse(row).server_version_num.slice(0, 2)).toBe(wanted);
  await place.drop();
});
