import { Hono } from 'hono';
import type { Guard, Identity } from '../server/guard.ts';

function tokenIn(request: Request): string {
  return (
    /^Bearer (.+)$/u.exec(request.headers.get('authorization') ?? '')?.[1] ??
    /(?:^|; )session=([^;]+)/u.exec(request.headers.get('cookie') ?? '')?.[1] ??
    ''
  );
}

/** A guard of tests: whoever has one of these tokens, as bearer or as the cookie `session`, is who it stands for. */
export function tokenGuard(known: Readonly<Record<string, Identity>>): Guard {
  return {
    identify: (request) => Promise.resolve(known[tokenIn(request)] ?? null),
    mayRead: (identity) => identity !== null,
    formToken: (request) => Promise.resolve(`form-${tokenIn(request)}`),
    isOwnForm: (request, token) => Promise.resolve(token === `form-${tokenIn(request)}`),
    keep: (_context, next) => next(),
    routes: new Hono(),
    signInPath: (back) => `/sign-in?back=${encodeURIComponent(back)}`,
  };
}
