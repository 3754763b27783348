import type { AnswerCache, KeptAnswer } from './answer-cache.ts';
import { exchange, HttpFailure, systemTools, type HttpAnswer, type HttpTools } from './exchange.ts';
import { retryAfter, withRetries, type Judgement, type Outcome } from './retry.ts';

/** What documents are asked for with. */
export interface DocumentTools {
  readonly http: HttpTools;
  /** Answers that are asked for again with their ETag; null asks anew each time. */
  readonly cache: AnswerCache | null;
  /** Milliseconds since 1970, to understand a server that asks to be left alone until then. */
  readonly now: () => number;
}

export const systemDocumentTools: DocumentTools = { http: systemTools, cache: null, now: () => Date.now() };

export interface DocumentRequest {
  readonly url: URL;
  readonly accept: string;
  /** Bytes; a larger one is a failure. */
  readonly most: number;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole answer of 200. */
export interface HttpDocument {
  readonly bytes: Uint8Array;
  /** With its parameters; '' where none came. */
  readonly contentType: string;
  /** The address it came from in the end. */
  readonly url: URL;
}

/** The server answered, and not with the document. */
export class HttpRefusal extends Error {
  readonly status: number;
  constructor(url: URL, status: number) {
    super(`${url.host} answers ${status} for ${url.pathname}`);
    this.name = 'HttpRefusal';
    this.status = status;
  }
}

const TRANSIENT = [408, 429, 500, 502, 503, 504];

/** A read is safe to repeat, whatever came of it. */
export function judgeRead(outcome: Outcome<HttpAnswer>, now: number): Judgement {
  if (!outcome.answered) {
    const { error } = outcome;
    const lost = error instanceof HttpFailure && ['unreachable', 'timeout', 'broken-off'].includes(error.code);
    return lost ? { again: true, asked: null } : { again: false };
  }
  const { status, headers } = outcome.answer;
  return TRANSIENT.includes(status)
    ? { again: true, asked: retryAfter(headers.get('retry-after'), now) }
    : { again: false };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // No text, so it is not kept; whoever reads it says what is wrong with it.
    return null;
  }
}

function fromKept(kept: KeptAnswer, url: URL): HttpDocument {
  return { bytes: new TextEncoder().encode(kept.text), contentType: kept.contentType ?? '', url };
}

/**
 * A document by GET: bounded, repeated where that helps, redirected on the same host only, and asked for with the ETag of the last time. Null is the
 * answer that nothing is there (404, 410). Throws `HttpFailure` and `HttpRefusal`.
 */
export async function httpDocument(
  { url, accept, most, headers: more = {} }: DocumentRequest,
  { http, cache, now }: DocumentTools,
): Promise<HttpDocument | null> {
  const key = `${accept} ${url.href}`;
  const kept = (await cache?.find(key)) ?? null;
  const headers = { ...more, accept, ...(kept === null ? {} : { 'if-none-match': kept.etag }) };
  const tools = { ...http, limits: { ...http.limits, bytes: most } };
  const answer = await withRetries(
    () => exchange({ method: 'GET', url, headers, body: null }, tools),
    (outcome) => judgeRead(outcome, now()),
    http.timers,
  );
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status === 304 && kept !== null) return fromKept(kept, answer.url);
  if (answer.status !== 200) throw new HttpRefusal(url, answer.status);
  const contentType = answer.headers.get('content-type') ?? '';
  const etag = answer.headers.get('etag');
  const text = etag === null || cache === null ? null : decoded(answer.body);
  if (cache !== null && etag !== null && text !== null) await cache.keep(key, { etag, link: null, contentType, text });
  return { bytes: answer.body, contentType, url: answer.url };
}
