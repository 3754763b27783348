import { systemTimers, type Timers } from './timers.ts';

/** The network failed: no whole answer came. */
export class HttpFailure extends Error {
  readonly code: 'unreachable' | 'timeout' | 'too-large' | 'broken-off' | 'redirect';
  /** Of the answer that was too large. */
  readonly status: number | null;
  constructor(code: HttpFailure['code'], message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.name = 'HttpFailure';
    this.code = code;
    this.status = options?.status ?? null;
  }
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Whether it came from another address than the one asked, on the same host. */
  readonly redirected: boolean;
  /** The address it came from in the end. */
  readonly url: URL;
}

type OneAnswer = Omit<HttpAnswer, 'redirected' | 'url'>;

export interface HttpLimits {
  /** Milliseconds for one exchange, the body included. */
  readonly time: number;
  /** Bytes of a body, after decompression. */
  readonly bytes: number;
  /** Redirects followed for one GET. */
  readonly redirects: number;
}

const usualLimits: HttpLimits = { time: 30_000, bytes: 20 * 1024 * 1024, redirects: 5 };

/** What exchanges are made with. */
export interface HttpTools {
  readonly fetch: typeof globalThis.fetch;
  readonly timers: Timers;
  readonly limits: HttpLimits;
}

export const systemTools: HttpTools = {
  // Looked up at each call, so that a proxy set up later is honoured.
  fetch: (input, init) => globalThis.fetch(input, init),
  timers: systemTimers,
  limits: usualLimits,
};

function tooLarge(url: URL, limit: number, { status }: Response): HttpFailure {
  return new HttpFailure('too-large', `the answer of ${url.host} is over ${limit} bytes`, { status });
}

async function readBounded(response: Response, url: URL, limit: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body.cancel();
    throw tooLarge(url, limit, response);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by a throw cancels the stream, so that the rest is not downloaded.
  const stream: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw tooLarge(url, limit, response);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'no reason given';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

async function exchangeOnce(request: HttpRequest, tools: HttpTools): Promise<OneAnswer> {
  const { url } = request;
  const controller = new AbortController();
  const calledOff = tools.timers.after(tools.limits.time, () => controller.abort());
  let begun = false;
  try {
    const response = await tools.fetch(url, {
      method: request.method,
      headers: { ...request.headers },
      body: request.body,
      redirect: 'manual',
      signal: controller.signal,
    });
    begun = true;
    const body = await readBounded(response, url, tools.limits.bytes);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    if (controller.signal.aborted) {
      const seconds = tools.limits.time / 1000;
      throw new HttpFailure('timeout', `${url.host} did not answer within ${seconds} seconds`, { cause: error });
    }
    if (begun)
      throw new HttpFailure('broken-off', `the answer of ${url.host} broke off (${reasonOf(error)})`, { cause: error });
    throw new HttpFailure('unreachable', `${url.host} cannot be reached (${reasonOf(error)})`, { cause: error });
  } finally {
    calledOff();
  }
}

function redirectTarget(from: URL, answer: OneAnswer): URL | null {
  const location = [301, 302, 307, 308].includes(answer.status) ? answer.headers.get('location') : null;
  if (location === null) return null;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  // The credentials of a call are for one host only, and a redirect is the classic way to make a server call its own network.
  if (to === null || to.origin !== from.origin) {
    throw new HttpFailure('redirect', `${from.host} redirects to another host, which is not followed`);
  }
  return to;
}

/** One call: redirects of a GET are followed on the same host only; time and size are bounded. Throws `HttpFailure`. */
export async function exchange(request: HttpRequest, tools: HttpTools = systemTools): Promise<HttpAnswer> {
  let { url } = request;
  for (let hops = 0; hops <= tools.limits.redirects; hops += 1) {
    const answer = await exchangeOnce({ ...request, url }, tools);
    const target = request.method === 'GET' ? redirectTarget(url, answer) : null;
    if (target === null) return { ...answer, redirected: hops > 0, url };
    url = target;
  }
  throw new HttpFailure('redirect', `${url.host} redirects in circles, or more than ${tools.limits.redirects} times`);
}
