import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import type { KeptView, ViewHistory } from '../../ports/view-history.ts';
import type { Database } from './database.ts';

const Kept = z.object({ at: Instant, as_of: Instant, stale: z.boolean(), version: z.string(), data: z.unknown() });
const Count = z.object({ count: z.coerce.number() });

/** A page is known by a digest of what it is read by, since that may be longer than a key of an index may be. */
const keyOf = (page: string): string => createHash('sha256').update(page).digest('hex');

export function postgresViewHistory(database: Database): ViewHistory {
  const ask = async (doing: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> => {
    const client = await database.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } catch (error) {
      throw await database.explain(error, { doing });
    } finally {
      client.release();
    }
  };
  return {
    async keep(train, page, { at, asOf, stale, version, data }: KeptView) {
      // Two servers read at the same moment: the later one finds the version there.
      const text = `
        INSERT INTO signalbox.view_history (train, page, at, as_of, stale, version, data)
          SELECT $1, $2, $3, $4, $5, $6, $7
           WHERE $6 IS DISTINCT FROM (
             SELECT version FROM signalbox.view_history WHERE train = $1 AND page = $2 ORDER BY at DESC LIMIT 1)
          ON CONFLICT DO NOTHING`;
      await ask('keep what a page showed', text, [train, keyOf(page), at, asOf, stale, version, JSON.stringify(data)]);
    },
    async at(train, page, moment) {
      const text = `
        SELECT at, as_of, stale, version, data FROM signalbox.view_history
         WHERE train = $1 AND page = $2 AND at <= $3 ORDER BY at DESC LIMIT 1`;
      const [row] = await ask('look up what a page showed', text, [train, keyOf(page), moment]);
      if (row === undefined) return null;
      const { as_of: asOf, ...rest } = Kept.parse(row);
      return { asOf, ...rest };
    },
    async forget(train, before) {
      const text = `
        WITH gone AS (
          DELETE FROM signalbox.view_history old
           WHERE train = $1 AND at < $2 AND EXISTS (
             SELECT FROM signalbox.view_history newer
              WHERE newer.train = old.train AND newer.page = old.page AND newer.at > old.at AND newer.at < $2)
          RETURNING 1)
        SELECT count(*) AS count FROM gone`;
      const [row] = await ask('forget what pages showed', text, [train, before]);
      return Count.parse(row).count;
    },
  };
}
