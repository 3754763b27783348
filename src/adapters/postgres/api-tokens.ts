import { z } from 'zod';
import type { ApiToken, ApiTokens } from '../../ports/sessions.ts';
import type { Ask } from './asking.ts';
import { Moment } from './moment.ts';

const TokenRow = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    scope: z.enum(['read', 'write']),
    created_at: Moment,
    until: Moment,
    used_at: Moment.nullable(),
    revoked_at: Moment.nullable(),
  })
  .transform(({ created_at, used_at, revoked_at, ...rest }): ApiToken => ({
    ...rest,
    createdAt: created_at,
    usedAt: used_at,
    revokedAt: revoked_at,
  }));

const COLUMNS = 'id, login, name, scope, created_at, until, used_at, revoked_at';

export function postgresTokens(ask: Ask, train: string): ApiTokens {
  return {
    add: async (secret, { id, login, name, scope, createdAt, until, usedAt, revokedAt }) => {
      await ask(
        `INSERT INTO signalbox.api_tokens (train, secret, ${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [train, secret, id, login, name, scope, createdAt, until, usedAt, revokedAt],
      );
    },
    find: async (secret, now) => {
      const { rows } = await ask(
        `SELECT ${COLUMNS} FROM signalbox.api_tokens WHERE train = $1 AND secret = $2 AND until > $3 AND revoked_at IS NULL`,
        [train, secret, now],
      );
      return z.array(TokenRow).parse(rows)[0] ?? null;
    },
    used: async (id, at) => {
      await ask(
        'UPDATE signalbox.api_tokens SET used_at = greatest(coalesce(used_at, $3), $3) WHERE train = $1 AND id = $2',
        [train, id, at],
      );
    },
    list: async (login) => {
      const { rows } = await ask(
        `SELECT ${COLUMNS} FROM signalbox.api_tokens WHERE train = $1 AND ($2::text IS NULL OR login = $2)
          ORDER BY created_at DESC, id`,
        [train, login],
      );
      return z.array(TokenRow).parse(rows);
    },
    revoke: async (id, at) => {
      const { count } = await ask(
        'UPDATE signalbox.api_tokens SET revoked_at = $3 WHERE train = $1 AND id = $2 AND revoked_at IS NULL',
        [train, id, at],
      );
      return count === 1;
    },
  };
}
