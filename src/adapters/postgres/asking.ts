import type { Database } from './database.ts';

/** Runs one statement on a connection of the pool. */
export type Ask = (
  sql: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly unknown[]; readonly count: number }>;

/** One statement at a time, each its own transaction. Failures are told as those of `doing`. */
export function asking(database: Database, doing: string): Ask {
  return async (sql, values) => {
    const client = await database.connect();
    try {
      const answer: { readonly rows: readonly unknown[]; readonly rowCount: number | null } = await client.query(sql, [
        ...values,
      ]);
      client.release();
      return { rows: answer.rows, count: answer.rowCount ?? 0 };
    } catch (error) {
      client.release(true);
      throw await database.explain(error, { doing });
    }
  };
}
