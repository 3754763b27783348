import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { Outside } from './outside.ts';

/** What the browser holds of a session: the secret, which changes, and the key that its forms are signed with, which stays. */
export interface SessionCookie {
  readonly secret: string;
  readonly formKey: string;
}

type Kind = 'session' | 'attempt';

const SECRET = /^[A-Za-z0-9_-]{43}$/;
const ATTEMPT_SECONDS = 600;

/**
 * Over TLS with the prefix that lets no other host of the domain set it. On this machine cookies know no ports, so the name does: two servers
 * do not sign each other out.
 */
function nameOf(kind: Kind, { secure, origin }: Outside): string {
  return secure ? `__Host-signalbox-${kind}` : `signalbox-${kind}-${new URL(origin).port || '80'}`;
}

/**
 * The value of a cookie. Given twice, it is none: somebody who could set a cookie for a wider path or domain put one beside ours, and which of them
 * comes first is theirs to choose.
 */
function valueOf(headers: Headers, name: string): string | null {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
  const [only] = values;
  return only !== undefined && values.length === 1 ? only : null;
}

export function readSession(headers: Headers, outside: Outside): SessionCookie | null {
  const [secret = '', formKey = '', ...rest] = valueOf(headers, nameOf('session', outside))?.split('.') ?? [];
  return rest.length === 0 && SECRET.test(secret) && SECRET.test(formKey) ? { secret, formKey } : null;
}

export function readAttempt(headers: Headers, outside: Outside): string | null {
  const value = valueOf(headers, nameOf('attempt', outside));
  return value !== null && SECRET.test(value) ? value : null;
}

function write(context: Context, kind: Kind, outside: Outside, cookie: { value: string; maxAge: number }): void {
  const { secure } = outside;
  const rules = { path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge: cookie.maxAge } as const;
  setCookie(context, nameOf(kind, outside), cookie.value, rules);
}

/** Until the end of the session, which the server knows better. */
export function writeSession(context: Context, outside: Outside, cookie: SessionCookie & { seconds: number }): void {
  write(context, 'session', outside, { value: `${cookie.secret}.${cookie.formKey}`, maxAge: cookie.seconds });
}

export function writeAttempt(context: Context, outside: Outside, secret: string): void {
  write(context, 'attempt', outside, { value: secret, maxAge: ATTEMPT_SECONDS });
}

export function clearCookie(context: Context, outside: Outside, kind: Kind): void {
  write(context, kind, outside, { value: '', maxAge: 0 });
}
