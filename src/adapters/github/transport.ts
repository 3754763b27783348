import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ForgeError } from '../../ports/forge.ts';
import type { AnswerCache, KeptAnswer } from '../http/answer-cache.ts';
import { exchange, HttpFailure, type HttpAnswer, type HttpTools } from '../http/exchange.ts';
import { retryAfter, withRetries, type Judgement, type Outcome } from '../http/retry.ts';
import type { Credentials } from './app-auth.ts';
import { askedToWait } from './rate-limit.ts';

export interface TransportOptions {
  readonly apiUrl: URL;
  readonly credentials: Credentials;
  readonly tools: HttpTools;
  readonly cache: AnswerCache;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Set on answers that came from another address than the one asked: the repository has been renamed or moved. */
export const REDIRECTED = 'x-signalbox-redirected';
/** Set on every answer: the method and path that were asked, for messages. */
export const ROUTE = 'x-signalbox-route';

export const API_VERSION = '2022-11-28';

const TRANSIENT = [500, 502, 503, 504];

/**
 * What is safe to repeat: a GET whatever happened to it, and any call that GitHub turned away for its rate limits, since it did nothing. A
 * write whose answer was lost or failed may have had its effect: whoever asked looks again before doing it again.
 */
export function judge(outcome: Outcome<HttpAnswer>, isRead: boolean, now: number): Judgement {
  if (!outcome.answered) {
    const { error } = outcome;
    const lost = error instanceof HttpFailure && ['unreachable', 'timeout', 'broken-off'].includes(error.code);
    return isRead && lost ? { again: true, asked: null } : { again: false };
  }
  const { status, headers, body } = outcome.answer;
  const header = (name: string): string | null => headers.get(name);
  if (status === 403 || status === 429) {
    const asked = askedToWait({ status, header, text: textOf(body) }, now);
    return asked === null ? { again: false } : { again: true, asked };
  }
  if (!isRead || !TRANSIENT.includes(status)) return { again: false };
  return { again: true, asked: retryAfter(header('retry-after'), now) };
}

export function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told to whoever asked as an unexpected answer; here it only must not be kept.
    return undefined;
  }
}

/** The header that carries the token. */
export function authorization(token: string | null): Record<string, string> {
  if (token === null) return {};
  // Checked here, because the error of the HTTP library would print the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ForgeError(
      'not-signed-in',
      'GitHub: the token holds characters that no token has, such as a line end. Give it again.',
    );
  }
  return { authorization: `Bearer ${token}` };
}

/** Only the API's own host is ever called, and no name in a path may climb out of its place. */
function checkedUrl(text: string, apiUrl: URL): URL {
  const url = new URL(text);
  if (url.origin !== apiUrl.origin) {
    throw new ForgeError(
      'unexpected-answer',
      `GitHub: an answer leads to ${url.host}, which is not called. Only ${apiUrl.host} is.`,
    );
  }
  const [path = ''] = text.slice(text.indexOf(url.host)).split(/[?#]/, 1);
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw new ForgeError('invalid', 'GitHub: "." and ".." are no names there. Correct the name.');
  }
  return url;
}

/** A refusal may quote what was sent; its text ends up in messages. */
export function withoutSecret({ status, body }: HttpAnswer, secret: string | null): Uint8Array | string {
  return status < 400 || secret === null ? body : textOf(body).replaceAll(secret, '***');
}

function answerOf(answer: HttpAnswer, route: string, secret: string | null): Response {
  const headers = new Headers([...answer.headers]);
  headers.set(ROUTE, route);
  headers.delete(REDIRECTED);
  if (answer.redirected) headers.set(REDIRECTED, 'yes');
  const isEmpty = [204, 205, 304].includes(answer.status);
  return new Response(isEmpty ? null : withoutSecret(answer, secret), { status: answer.status, headers });
}

function keptAnswer(kept: KeptAnswer, answer: HttpAnswer): HttpAnswer {
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8', etag: kept.etag });
  if (kept.link !== null) headers.set('link', kept.link);
  return {
    status: 200,
    headers,
    body: new TextEncoder().encode(kept.text),
    redirected: answer.redirected,
    url: answer.url,
  };
}

const Entries = z.union([
  z.array(z.unknown()),
  z
    .looseObject({ total_count: z.number() })
    .transform((body) => Object.values(body).find((each): each is unknown[] => Array.isArray(each)) ?? []),
]);

/**
 * A last page that is full does not change when the list grows: only its Link header does, which the ETag does not cover. Asked for
 * conditionally it would hide all that came after it.
 */
function mayHideMore(url: URL, link: string | null, body: unknown): boolean {
  const size = Number(url.searchParams.get('per_page') ?? Number.NaN);
  const entries = Entries.safeParse(body);
  return !/rel="next"/.test(link ?? '') && entries.success && entries.data.length >= size;
}

async function keep(
  cache: AnswerCache,
  asked: { readonly key: string; readonly url: URL },
  answer: HttpAnswer,
): Promise<void> {
  const etag = answer.headers.get('etag');
  if (answer.status !== 200 || etag === null) return;
  const text = textOf(answer.body);
  const link = answer.headers.get('link');
  const body = jsonIn(text);
  if (body !== undefined && !mayHideMore(asked.url, link, body)) await cache.keep(asked.key, { etag, link, text });
}

/** GraphQL is always a POST; a query in it only reads, and may be repeated like a GET. */
function isQuery(url: URL, body: string | null): boolean {
  return url.pathname.endsWith('/graphql') && body?.startsWith('{"query":"query ') === true;
}

/**
 * The `fetch` that the GitHub client is given: bounded in time and size, on the API's host only, with the token, repeated where that is
 * safe, and conditional, so that what has not changed costs no counted request.
 */
export function transport({ apiUrl, credentials, tools, cache, now }: TransportOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const url = checkedUrl(input instanceof Request ? input.url : String(input), apiUrl);
    const method = init?.method ?? 'GET';
    const isGet = method === 'GET';
    const body = typeof init?.body === 'string' ? init.body : null;
    const isRead = isGet || isQuery(url, body);
    const route = `${method} ${url.pathname}`;
    const { secret, identity } = await credentials(url);
    const headers = {
      ...Object.fromEntries(new Headers(init?.headers)),
      ...authorization(secret),
      'x-github-api-version': API_VERSION,
    };
    // What somebody may see depends on who asks, so answers are kept per token, or per installation of an app.
    const key = `${createHash('sha256').update(identity).digest('hex')} ${url.href}`;
    const kept = isGet ? await cache.find(key) : null;
    const request = {
      method,
      url,
      headers: kept === null ? headers : { ...headers, 'if-none-match': kept.etag },
      body,
    };
    const answer = await withRetries(
      () => exchange(request, tools),
      (outcome) => judge(outcome, isRead, now()),
      tools.timers,
    );
    if (answer.status === 304 && kept !== null) return answerOf(keptAnswer(kept, answer), route, secret);
    if (isGet) await keep(cache, { key, url }, answer);
    return answerOf(answer, route, secret);
  };
}
