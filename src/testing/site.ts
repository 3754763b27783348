import type { Scene, SeenRequest } from './scripted-server.ts';

/** What a site holds at one path. */
export interface SitePage {
  readonly body: string;
  readonly type: string;
  readonly etag?: string;
}

/** A scene that answers as a site of pages: 404 where nothing is, 304 to an ETag that still holds, no body to a HEAD, parts where they are asked for. */
export function site(pages: Readonly<Record<string, SitePage>>): Scene {
  return (response, request) => {
    const page = Object.hasOwn(pages, request.path) ? pages[request.path] : undefined;
    if (page === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
    else answer(page, response, request);
  };
}

function answer({ body, type, etag }: SitePage, response: Parameters<Scene>[0], request: SeenRequest): void {
  const tag = etag === undefined ? {} : { etag };
  const date = { 'last-modified': 'Mon, 16 Jun 2025 12:00:00 GMT' };
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304, tag).end();
    return;
  }
  const bytes = Buffer.from(body);
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined || to === undefined) {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length, ...date, ...tag });
    response.end(request.method === 'HEAD' ? undefined : bytes);
    return;
  }
  const begin = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  const range = { 'content-range': `bytes ${begin}-${end}/${bytes.length}`, 'content-length': end - begin + 1 };
  response.writeHead(206, { 'content-type': type, ...range, ...date, ...tag }).end(bytes.subarray(begin, end + 1));
}
