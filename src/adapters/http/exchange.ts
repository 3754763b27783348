import { openBy, type HttpHeaders, type HttpRequest, type OpenedAnswer, type OpenRequest } from './open.ts';
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

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
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
  readonly open: OpenRequest;
  readonly timers: Timers;
  readonly limits: HttpLimits;
}

export const systemTools: HttpTools = {
  // Looked up at each call, so that a proxy set up later is honoured.
  open: openBy((input, init) => globalThis.fetch(input, init)),
  timers: systemTimers,
  limits: usualLimits,
};

function tooLarge(url: URL, limit: number, { status }: OpenedAnswer): HttpFailure {
  return new HttpFailure('too-large', `the answer of ${url.host} is over ${limit} bytes`, { status });
}

/** How many bytes a body says it has; null where it does not say, or where that is of the packed ones. */
function saidLength({ headers }: OpenedAnswer): number | null {
  const said = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(said) && headers.get('content-encoding') === null ? Number(said) : null;
}

async function readBounded(answer: OpenedAnswer, url: URL, limit: number): Promise<Uint8Array> {
  const { body } = answer;
  if (body === null) return new Uint8Array();
  if (Number(answer.headers.get('content-length') ?? 0) > limit) throw tooLarge(url, limit, answer);
  const said = saidLength(answer);
  // Put in its place as it comes: a megabyte in pieces, and again as a whole, takes longer to be had from the system than to be read.
  const whole = said === null ? null : Buffer.allocUnsafeSlow(said);
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by a throw ends the stream, so that the rest is not downloaded.
  for await (const piece of body) {
    // No client gives more than is said; if one did, setting it would throw.
    if (size + piece.length > limit) throw tooLarge(url, limit, answer);
    if (whole === null) pieces.push(piece);
    else whole.set(piece, size);
    size += piece.length;
  }
  return whole === null ? Buffer.concat(pieces) : whole.subarray(0, size);
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
    const answer = await tools.open(request, controller.signal);
    begun = true;
    const body = await readBounded(answer, url, tools.limits.bytes);
    return { status: answer.status, headers: answer.headers, body };
  } catch (error) {
    const isOver = controller.signal.aborted;
    // Whatever still comes is not waited for.
    controller.abort();
    if (error instanceof HttpFailure) throw error;
    if (isOver) {
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
