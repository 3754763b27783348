import { listTokens } from '../../app/sign-in/tokens.ts';
import type { Answer } from '../output/answer.ts';
import { renderTokens } from '../output/render-tokens.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const tokens = valueOf(await listTokens(await session.app(), session.flags.has('all')));
  return {
    schema: 'token-list',
    asOf: null,
    stale: false,
    exit: 0,
    data: tokens,
    records: tokens.map(({ id, login, name, scope, createdAt, until, usedAt, revokedAt }) => [
      id,
      login,
      name,
      scope,
      createdAt,
      until,
      usedAt ?? '',
      revokedAt ?? '',
    ]),
    lines: (room) => renderTokens(tokens, room),
  };
}
