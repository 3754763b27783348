import type { ServerOptions } from 'node:http';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** What one request may take. */
export interface RequestLimits {
  /** Milliseconds for the whole request, its body included; answers may take as long as they like. */
  readonly request: number;
  /** Milliseconds for its head. */
  readonly head: number;
  /** Bytes of its head. */
  readonly headBytes: number;
  /** How often connections are looked at, in milliseconds: a request that is too slow is cut off that much later at most. */
  readonly look: number;
}

const USUAL: RequestLimits = { request: 20_000, head: 10_000, headBytes: 16 * 1024, look: 1000 };

/** A form of ours, or a body of the API: texts of some thousand characters. */
const BODY_BYTES = 64 * 1024;
/** Characters of path and query; pages need some hundred. */
const URL_CHARS = 4000;

/** For `createServer`: nobody holds a connection by sending slowly, and no head is larger than it needs to be. */
export function serverLimits(limits: Partial<RequestLimits> = {}): ServerOptions {
  const { request, head, headBytes, look } = { ...USUAL, ...limits };
  return {
    requestTimeout: request,
    headersTimeout: Math.min(head, request),
    maxHeaderSize: headBytes,
    connectionsCheckingInterval: look,
    keepAliveTimeout: 5000,
  };
}

/** Refuses bodies that are too large, before and while they come in. The webhook has a limit of its own. */
export function bodies(maxSize = BODY_BYTES): MiddlewareHandler {
  return bodyLimit({ maxSize, onError: (context) => context.text(`The body is over ${maxSize} bytes.\n`, 413) });
}

/**
 * Refuses addresses that are no address of ours, however they are written: two slashes, an encoded slash, backslash, NUL or line end, a step
 * upwards, or more than anybody needs. Looked at as it came, before anything decodes it.
 */
export function plainPaths(): MiddlewareHandler {
  return async (context, next) => {
    const { url } = context.req;
    const path = url.slice(url.indexOf('/', url.indexOf('//') + 2)).split('?')[0] ?? '';
    if (url.length > URL_CHARS) return context.text('The address is too long.\n', 414);
    if (/\/\/|\\|%(?:2f|5c|00|0a|0d|25)|%2e|(?:^|\/)\.\.?(?:\/|$)/i.test(path) || !isDecodable(path))
      return context.text('There is no such address.\n', 400);
    return next();
  };
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** The address at the other end; behind a proxy of ours, the last one that the proxy names, since all before it are whatever was sent. */
export function addressReader(behindProxy: boolean): (context: Context) => string {
  return (context) => {
    const told = behindProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
    return told ?? getConnInfo(context).remote.address ?? 'unknown';
  };
}
