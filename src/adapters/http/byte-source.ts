import { ByteSourceError, type ByteSource, type ByteSourceFailure } from '../../domain/byte-source.ts';
import { exchange, HttpFailure, systemTools, type HttpAnswer, type HttpTools } from './exchange.ts';
import { openPlain } from './open.ts';
import { retryAfter, withRetries, type Judgement, type Outcome } from './retry.ts';

/** What is asked for at once of what is read from end to end. */
const STEP = 8 * 1024 * 1024;
/** Milliseconds for one answer: a step, on a line of 1 Mbit a second. */
const LONGEST = 90_000;
/** Room for the text of an error, whatever was asked for. */
const ERROR_TEXT = 64 * 1024;

export interface HttpSourceTools {
  readonly http: HttpTools;
  /** Milliseconds since 1970, to understand a server that asks to be left alone until then. */
  readonly now: () => number;
}

/** Parts of a file are asked for as they lie there. */
export const sourceHttp: HttpTools = { ...systemTools, open: openPlain };
const systemSourceTools: HttpSourceTools = { http: sourceHttp, now: () => Date.now() };

/** What must be the same in every answer. */
interface State {
  readonly size: number;
  readonly etag: string | null;
  readonly modified: string | null;
}

/** A part of a resource as it came. */
interface Part {
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly state: State;
}

