import type { Octokit } from 'octokit';
import type { z } from 'zod';
import { ForgeError } from '../../ports/forge.ts';
import { HttpFailure } from '../http/exchange.ts';
import { cannot, refusalOf, unexpected, type Ask } from './failure.ts';
import { REDIRECTED, ROUTE } from './transport.ts';

interface Answer {
  readonly data: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** One call of a route; its parameters are checked against GitHub's published types. */
export type Call = (octokit: Octokit) => Promise<Answer>;

/** One page of a list. */
export interface Page<Body> {
  readonly body: Body;
  /** The repository answered under another name than the one asked for. */
  readonly moved: boolean;
}

/** Calls GitHub, takes answers by their schema, and turns every failure into a `ForgeError`. */
export interface Client {
  /** One call, reading or writing. */
  call<Body>(ask: Ask, call: Call, schema: z.ZodType<Body>): Promise<Body>;
  /** One reading call; null when the thing is not there (404 or 410), which may also mean that its repository is not. */
  look<Body>(ask: Ask, call: Call, schema: z.ZodType<Body>): Promise<Body | null>;
  /** A list, page by page, as far as the reader goes on. */
  pages<Body>(ask: Ask, call: Call, schema: z.ZodType<Body>): AsyncIterable<Page<Body>>;
}

/** No list of a release comes near it: 100,000 entries. */
const MAX_PAGES = 1000;

function routeOf({ headers }: Answer): string {
  return headers[ROUTE]?.toString() ?? 'a route';
}

function parsed<Body>(ask: Ask, answer: Answer, schema: z.ZodType<Body>): Body {
  const result = schema.safeParse(answer.data);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const place = first === undefined || first.path.length === 0 ? 'the body' : first.path.join('.');
  const what = typeof answer.data === 'string' ? 'something that is not JSON' : `${place} not as documented`;
  throw unexpected(ask, routeOf(answer), what, result.error);
}

/** The error for a call to which no whole answer came. */
export function networkFailure(ask: Ask, failure: HttpFailure, isWrite: boolean): ForgeError {
  const said = `${cannot(ask)}: ${failure.message}.`;
  if (failure.code === 'too-large' || failure.code === 'redirect') {
    const next = 'Check that the address is that of a GitHub API.';
    return new ForgeError('unexpected-answer', `${said} ${next}`, { cause: failure });
  }
  const next = isWrite
    ? 'Whether it was done is not known: run the command again, it looks first.'
    : 'Check the network and the address, then try again.';
  return new ForgeError('unreachable', `${said} ${next}`, { cause: failure });
}

function nextPage(answer: Answer, asked: ReadonlySet<string>, ask: Ask): string | null {
  const { link } = answer.headers;
  if (typeof link !== 'string') return null;
  const next = /<([^<>]+)>\s*;\s*rel="next"/.exec(link)?.[1];
  if (next === undefined) return null;
  if (asked.has(next)) throw unexpected(ask, routeOf(answer), 'pages that lead in a circle');
  if (asked.size >= MAX_PAGES - 1) throw unexpected(ask, routeOf(answer), `more than ${MAX_PAGES} pages`);
  if (!URL.canParse(next)) throw unexpected(ask, routeOf(answer), 'a next page that is no address');
  return next;
}

interface Failed {
  readonly status: number;
  readonly response?:
    | { readonly headers: Readonly<Record<string, string | number | undefined>>; readonly data: unknown }
    | undefined;
  readonly request: { readonly method: string };
  readonly cause?: unknown;
}

function worldFailure(ask: Ask, error: Failed, now: number): ForgeError {
  const isWrite = error.request.method !== 'GET';
  if (error.cause instanceof ForgeError) return error.cause;
  if (error.cause instanceof HttpFailure) return networkFailure(ask, error.cause, isWrite);
  const { response } = error;
  if (response === undefined) return unexpected(ask, `status ${error.status}`, 'something unreadable', error.cause);
  const header = (name: string): string | null => response.headers[name]?.toString() ?? null;
  const text = typeof response.data === 'string' ? response.data : JSON.stringify(response.data ?? null);
  return refusalOf(ask, { status: error.status, header, text }, isWrite, now);
}

function noHeader(): null {
  return null;
}

/** The client over an Octokit whose `fetch` is the transport. `isFailure` tells its errors from bugs. */
export function makeClient(
  octokit: Octokit,
  isFailure: (error: unknown) => error is Failed,
  now: () => number,
): Client {
  const send = async (ask: Ask, call: Call): Promise<Answer> => {
    try {
      const answer = await call(octokit);
      // Octokit lets what is neither success nor refusal pass, such as a redirect that was not followed.
      if (answer.status < 300) return answer;
      throw refusalOf(ask, { status: answer.status, header: noHeader, text: '' }, true, now());
    } catch (error) {
      throw isFailure(error) ? worldFailure(ask, error, now()) : error;
    }
  };
  const call: Client['call'] = async (ask, act, schema) => parsed(ask, await send(ask, act), schema);
  return {
    call,
    look: async (ask, act, schema) => {
      try {
        return await call(ask, act, schema);
      } catch (error) {
        if (error instanceof ForgeError && error.code === 'not-found') return null;
        throw error;
      }
    },
    pages: async function* pages(ask, act, schema) {
      const asked = new Set<string>();
      let answer = await send(ask, act);
      for (;;) {
        yield { body: parsed(ask, answer, schema), moved: answer.headers[REDIRECTED] !== undefined };
        const next = nextPage(answer, asked, ask);
        if (next === null) return;
        asked.add(next);
        answer = await send(ask, (client) => client.request({ method: 'GET', url: next }));
      }
    },
  };
}
