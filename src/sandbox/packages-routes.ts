import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { spanOf } from './channel-http.ts';
import { parseJson, readBody } from './http.ts';
import type { Keep } from './packages-keep.ts';
import { managePage, type IndexOwners } from './packages-manage.ts';
import { filePath, formAsked, provenance, recordPage, simplePage, simpleRoot, type Page } from './packages-pages.ts';
import { AUDIENCE, type IndexPeople } from './packages-people.ts';
import { plainAnswer, type IndexAnswer } from './packages-send.ts';
import { normalName, type PackagesStore } from './packages-state.ts';
import { takeUpload, type UploadDesk } from './packages-upload.ts';

/** Where the legacy API is. */
export const UPLOAD = '/legacy/';
/** Bytes of everything that is sent but uploads. */
export const LARGEST_FORM = 64 * 1024;

/** What the routes stand on. */
export interface RouteParts {
  readonly store: PackagesStore;
  readonly keep: Keep;
  readonly people: IndexPeople;
  readonly owners: IndexOwners;
  readonly desk: UploadDesk;
  readonly web: () => string;
}

export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
}

function pageAnswer(page: Page | null, { request }: Asked): IndexAnswer {
  if (page === null) return plainAnswer(404, '404 Not Found');
  const body = Buffer.from(page.body);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { 'content-type': page.type, etag, vary: 'Accept', 'cache-control': 'max-age=600, public' };
  return request.headers['if-none-match'] === etag
    ? { status: 304, headers, body: Buffer.alloc(0) }
    : { status: 200, headers, body };
}

function simpleAnswer({ store, web }: RouteParts, asked: Asked): IndexAnswer | null {
  const found = /^\/simple(?:\/([^/]*))?(\/?)$/u.exec(asked.url.pathname);
  if (found === null) return null;
  const name = decodeURIComponent(found[1] ?? '');
  const wanted = name === '' ? '/simple/' : `/simple/${normalName(name)}/`;
  if (asked.url.pathname !== wanted) return { status: 301, headers: { location: wanted }, body: Buffer.alloc(0) };
  const form = formAsked(asked.request.headers.accept);
  if (form === null) return plainAnswer(406, '406 Not Acceptable');
  return pageAnswer(name === '' ? simpleRoot(store, form) : simplePage(store, web(), normalName(name), form), asked);
}

function fileAnswer({ store, keep }: RouteParts, { request, url }: Asked): IndexAnswer | null {
  if (!url.pathname.startsWith('/packages/')) return null;
  const isMetadata = url.pathname.endsWith('.metadata');
  const path = isMetadata ? url.pathname.slice(0, -'.metadata'.length) : url.pathname;
  const file = store.state().files.find((each) => filePath(each) === path);
  if (file === undefined || (isMetadata && file.metadata === null)) return plainAnswer(404, '404 Not Found');
  if (isMetadata) return plainAnswer(200, file.metadata ?? '');
  const headers = { 'content-type': 'application/octet-stream', etag: `"${file.sha256}"`, 'accept-ranges': 'bytes' };
  const span = spanOf(request.headers.range, file.size);
  if (span === 'outside') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${file.size}` }, body: Buffer.alloc(0) };
  }
  const { start, end } = span ?? { start: 0, end: file.size - 1 };
  const range = span === null ? {} : { 'content-range': `bytes ${start}-${end}/${file.size}` };
  const open = () => keep.stream(file.sha256, start, end);
  return {
    status: span === null ? 200 : 206,
    headers: { ...headers, ...range },
    body: { size: end - start + 1, open },
  };
}

const jsonAnswer = (status: number, body: unknown): IndexAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
});

async function identityAnswer({ people }: RouteParts, { request, url, method }: Asked): Promise<IndexAnswer | null> {
  const { pathname } = url;
  if (pathname === '/_/oidc/audience' && method === 'GET') return jsonAnswer(200, { audience: AUDIENCE });
  if (pathname === '/_/oidc/mint-token' && method === 'POST') {
    const { status, body } = people.mint(parseJson(await readBody(request, LARGEST_FORM)));
    return jsonAnswer(status, body);
  }
  if (pathname !== '/_ci/identity') return null;
  const value = people.vouch(request.headers.authorization, url.searchParams.get('audience') ?? '');
  return value === null ? jsonAnswer(401, { message: 'no such job' }) : jsonAnswer(200, { count: 1, value });
}

/** The answer to a request that nothing goes wrong with. Throws `IndexRefusal` and `HttpError`. */
export async function answerTo(parts: RouteParts, asked: Asked): Promise<IndexAnswer> {
  const { request, url, method } = asked;
  const { pathname } = url;
  if (pathname === UPLOAD) {
    if (method !== 'POST') return plainAnswer(405, '405 Method Not Allowed', { allow: 'POST' });
    await takeUpload(parts.desk, request, parts.people.uploaderOf(request.headers.authorization));
    return plainAnswer(200, '');
  }
  const identity = await identityAnswer(parts, asked);
  if (identity !== null) return identity;
  if (pathname.startsWith('/manage/')) {
    const form = new URLSearchParams((await readBody(request, LARGEST_FORM)).toString('utf8'));
    const person = parts.people.personOf(request.headers.authorization);
    return (
      managePage(parts.store, parts.owners, { method, path: pathname, person, form }) ??
      plainAnswer(404, '404 Not Found')
    );
  }
  request.resume();
  if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, '405 Method Not Allowed');
  return readAnswer(parts, asked);
}

function readAnswer(parts: RouteParts, asked: Asked): IndexAnswer {
  const { pathname } = asked.url;
  const record = /^\/pypi\/([^/]+)(?:\/([^/]+))?\/json$/u.exec(pathname);
  if (record !== null) {
    const [name = '', version = null] = record
      .slice(1)
      .map((part) => (part === undefined ? null : decodeURIComponent(part)));
    return pageAnswer(recordPage(parts.store, parts.web(), { name: name ?? '', version }), asked);
  }
  if (pathname.startsWith('/integrity/')) return pageAnswer(provenance(parts.store, pathname), asked);
  return simpleAnswer(parts, asked) ?? fileAnswer(parts, asked) ?? plainAnswer(404, '404 Not Found');
}
