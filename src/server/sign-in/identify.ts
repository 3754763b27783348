import type { App } from '../../app/app.ts';
import { rolesNow, type ApiToken } from '../../app/sign-in/person.ts';
import { TOKEN_PREFIX } from '../../app/sign-in/tokens.ts';
import { elapsedMillis } from '../../domain/instant.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { Identity } from '../guard.ts';
import type { BrowserSessions, Shown } from './browser-sessions.ts';
import { readSession } from './cookies.ts';
import type { Outside } from './outside.ts';

/** Who makes a request, and by which session, if by one. */
export interface Known {
  readonly identity: Identity | null;
  readonly shown: Shown | null;
}

const NOBODY: Known = { identity: null, shown: null };
const BEARER = new RegExp(`^Bearer (${TOKEN_PREFIX}[A-Za-z0-9_-]{43})$`, 'i');
/** The use of a token is written down at most so often. */
const USED_EVERY = 60_000;

async function tokenOf(app: App, header: string): Promise<ApiToken | null> {
  const secret = BEARER.exec(header)?.[1];
  if (secret === undefined) return null;
  const { tokens } = await app.sessions();
  const now = app.clock.now();
  const token = await tokens.find(hashOfSecret(secret), now);
  if (token !== null && (token.usedAt === null || elapsedMillis(token.usedAt, now) >= USED_EVERY))
    await tokens.used(token.id, now);
  return token;
}

interface Parts {
  readonly app: App;
  readonly sessions: BrowserSessions;
  readonly outside: () => Outside;
}

/** Finds out who makes a request; asked several times about the same one, it looks once. */
export function identifier({ app, sessions, outside }: Parts): (request: Request) => Promise<Known> {
  const look = async ({ headers }: Request): Promise<Known> => {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      // Whoever brings a token means it: one that does not hold is not made good by a cookie.
      const token = await tokenOf(app, authorization);
      if (token === null) return NOBODY;
      const { login, scope } = token;
      return { identity: { login, roles: await rolesNow(app, login), how: 'token', scope }, shown: null };
    }
    const shown = await sessions.find(readSession(headers, outside()));
    if (shown === null) return NOBODY;
    const { login } = shown.session;
    return { identity: { login, roles: await rolesNow(app, login), how: 'session', scope: 'write' }, shown };
  };
  const known = new WeakMap<Request, Promise<Known>>();
  return (request) => {
    const before = known.get(request);
    if (before !== undefined) return before;
    const found = look(request);
    known.set(request, found);
    return found;
  };
}
