import { z } from 'zod';
import { SecretHash } from '../../domain/secret-hash.ts';
import type { OneTimeCodes, Session, SessionList, Sessions, SignInAttempts } from '../../ports/sessions.ts';
import { postgresTokens } from './api-tokens.ts';
import { asking, type Ask } from './asking.ts';
import type { Database } from './database.ts';
import { Moment } from './moment.ts';

const SessionRow = z.object({
  id: z.string(),
  login: z.string(),
  proof: z.enum(['link', 'forge']),
  form_key: SecretHash,
  created_at: Moment,
  seen_at: Moment,
  rotated_at: Moment,
  idle_until: Moment,
  until: Moment,
  current: z.boolean(),
});
const Counted = z.object({ count: z.coerce.number() });

function sessionOf(row: z.infer<typeof SessionRow>): Session {
  return {
    id: row.id,
    login: row.login,
    proof: row.proof,
    formKey: row.form_key,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    rotatedAt: row.rotated_at,
    idleUntil: row.idle_until,
    until: row.until,
  };
}

function people(ask: Ask, train: string): SessionList {
  return {
    begin: async (secret, session) => {
      const { id, login, proof, formKey, createdAt, seenAt, rotatedAt, idleUntil, until } = session;
      await ask(
        `INSERT INTO signalbox.sessions
           (train, id, secret, form_key, login, proof, created_at, seen_at, rotated_at, idle_until, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [train, id, secret, formKey, login, proof, createdAt, seenAt, rotatedAt, idleUntil, until],
      );
    },
    find: async (secret, now) => {
      const { rows } = await ask(
        `SELECT id, login, proof, form_key, created_at, seen_at, rotated_at, idle_until, until, secret = $2 AS current
           FROM signalbox.sessions
          WHERE train = $1 AND (secret = $2 OR (old_secret = $2 AND old_until > $3)) AND idle_until > $3 AND until > $3`,
        [train, secret, now],
      );
      const [row] = z.array(SessionRow).parse(rows);
      return row === undefined ? null : { session: sessionOf(row), current: row.current };
    },
    seen: async (id, at, idleUntil) => {
      // Never back: of two requests at once the later one counts.
      await ask(
        `UPDATE signalbox.sessions SET seen_at = greatest(seen_at, $3), idle_until = greatest(idle_until, $4)
          WHERE train = $1 AND id = $2`,
        [train, id, at, idleUntil],
      );
    },
    rotate: async (id, { from, to, at, oldUntil }) => {
      const { count } = await ask(
        `UPDATE signalbox.sessions SET secret = $4, old_secret = $3, rotated_at = $5, old_until = $6
          WHERE train = $1 AND id = $2 AND secret = $3`,
        [train, id, from, to, at, oldUntil],
      );
      return count === 1;
    },
    end: async (id) => {
      await ask('DELETE FROM signalbox.sessions WHERE train = $1 AND id = $2', [train, id]);
    },
    endAll: async (login) => {
      const { count } = await ask('DELETE FROM signalbox.sessions WHERE train = $1 AND login = $2', [train, login]);
      return count;
    },
    count: async (now) => {
      const { rows } = await ask(
        'SELECT count(*) AS count FROM signalbox.sessions WHERE train = $1 AND idle_until > $2 AND until > $2',
        [train, now],
      );
      return Counted.parse(rows[0]).count;
    },
  };
}

function codes(ask: Ask, train: string): OneTimeCodes {
  const Taken = z.object({ login: z.string(), in_time: z.boolean() });
  return {
    add: async (code, login, seconds) => {
      await ask(
        `INSERT INTO signalbox.sign_in_codes (train, secret, login, until)
         VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 second')`,
        [train, code, login, seconds],
      );
    },
    take: async (code) => {
      // Gone with the look itself: of two who come at once only one gets it.
      const { rows } = await ask(
        `DELETE FROM signalbox.sign_in_codes WHERE train = $1 AND secret = $2
         RETURNING login, until > clock_timestamp() AS in_time`,
        [train, code],
      );
      const [row] = z.array(Taken).parse(rows);
      return row?.in_time === true ? row.login : null;
    },
  };
}

function attempts(ask: Ask, train: string): SignInAttempts {
  const Taken = z.object({ browser: SecretHash, back: z.string(), until: Moment, in_time: z.boolean() });
  return {
    add: async (state, { browser, back, until }) => {
      await ask(
        'INSERT INTO signalbox.sign_in_attempts (train, state, browser, back, until) VALUES ($1, $2, $3, $4, $5)',
        [train, state, browser, back, until],
      );
    },
    take: async (state, now) => {
      const { rows } = await ask(
        `DELETE FROM signalbox.sign_in_attempts WHERE train = $1 AND state = $2
         RETURNING browser, back, until, until > $3 AS in_time`,
        [train, state, now],
      );
      const [row] = z.array(Taken).parse(rows);
      if (row?.in_time !== true) return null;
      return { browser: row.browser, back: row.back, until: row.until };
    },
  };
}

/** What signing in has to remember, in PostgreSQL. */
export function postgresSessions(database: Database, train: string): Sessions {
  const ask = asking(database, 'look after who is signed in');
  return {
    people: people(ask, train),
    codes: codes(ask, train),
    attempts: attempts(ask, train),
    tokens: postgresTokens(ask, train),
    forget: async (before) => {
      const tables = [
        ['sessions', 'least(idle_until, until) <= $2', [before]],
        ['sign_in_codes', 'until <= clock_timestamp()', []],
        ['sign_in_attempts', 'until <= $2', [before]],
      ] as const;
      let gone = 0;
      for (const [table, over, values] of tables) {
        const { count } = await ask(`DELETE FROM signalbox.${table} WHERE train = $1 AND ${over}`, [train, ...values]);
        gone += count;
      }
      return gone;
    },
  };
}
