import type { PublicChannel, PublicPage } from '../../ports/public-channel.ts';
import { exchange, HttpFailure, systemTools, type HttpAnswer, type HttpTools } from '../http/exchange.ts';
import { retryAfter, withRetries, type Judgement, type Outcome } from '../http/retry.ts';

/** Why a channel cannot be read from outside: it answered, and not with what was asked for. */
class PublicChannelError extends Error {
  readonly code: 'not-allowed' | 'unexpected-answer';
  constructor(code: PublicChannelError['code'], message: string) {
    super(message);
    this.name = 'PublicChannelError';
    this.code = code;
  }
}

const ACCEPT = {
  html: 'text/html, application/vnd.pypi.simple.v1+html;q=0.5',
  json: 'application/vnd.pypi.simple.v1+json',
} as const;

/** More than the largest page that is read. */
const LARGEST_PAGE = 33 * 1024 * 1024;
/** Of a file whose first byte is asked for, from a server that sends the whole: enough to see that it is there. */
const A_BIT = 64 * 1024;

/** Channels over HTTP, read without credentials. */
export function httpPublicChannel(tools: HttpTools = systemTools): PublicChannel {
  return {
    page: async (address, form) => {
      const page = await get(tools, address, { accept: ACCEPT[form], most: LARGEST_PAGE });
      if (form === 'html' || (page !== null && /\bjson\b/.test(page.contentType))) return page;
      // A host of files does not negotiate: the JSON lies beside.
      return get(tools, new URL('index.json', address).href, { accept: ACCEPT.json, most: LARGEST_PAGE });
    },
    probe: (address) => probe(tools, address),
    file: async (address, most) => (await get(tools, address, { accept: '*/*', most }))?.bytes ?? null,
  };
}

interface Asked {
  readonly accept: string;
  readonly most: number;
}

async function get(tools: HttpTools, address: string, { accept, most }: Asked): Promise<PublicPage | null> {
  const answer = await ask({ ...tools, limits: { ...tools.limits, bytes: most } }, 'GET', address, { accept });
  if (isNothing(answer)) return null;
  if (answer.status !== 200) throw strange(address, answer);
  return { bytes: answer.body, contentType: answer.headers.get('content-type') ?? '', url: address };
}

async function probe(tools: HttpTools, address: string): Promise<{ readonly size: number | null } | null> {
  const head = await ask(tools, 'HEAD', address, {});
  if (head.status === 200) return { size: sizeIn(head.headers.get('content-length')) };
  if (isNothing(head)) return null;
  // Some hosts answer a HEAD with a redirect, or not at all: the first byte tells as well.
  const bounded = { ...tools, limits: { ...tools.limits, bytes: A_BIT } };
  const first = await ask(bounded, 'GET', address, { range: 'bytes=0-0' }).catch((error: unknown) => {
    if (error instanceof HttpFailure && error.code === 'too-large') return 'whole' as const;
    throw error;
  });
  if (first === 'whole') return { size: null };
  if (isNothing(first)) return null;
  if (first.status === 416) return { size: 0 };
  if (first.status !== 200 && first.status !== 206) throw strange(address, first);
  return {
    size:
      first.status === 200
        ? first.body.length
        : sizeIn(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] ?? null),
  };
}

function isNothing({ status }: HttpAnswer): boolean {
  return status === 404 || status === 410;
}

function sizeIn(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** An answer from which nothing can be concluded: 403 is what a store says of what is not there, and of what may not be seen. */
function strange(address: string, { status }: HttpAnswer): PublicChannelError {
  const { host } = new URL(address);
  const code = status === 401 || status === 403 ? 'not-allowed' : 'unexpected-answer';
  return new PublicChannelError(code, `${host} answers ${status} for ${address}`);
}

async function ask(
  tools: HttpTools,
  method: 'GET' | 'HEAD',
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const url = new URL(address);
  return withRetries(() => exchange({ method, url, headers, body: null }, tools), judge, tools.timers);
}

function judge(outcome: Outcome<HttpAnswer>): Judgement {
  if (!outcome.answered) {
    const { error } = outcome;
    const lost = error instanceof HttpFailure && ['unreachable', 'timeout', 'broken-off'].includes(error.code);
    return lost ? { again: true, asked: null } : { again: false };
  }
  const { status, headers } = outcome.answer;
  if (![408, 429, 500, 502, 503, 504].includes(status)) return { again: false };
  return { again: true, asked: retryAfter(headers.get('retry-after'), Date.now()) };
}
