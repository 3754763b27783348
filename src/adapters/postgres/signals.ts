import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Listening, Signals } from '../../ports/signals.ts';
import type { Database } from './database.ts';

/** One channel for all: its payload is the name of the train, which may be longer than a channel's name. */
const CHANNEL = 'signalbox';
const BACK_OFF_MS = [100, 500, 2_000, 5_000] as const;

/** Words by PostgreSQL's own notifications, which a transaction sends as it commits. */
export function postgresSignals(database: Database): Signals {
  return {
    async tell(train) {
      const client = await database.connect();
      try {
        await client.query('SELECT pg_notify($1, $2)', [CHANNEL, train]);
      } catch (error) {
        throw await database.explain(error, { doing: 'tell that something changed' });
      } finally {
        client.release();
      }
    },
    hear: (train, heard) => hear(database, train, heard),
  };
}

/** A connection of its own, made anew whenever it is lost. */
async function hear(database: Database, train: string, heard: () => void): Promise<Listening> {
  const stop = new AbortController();
  const connect = async (): Promise<{ readonly client: Client; readonly lost: Promise<void> }> => {
    const client = await database.connectAlone();
    const lost = Promise.withResolvers<void>();
    client.on('notification', ({ channel, payload }) => {
      if (channel === CHANNEL && payload === train) heard();
    });
    client.on('error', () => lost.resolve());
    client.on('end', () => lost.resolve());
    await client.query(`LISTEN ${CHANNEL}`);
    return { client, lost: lost.promise };
  };
  let current = await connect();
  const again = async (): Promise<void> => {
    for (let times = 0; !stop.signal.aborted; times += 1) {
      const pause = BACK_OFF_MS[Math.min(times, BACK_OFF_MS.length - 1)];
      await delay(pause, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      try {
        current = await connect();
        heard();
        return;
      } catch {
        // The database is not back yet.
      }
    }
  };
  const keep = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await current.lost;
      if (!stop.signal.aborted) await again();
    }
  };
  const kept = keep();
  return {
    async stop() {
      stop.abort();
      await current.client.end().catch(() => undefined);
      await kept;
    },
  };
}
