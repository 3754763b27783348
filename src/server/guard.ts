import type { Hono, MiddlewareHandler } from 'hono';
import type { Role } from '../domain/train/train.ts';

/** Who makes a request, as far as the server could make sure of it. */
export interface Identity {
  readonly login: string;
  readonly roles: readonly Role[];
  /** By what: forms need a token against forgery, API tokens do not. */
  readonly how: 'session' | 'token';
  /** What an API token was made for; a session may do all that its person may. */
  readonly scope: 'read' | 'write';
}

/** What stands before every route: who it is, whether they may read, and whether a form is theirs. */
export interface Guard {
  /** Null: nobody, or nobody any more. */
  identify(request: Request): Promise<Identity | null>;
  /** Whether pages may be read by whoever this is. */
  mayRead(identity: Identity | null): boolean;
  /** What the forms of this session carry; null without a session. */
  formToken(request: Request): Promise<string | null>;
  /** Whether a form carries the token of its session, compared in constant time, and comes from our own pages. */
  isOwnForm(request: Request, token: string | undefined): Promise<boolean>;
  /** Stands before every route, the first of all: turns away what was meant for another host, and renews sessions. */
  readonly keep: MiddlewareHandler;
  /** Signing in and out; mounted at the root. */
  readonly routes: Hono;
  /** Where somebody who is nobody is sent, to come back to this path afterwards. */
  signInPath(back: string): string;
}
