import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { HttpFailure } from './exchange.ts';
import type { Timers } from './timers.ts';

/** What is sent: as many bytes as it says, one piece after the other. */
export interface SendRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** How the host's name is looked up; the system's way otherwise. */
  readonly lookup?: LookupFunction;
}

export interface SendAnswer {
  readonly status: number;
  /** What stands beside the status: some servers say there why they refuse. */
  readonly reason: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface SendLimits {
  /** Milliseconds without a byte taken, or without an answer once all is sent. */
  readonly idle: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
}

/** A connection of its own: one that was kept may be closed just when it is used again, and then nobody knows what became of the request. */
const options = { keepAlive: false, ...(process.env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: process.env } : {}) };

/**
 * Sends a long body as it comes, never held as a whole, with its length said before. Sent once, redirects are not followed. An answer that comes before all
 * is sent ends the sending. What the body throws is passed on, and the other side then never gets the whole. Throws `HttpFailure`.
 */
export async function send(request: SendRequest, timers: Timers, limits: SendLimits): Promise<SendAnswer> {
  const sending = begin(request);
  const { url } = request;
  const watch = watchOver(timers, limits.idle, () => sending.destroy(new Error('no byte was taken')));
  try {
    const answer = answerOf(sending);
    // Looked at below in every case; without this a failure before that would be nobody's.
    answer.catch(() => undefined);
    await pump(sending, request, watch.alive);
    const response = await answer;
    watch.alive();
    const body = await readBounded(response, url, { most: limits.bytes, alive: watch.alive });
    return {
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      headers: headersOf(response),
      body,
    };
  } catch (error) {
    if (error instanceof BodyFailure) throw error.cause;
    if (error instanceof HttpFailure) throw error;
    if (watch.isOver()) {
      throw new HttpFailure('timeout', `${url.host} did nothing for ${limits.idle / 1000} seconds`, { cause: error });
    }
    throw new HttpFailure('broken-off', `the connection to ${url.host} broke off (${reasonOf(error)})`, {
      cause: error,
    });
  } finally {
    watch.end();
    sending.destroy();
  }
}

interface Watch {
  readonly alive: () => void;
  readonly isOver: () => boolean;
  readonly end: () => void;
}

/** Calls `act` once when nothing was alive for so many milliseconds. */
function watchOver(timers: Timers, millis: number, act: () => void): Watch {
  let isOver = false;
  const begun = (): (() => void) =>
    timers.after(millis, () => {
      isOver = true;
      act();
    });
  let calledOff = begun();
  return {
    alive: () => {
      calledOff();
      calledOff = begun();
    },
    isOver: () => isOver,
    end: () => calledOff(),
  };
}

/** The bytes to send could not be had. */
class BodyFailure extends Error {
  constructor(cause: unknown) {
    super('the bytes to send could not be had', { cause });
    this.name = 'BodyFailure';
  }
}

function begin({ method, url, headers, length, lookup }: SendRequest): ClientRequest {
  const asked = {
    method,
    headers: { ...headers, 'content-length': String(length) },
    ...(lookup === undefined ? {} : { lookup }),
  };
  return url.protocol === 'https:'
    ? httpsRequest(url, { ...asked, agent: new HttpsAgent(options) })
    : httpRequest(url, { ...asked, agent: new HttpAgent(options) });
}

function answerOf(sending: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sending.once('response', resolve);
    // Stays for good: a connection that breaks after the answer is nobody's concern any more.
    sending.on('error', reject);
    sending.once('close', () => reject(new Error('closed without an answer')));
  });
}

/** Sends the body until it is sent, or an answer came, or the connection is gone. */
async function pump(sending: ClientRequest, { body, length }: SendRequest, alive: () => void): Promise<void> {
  let isOver = false;
  sending.once('response', () => (isOver = true));
  sending.once('close', () => (isOver = true));
  let sent = 0;
  try {
    for await (const piece of body) {
      if (isOver) return;
      sent += piece.length;
      if (sent > length) throw new Error(`more than ${length} bytes came`);
      if (!sending.write(piece)) await taken(sending);
      alive();
    }
    if (sent !== length) throw new Error(`${sent} bytes came, not ${length}`);
  } catch (error) {
    throw new BodyFailure(error);
  }
  sending.end();
}

function taken(sending: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'response', 'close']) sending.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'response', 'close']) sending.on(event, done);
  });
}

interface Bounds {
  readonly most: number;
  readonly alive: () => void;
}

async function readBounded(response: IncomingMessage, url: URL, { most, alive }: Bounds): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream: AsyncIterable<Uint8Array> = response;
  for await (const chunk of stream) {
    alive();
    size += chunk.length;
    if (size > most) {
      const status = response.statusCode ?? 0;
      throw new HttpFailure('too-large', `the answer of ${url.host} is over ${most} bytes`, { status });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
