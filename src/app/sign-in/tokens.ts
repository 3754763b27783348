import { addDays, dateOf, elapsedMillis, Instant } from '../../domain/instant.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { ApiToken } from '../../ports/sessions.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { newName, newSecret } from './secret.ts';

/** What every token begins with, so that one that leaked is known for what it is. */
export const TOKEN_PREFIX = 'sbx_';
const MOST_DAYS = 366;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._:/-]{0,59}$/u;

export interface TokenOrder {
  readonly name: string;
  readonly scope: ApiToken['scope'];
  readonly days: number;
}

/** Makes a token that acts as whoever gives the command. Its secret is in this answer and nowhere else. */
export async function createToken(
  app: App,
  { name, scope, days }: TokenOrder,
): Promise<Result<{ readonly token: ApiToken; readonly secret: string }, AppProblem>> {
  if (!NAME.test(name)) {
    const text = 'That is no name of a token: letters, digits, spaces and . _ : / - , at most 60.';
    return refuse({ kind: 'usage', code: 'token-name', text });
  }
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    const text = `A token is good for 1 to ${MOST_DAYS} days.`;
    return refuse({ kind: 'usage', code: 'token-days', text });
  }
  const createdAt = app.clock.now();
  const until = Instant.parse(`${addDays(dateOf(createdAt), days)}T${createdAt.slice(11)}`);
  const made = { login: await app.who(), createdAt, until, usedAt: null, revokedAt: null };
  const token: ApiToken = { id: newName(), name, scope, ...made };
  const secret = `${TOKEN_PREFIX}${newSecret()}`;
  const sessions = await app.sessions();
  // First the record: a token that nobody knows of must not work.
  await record(app, { type: 'token-made', token: token.id, name, scope, until });
  await sessions.tokens.add(hashOfSecret(secret), token);
  return succeed({ token, secret });
}

/** One's own tokens, newest first; those of everybody for release managers. */
export async function listTokens(app: App, everybody: boolean): Promise<Result<readonly ApiToken[], AppProblem>> {
  const { tokens } = await app.sessions();
  if (!everybody) return succeed(await tokens.list(await app.who()));
  const allowed = await requireRole(app, ['release-manager']);
  return allowed.ok ? succeed(await tokens.list(null)) : allowed;
}

/** Ends a token for good: one's own, or for release managers anybody's. Twice is once. */
export async function revokeToken(app: App, id: string): Promise<Result<ApiToken, AppProblem>> {
  const { tokens } = await app.sessions();
  const found = (await tokens.list(null)).find((token) => token.id === id);
  const theirs = found !== undefined && found.login === (await app.who());
  if (!theirs) {
    // Said before whether there is one: names of others' tokens are not to be tried.
    const allowed = await requireRole(app, ['release-manager']);
    if (!allowed.ok) return allowed;
  }
  if (found === undefined) {
    const text = 'There is no such token. List them: signalbox token list';
    return refuse({ kind: 'usage', code: 'token-unknown', text });
  }
  if (found.revokedAt !== null) return succeed(found);
  const at = app.clock.now();
  if (await tokens.revoke(id, at)) await record(app, { type: 'token-revoked', token: id, name: found.name });
  return succeed({ ...found, revokedAt: at });
}

/** What a token is at a moment, in one word. */
export function tokenState({ revokedAt, until }: ApiToken, now: Instant): 'good' | 'over' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return elapsedMillis(now, until) > 0 ? 'good' : 'over';
}
