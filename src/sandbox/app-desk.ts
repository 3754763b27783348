import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { z } from 'zod';

import { HttpError } from './http.ts';
import type { User } from './state.ts';
import type { Store } from './store.ts';

/** A GitHub App that is installed in the whole world. */
export interface SandboxApp {
  readonly id: number;
  readonly slug: string;
  /** PEM. */
  readonly publicKey: string;
  readonly installation: number;
  /** The account it acts as; its login is `SLUG[bot]` at GitHub. */
  readonly login: string;
  readonly hook?: { readonly url: string; readonly secret: string; readonly events: readonly string[] };
}

/** Who a token stands for: an account, an app by its signed word, or an app's installation. */
export type Caller =
  | { readonly as: 'user'; readonly login: string }
  | { readonly as: 'installation'; readonly login: string }
  | { readonly as: 'app' };

/** Where apps show who they are. */
export interface AppDesk {
  readonly app: SandboxApp | null;
  /** Null for a token that is none of the app's. */
  callerOf(token: string): Caller | null;
  /** A token of an installation, for an hour. */
  issue(): { readonly token: string; readonly expires_at: string };
}

const Claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });
const longest = 600;
const hour = 3_600_000;

/** Whether it is a word of the app, signed with its key and of this moment. */
function isWordOf(app: SandboxApp, token: string, seconds: number): boolean {
  const [head = '', claims = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') return false;
  const key = createPublicKey(app.publicKey);
  if (!verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))) return false;
  const { iss, iat, exp } = Claims.parse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
  return String(iss) === String(app.id) && iat <= seconds && exp > seconds && exp - iat <= longest;
}

export function makeAppDesk(app: SandboxApp | null, now: () => string): AppDesk {
  const issued = new Map<string, number>();
  return {
    app,
    callerOf: (token) => {
      if (app === null) return null;
      const millis = Date.parse(now());
      const until = issued.get(token);
      if (until !== undefined) return until > millis ? { as: 'installation', login: app.login } : null;
      return token.includes('.') && isWordOf(app, token, Math.floor(millis / 1000)) ? { as: 'app' } : null;
    },
    issue: () => {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const until = Date.parse(now()) + hour;
      issued.set(token, until);
      return { token, expires_at: new Date(until).toISOString().replace(/\.\d{3}Z$/u, 'Z') };
    },
  };
}

/** Whose token this is: an account's, an installation's, or the app's own word; null for one that nobody has. */
export function callerOf(desk: AppDesk, store: Store, token: string): Caller | null {
  const login = store.userByToken(token)?.login;
  return desk.callerOf(token) ?? (login === undefined ? null : { as: 'user', login });
}

/** The account a caller acts as. The app itself is no account of the world. */
export function userOf({ app }: AppDesk, store: Store, caller: Caller): User | null {
  if (caller.as !== 'app') return store.userByLogin(caller.login) ?? null;
  return app === null ? null : { id: app.id, login: app.slug, name: app.slug, email: '', type: 'Bot', token: null };
}

/** Which callers may ask for a path: an app only what is about itself, everybody else only what is not. */
export function checkCaller(caller: Caller, path: string): void {
  const ofApp = path === '/app' || path.startsWith('/app/');
  if (ofApp !== (caller.as === 'app')) throw new HttpError(401, 'A JSON web token could not be decoded');
  if (caller.as === 'installation' && path === '/user')
    throw new HttpError(403, 'Resource not accessible by integration');
}
