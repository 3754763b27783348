import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { Caller } from './app-desk.ts';
import { HttpError, readBody, type Reply } from './http.ts';
import { toBytes, type Answer } from './rest.ts';
import type { User } from './state.ts';
import type { Store } from './store.ts';

/** An OAuth app that is registered here. */
export interface SandboxOAuth {
  readonly id: string;
  readonly secret: string;
  /** Where browsers may be sent back to; a port may be anything on 127.0.0.1, as GitHub allows it. */
  readonly redirects: readonly string[];
}

/** GitHub's web flow: a page on which an account of the world is chosen, and codes and tokens that stand for it. */
export interface OAuthDesk {
  /** Null for a path that is none of it. */
  answer(request: IncomingMessage, url: URL): Promise<Answer | null>;
  /** Whose token this is, if it was given out here. */
  callerOf(token: string): Caller | null;
}

interface Code {
  readonly login: string;
  readonly redirect: string;
  readonly challenge: string | null;
  readonly until: number;
}

const ten = 600_000;
const bodyLimit = 65_536;
const paths = { page: '/login/oauth/authorize', token: '/login/oauth/access_token' } as const;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (left: string, right: string): boolean => timingSafeEqual(sha256(left), sha256(right));
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (sign) => `&#${String(sign.codePointAt(0) ?? 0)};`);

function mayRedirect({ redirects }: SandboxOAuth, to: string): boolean {
  if (!URL.canParse(to)) return false;
  const asked = new URL(to);
  return redirects.some((known) => {
    const url = new URL(known);
    const anyPort = url.hostname === '127.0.0.1';
    const sameHost = anyPort ? asked.hostname === url.hostname : asked.host === url.host;
    const below = asked.pathname === url.pathname || asked.pathname.startsWith(`${url.pathname.replace(/\/$/u, '')}/`);
    return asked.protocol === url.protocol && sameHost && below;
  });
}

const refusal = (error: string, description: string): Reply => ({
  status: 200,
  body: { error, error_description: description },
});

function page(people: readonly User[], query: URLSearchParams): Reply {
  const fields = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const buttons = people.map(
    ({ login }) => `<p><button name="login" value="${escaped(login)}">Authorize as ${escaped(login)}</button></p>`,
  );
  const form = `<form method="post" action="${paths.page}">${fields.join('')}${buttons.join('')}</form>`;
  const body = `<!doctype html><html lang="en"><title>Authorize application</title><h1>Authorize application</h1>${form}</html>`;
  return { status: 200, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

/** What was given out and not used yet, in this process only. */
interface Held {
  readonly app: SandboxOAuth;
  readonly store: Store;
  readonly now: () => string;
  readonly codes: Map<string, Code>;
  readonly tokens: Map<string, string>;
}

const peopleOf = (store: Store): readonly User[] => store.users().filter(({ type }) => type === 'User');

function redirectOf(app: SandboxOAuth, query: URLSearchParams): string {
  if (query.get('client_id') !== app.id) throw new HttpError(404, 'Not Found');
  const redirect = query.get('redirect_uri') ?? app.redirects[0] ?? '';
  if (!mayRedirect(app, redirect))
    throw new HttpError(400, 'The redirect_uri is not associated with this application.');
  if (query.get('code_challenge') !== null && query.get('code_challenge_method') !== 'S256')
    throw new HttpError(400, 'Only S256 is taken as the code challenge method.');
  return redirect;
}

function authorize({ app, store, now, codes }: Held, query: URLSearchParams): Reply {
  const redirect = redirectOf(app, query);
  const login = query.get('login') ?? '';
  if (!peopleOf(store).some((user) => user.login === login)) throw new HttpError(422, 'There is no such account here.');
  const code = randomBytes(10).toString('hex');
  codes.set(code, { login, redirect, challenge: query.get('code_challenge'), until: Date.parse(now()) + ten });
  const to = new URL(redirect);
  to.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) to.searchParams.set('state', state);
  return { status: 302, body: '', headers: { location: to.href } };
}

function giveToken({ app, now, codes, tokens }: Held, fields: URLSearchParams): Reply {
  const read = (name: string): string => fields.get(name) ?? '';
  if (read('client_id') !== app.id || !same(read('client_secret'), app.secret))
    return refusal('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
  const code = codes.get(read('code'));
  codes.delete(read('code'));
  const bad = refusal('bad_verification_code', 'The code passed is incorrect or expired.');
  if (code === undefined || code.until <= Date.parse(now())) return bad;
  if (fields.has('redirect_uri') && read('redirect_uri') !== code.redirect)
    return refusal('redirect_uri_mismatch', 'The redirect_uri is not the one that was authorized.');
  const proof = sha256(read('code_verifier')).toString('base64url');
  if (code.challenge !== null && !same(proof, code.challenge)) return bad;
  const token = `gho_${randomBytes(18).toString('hex')}`;
  tokens.set(token, code.login);
  return { status: 200, body: { access_token: token, token_type: 'bearer', scope: '' } };
}

async function replyTo(held: Held, request: IncomingMessage, url: URL): Promise<Reply> {
  if (request.method === 'GET' && url.pathname === paths.page) {
    redirectOf(held.app, url.searchParams);
    return page(peopleOf(held.store), url.searchParams);
  }
  if (request.method !== 'POST') throw new HttpError(404, 'Not Found');
  const fields = new URLSearchParams((await readBody(request, bodyLimit)).toString('utf8'));
  return url.pathname === paths.page ? authorize(held, fields) : giveToken(held, fields);
}

export function makeOAuthDesk(app: SandboxOAuth | null, store: Store, now: () => string): OAuthDesk {
  const held =
    app === null ? null : { app, store, now, codes: new Map<string, Code>(), tokens: new Map<string, string>() };
  return {
    callerOf: (token) => {
      const login = held?.tokens.get(token);
      return login === undefined ? null : { as: 'user', login };
    },
    answer: async (request, url) => {
      if (held === null || (url.pathname !== paths.page && url.pathname !== paths.token)) return null;
      const reply = await replyTo(held, request, url).catch((error: unknown): Reply => {
        if (!(error instanceof HttpError)) throw error;
        request.resume();
        return { status: error.status, body: error.body() };
      });
      const { bytes, type } = toBytes(reply);
      const headers = { 'content-type': type, 'cache-control': 'no-store', ...reply.headers };
      return { status: reply.status, headers, bytes, counted: false };
    },
  };
}
