import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * A path whose POST is answered on Node's own request and response, before the framework: making its objects of them takes longer than all that is
 * done with a webhook.
 */
export interface Front {
  readonly path: string;
  /** Answers in any case, and never throws; the returned promise is fulfilled once it did. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** Milliseconds in which the rest of a body is still taken that nobody reads: who has not seen the answer yet would find the connection broken. */
const LINGER = 500;

/** Whether this request is for it. */
export function isFor({ path }: Front, { method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.startsWith(path) && (url.length === path.length || url[path.length] === '?');
}

/** The bytes of a body, or null when there are more than allowed: then no more are kept. Fails when its sender hangs up. */
export function boundedBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= limit) pieces.push(piece);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(pieces, Math.min(size, limit))));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the sender hung up'));
    });
  });
}

/** What is said back. */
export interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter?: number;
}

/** Answers in JSON, and lets go of a body that was not read to its end. */
export function say(request: IncomingMessage, response: ServerResponse, { status, body, retryAfter }: Said): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  response.end(text);
  if (request.complete || request.destroyed) return;
  request.resume();
  const end = setTimeout(() => request.destroy(), LINGER).unref();
  request.once('close', () => clearTimeout(end));
}
