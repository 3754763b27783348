import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { Notice, NoticeAddress } from '../../domain/notice.ts';
import { NoticeChoice } from '../../domain/notice-choice.ts';
import type { Outgoing } from '../../domain/notice-timing.ts';
import type { KeptNotice, NoticeBox, NoticeChoices, NoticeStep } from '../../ports/notice-box.ts';
import { asking, type Ask } from './asking.ts';
import type { Database } from './database.ts';
import { inTransaction } from './jobs-database.ts';
import { Moment } from './moment.ts';

const Row = z
  .object({
    id: z.string(),
    who: z.string().nullable(),
    notice: Notice,
    address: NoticeAddress.nullable(),
    calls: z.array(z.string()),
    state: z.enum(['waiting', 'sent', 'dropped', 'nowhere']),
    why: z.string().nullable(),
    not_before: Moment,
    decided_at: Moment,
    begun_at: Moment.nullable(),
    settled_at: Moment.nullable(),
  })
  .transform(({ not_before, decided_at, begun_at, settled_at, ...rest }): KeptNotice => ({
    ...rest,
    notBefore: not_before,
    decidedAt: decided_at,
    begunAt: begun_at,
    settledAt: settled_at,
  }));
const Rows = z.array(Row);

const COLUMNS = 'id, who, notice, address, calls, state, why, not_before, decided_at, begun_at, settled_at';

function choicesIn(ask: Ask, train: string): NoticeChoices {
  const Chosen = z.array(z.object({ login: z.string(), choice: NoticeChoice }));
  return {
    get: async (login) => {
      const text = 'SELECT login, choice FROM signalbox.notice_choices WHERE train = $1 AND login = lower($2)';
      const { rows } = await ask(text, [train, login]);
      return Chosen.parse(rows)[0]?.choice ?? null;
    },
    all: async () => {
      const { rows } = await ask('SELECT login, choice FROM signalbox.notice_choices WHERE train = $1', [train]);
      return new Map(Chosen.parse(rows).map(({ login, choice }) => [login, choice]));
    },
    set: async (login, choice, at) => {
      await ask(
        `INSERT INTO signalbox.notice_choices (train, login, choice, changed_at) VALUES ($1, lower($2), $3, $4)
         ON CONFLICT (train, login) DO UPDATE SET choice = excluded.choice, changed_at = excluded.changed_at`,
        [train, login, JSON.stringify(choice), at],
      );
    },
  };
}

/** False when another process was first. */
async function moved(client: PoolClient, train: string, from: number | null, state: unknown): Promise<boolean> {
  const text = JSON.stringify(state);
  const { rowCount } =
    from === null
      ? await client.query(
          'INSERT INTO signalbox.notice_follower (train, version, state) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING',
          [train, text],
        )
      : await client.query(
          'UPDATE signalbox.notice_follower SET version = version + 1, state = $3 WHERE train = $1 AND version = $2',
          [train, from, text],
        );
  return rowCount === 1;
}

async function keep(client: PoolClient, train: string, { at }: NoticeStep, one: Outgoing): Promise<void> {
  const { id, who, notice, address, calls, why, notBefore } = one;
  await client.query(
    `INSERT INTO signalbox.notices (train, id, who, notice, address, calls, state, why, not_before, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (train, id) DO UPDATE
       SET notice = excluded.notice, address = excluded.address, calls = excluded.calls, state = excluded.state,
           why = excluded.why, not_before = excluded.not_before
       WHERE notices.state = 'nowhere' AND excluded.state = 'waiting'`,
    [
      train,
      id,
      who,
      JSON.stringify(notice),
      address === null ? null : JSON.stringify(address),
      JSON.stringify(calls),
      address === null ? 'nowhere' : 'waiting',
      why,
      notBefore,
      at,
    ],
  );
}

interface Beginning {
  readonly ids: readonly string[];
  readonly now: Instant;
  readonly staleBefore: Instant;
}

/** Whoever gets the rows first has them; they are answered as they were before. */
async function begin(ask: Ask, train: string, { ids, now, staleBefore }: Beginning): Promise<readonly KeptNotice[]> {
  const columns = COLUMNS.split(', ')
    .map((name) => `old.${name}`)
    .join(', ');
  const { rows } = await ask(
    `UPDATE signalbox.notices new SET begun_at = $3
       FROM (SELECT * FROM signalbox.notices
              WHERE train = $1 AND id = ANY ($2::text[]) AND state = 'waiting'
                AND (begun_at IS NULL OR begun_at < $4) ORDER BY id FOR UPDATE) old
      WHERE new.train = old.train AND new.id = old.id
     RETURNING ${columns}`,
    [train, [...ids], now, staleBefore],
  );
  return Rows.parse(rows);
}

/** Notices on their way, in PostgreSQL. */
export function postgresNotices(database: Database, train: string): NoticeBox {
  const ask = asking(database, 'look after notices');
  const Followed = z.array(z.object({ version: z.int(), state: z.unknown() }));
  return {
    choices: choicesIn(ask, train),
    followed: async () => {
      const { rows } = await ask('SELECT version, state FROM signalbox.notice_follower WHERE train = $1', [train]);
      return Followed.parse(rows)[0] ?? null;
    },
    advance: (from, step) =>
      inTransaction(database, 'keep notices', async (client) => {
        if (!(await moved(client, train, from, step.state))) return false;
        for (const one of step.notices) await keep(client, train, step, one);
        return true;
      }),
    due: async (now) => {
      const { rows } = await ask(
        `SELECT ${COLUMNS} FROM signalbox.notices WHERE train = $1 AND state = 'waiting' AND not_before <= $2
          ORDER BY not_before, decided_at, id`,
        [train, now],
      );
      return Rows.parse(rows);
    },
    begin: (ids, now, staleBefore) => begin(ask, train, { ids, now, staleBefore }),
    settle: async (ids, { state, why, at }) => {
      await ask(
        `UPDATE signalbox.notices SET state = $3, why = $4, begun_at = NULL, settled_at = $5
          WHERE train = $1 AND id = ANY ($2::text[]) AND state = 'waiting'`,
        [train, [...ids], state, why, state === 'waiting' ? null : at],
      );
    },
    list: async ({ who, state, last }) => {
      const { rows } = await ask(
        `SELECT ${COLUMNS} FROM signalbox.notices
          WHERE train = $1 AND ($2::text IS NULL OR lower(who) = lower($2)) AND ($3::text IS NULL OR state = $3)
          ORDER BY decided_at DESC, id LIMIT $4`,
        [train, who ?? null, state ?? null, last],
      );
      return Rows.parse(rows);
    },
    forget: async (before) => {
      const { count } = await ask(
        `DELETE FROM signalbox.notices WHERE train = $1 AND state <> 'waiting' AND coalesce(settled_at, decided_at) < $2`,
        [train, before],
      );
      return count;
    },
  };
}