/** An address as it may be shown and kept: what follows the `?` is often a signature, and a user name is nobody's business. */
function withoutSecrets(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

function judge(outcome: Outcome<HttpAnswer>, now: number): Judgement {
  if (!outcome.answered) {
    const { error } = outcome;
    const lost = error instanceof HttpFailure && ['unreachable', 'timeout', 'broken-off'].includes(error.code);
    return lost ? { again: true, asked: null } : { again: false };
  }
  const { status, headers } = outcome.answer;
  if (![408, 429, 500, 502, 503, 504].includes(status)) return { again: false };
  return { again: true, asked: retryAfter(headers.get('retry-after'), now) };
}

class HttpByteSource implements ByteSource {
  readonly name: string;
  readonly #url: URL;
  readonly #tools: HttpSourceTools;
  /** Of the first answer; null before. */
  #state: State | null = null;

  constructor(url: URL, tools: HttpSourceTools) {
    this.#url = url;
    this.#tools = tools;
    this.name = withoutSecrets(url);
  }

  async tail(length: number): Promise<{ readonly size: number; readonly bytes: Uint8Array }> {
    const answer = await this.#ask(`bytes=-${length}`, length);
    // Nothing can be had of nothing, says the standard.
    if (answer.status === 416) return { size: 0, bytes: new Uint8Array() };
    // A server without ranges has sent all, and all is not more than was asked for.
    if (answer.status === 200) {
      if (answer.body.length > length) throw this.#wholeOnly();
      return { size: answer.body.length, bytes: answer.body };
    }
    const { from, bytes, state } = this.#partOf(answer);
    if (from + bytes.length !== state.size) {
      throw this.#failure('unreachable', 'sends another part than the end that was asked for');
    }
    if (bytes.length > length) throw this.#failure('long', 'sends more than was asked for');
    if (bytes.length < Math.min(length, state.size)) throw this.#failure('short', 'sends less than was asked for');
    this.#hold(state);
    return { size: state.size, bytes };
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array();
    const answer = await this.#ask(`bytes=${offset}-${offset + length - 1}`, length);
    if (answer.status === 200) throw this.#wholeOnly();
    const { from, bytes, state } = this.#partOf(answer);
    this.#hold(state);
    if (from !== offset) throw this.#failure('unreachable', 'sends another part than the one that was asked for');
    if (bytes.length < length)
      throw this.#failure('short', `sends ${bytes.length} bytes where ${length} were asked for`);
    return bytes;
  }

  async *stream(offset: number, length: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < length; at += STEP) yield await this.read(offset + at, Math.min(STEP, length - at));
  }

  #failure(code: ByteSourceFailure, text: string, cause?: unknown): ByteSourceError {
    return new ByteSourceError(code, `${this.name} ${text}`, cause === undefined ? undefined : { cause });
  }

  #changed(): ByteSourceError {
    return this.#failure('changed', 'was changed on the server while it was read. Read it again once that is done.');
  }

  #hold(state: State): void {
    const first = this.#state ?? state;
    this.#state = first;
    if (first.size !== state.size || first.etag !== state.etag || first.modified !== state.modified)
      throw this.#changed();
  }

  async #ask(range: string, limit: number): Promise<HttpAnswer> {
    const { http, now } = this.#tools;
    const tools = {
      ...http,
      limits: { ...http.limits, time: Math.max(http.limits.time, LONGEST), bytes: Math.max(limit, ERROR_TEXT) },
    };
    const etag = this.#state?.etag ?? null;
    const headers = {
      range,
      // A weak tag may not be compared so; it is held to the first answer all the same.
      ...(etag === null || etag.startsWith('W/') ? {} : { 'if-match': etag }),
    };
    try {
      const request = { method: 'GET', url: this.#url, headers, body: null };
      const answer = await withRetries(
        () => exchange(request, tools),
        (outcome) => judge(outcome, now()),
        http.timers,
      );
      return this.#taken(answer);
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** An answer that has bytes, or that says that there are none. */
  #taken(answer: HttpAnswer): HttpAnswer {
    const { status, headers } = answer;
    if (status === 200 || status === 206) {
      const encoding = headers.get('content-encoding');
      if (encoding !== null && encoding !== 'identity') {
        throw this.#failure('no-ranges', 'is sent packed, so that no part of it can be asked for');
      }
      return answer;
    }
    if (status === 416 && this.#state === null && headers.get('content-range') === 'bytes */0') return answer;
    throw this.#refusal(status);
  }

  #refusal(status: number): ByteSourceError {
    if (this.#state !== null && (status === 412 || status === 416)) return this.#changed();
    if (status === 404 || status === 410) return this.#failure('missing', 'is not there');
    if (status === 401 || status === 403 || status === 407) {
      return this.#failure('not-allowed', `may not be read: the server answers ${status}`);
    }
    return this.#failure('unreachable', `cannot be read: the server answers ${status}`);
  }

  #wholeOnly(cause?: unknown): ByteSourceError {
    return this.#failure(
      'no-ranges',
      'is sent whole only: its server knows no ranges. Download it, and give the file.',
      cause,
    );
  }

  #told(error: unknown): unknown {
    if (!(error instanceof HttpFailure)) return error;
    if (error.code === 'too-large') {
      if (error.status === 206) return this.#failure('long', 'sends more than was asked for', error);
      return error.status === 200 || error.status === null ? this.#wholeOnly(error) : this.#refusal(error.status);
    }
    if (error.code === 'redirect') {
      const next = 'Give the address that it leads to.';
      return this.#failure('unreachable', `cannot be read: ${error.message}. ${next}`, error);
    }
    return this.#failure(
      error.code === 'broken-off' ? 'short' : 'unreachable',
      `cannot be read: ${error.message}`,
      error,
    );
  }

  #partOf(answer: HttpAnswer): Part {
    const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(answer.headers.get('content-range')?.trim() ?? '');
    if (answer.status !== 206 || range === null) {
      throw this.#failure('no-ranges', 'is answered without saying which part of it that is');
    }
    const [from, to, size] = [Number(range[1]), Number(range[2]), Number(range[3])];
    const wanted = to - from + 1;
    if (wanted !== answer.body.length || to >= size) {
      throw this.#failure(
        answer.body.length > wanted ? 'long' : 'short',
        `comes with ${answer.body.length} bytes that are said to be ${from} to ${to} of ${size}`,
      );
    }
    const header = (name: string): string | null => answer.headers.get(name);
    return { from, bytes: answer.body, state: { size, etag: header('etag'), modified: header('last-modified') } };
  }
}

/**
 * A resource over HTTP, read by ranges and held to one state by its ETag, its date and its size. Redirects are followed on the same host only.
 * The address is never shown with what follows its `?`.
 */
export function httpSource(url: URL, tools: HttpSourceTools = systemSourceTools): ByteSource {
  if (url.username !== '' || url.password !== '') {
    throw new ByteSourceError(
      'not-allowed',
      `${withoutSecrets(url)} was given with a user name or a password in it: leave them out`,
    );
  }
  return new HttpByteSource(url, tools);
}
