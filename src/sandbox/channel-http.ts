import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/vnd.pypi.simple.v1+json',
  '.whl': 'application/zip',
};

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The file below the world's channels that a path names; null for a path of another kind, or one that leads out of there. */
export function channelPath(world: string, path: string): string | null {
  if (!path.startsWith('/channels/')) return null;
  try {
    const parts = path.split('/').slice(2).map(decodeURIComponent);
    const isOdd = parts.some((part) => part === '..' || part === '.' || /[/\\\0]/u.test(part));
    return isOdd ? null : join(world, 'channels', ...parts, path.endsWith('/') ? 'index.html' : '');
  } catch {
    // A percent sign that encodes nothing.
    return null;
  }
}

/** Serves a file of a channel as a static host does: HEAD, one range, an ETag. Answers the status. */
export async function answerChannel(file: string, request: IncomingMessage, response: ServerResponse): Promise<number> {
  request.resume();
  const found = await statOf(file);
  if (found === null) return end(response, 404, {});
  const etag = `"${found.size.toString(16)}-${Math.trunc(found.mtimeMs).toString(16)}"`;
  const headers = {
    etag,
    'accept-ranges': 'bytes',
    'last-modified': found.mtime.toUTCString(),
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  };
  const { 'if-none-match': known, 'if-match': needed, 'if-range': ifRange, range } = request.headers;
  if (needed !== undefined && needed !== etag) return end(response, 412, headers);
  if (known === etag) return end(response, 304, headers);
  const span = ifRange === undefined || ifRange === etag ? spanOf(range, found.size) : null;
  if (span === 'outside') return end(response, 416, { ...headers, 'content-range': `bytes */${found.size}` });
  const { start, end: last } = span ?? { start: 0, end: found.size - 1 };
  const status = span === null ? 200 : 206;
  response.writeHead(status, {
    ...headers,
    'content-length': String(last - start + 1),
    ...(span === null ? {} : { 'content-range': `bytes ${start}-${last}/${found.size}` }),
  });
  if (request.method === 'HEAD' || found.size === 0) response.end();
  else await pipeline(createReadStream(file, { start, end: last }), response);
  return status;
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): number {
  response.writeHead(status, headers);
  response.end();
  return status;
}

async function statOf(file: string): Promise<Stats | null> {
  try {
    const found = await stat(file);
    return found.isFile() ? found : null;
  } catch {
    // Not there, or a folder on the way is a file: nothing is served either way.
    return null;
  }
}

/** The one range that is asked for; null for none that is understood, as RFC 9110 lets a server ignore it. */
export function spanOf(range: string | undefined, size: number): Span | 'outside' | null {
  const found = /^bytes=(?<from>\d*)-(?<to>\d*)$/u.exec(range ?? '')?.groups;
  if (found === undefined || (found['from'] === '' && found['to'] === '')) return null;
  if (found['from'] === '') {
    const length = Number(found['to']);
    return length === 0 || size === 0 ? 'outside' : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(found['from']);
  if (start >= size) return 'outside';
  const to = found['to'] === '' ? size - 1 : Number(found['to']);
  return to < start ? null : { start, end: Math.min(to, size - 1) };
}
