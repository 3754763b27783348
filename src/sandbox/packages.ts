import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { makeFaults, type Faults, type FaultSource } from './faults.ts';
import { HttpError, parseJson, readBody } from './http.ts';
import { close, listen } from './listen.ts';
import { IndexRefusal } from './packages-checks.ts';
import { keepInFolder, keepInMemory, type Keep } from './packages-keep.ts';
import { indexOwners, managePage, type IndexOwners } from './packages-manage.ts';
import { filePath, formAsked, provenance, recordPage, simplePage, simpleRoot, type Page } from './packages-pages.ts';
import {
  AUDIENCE,
  indexPeople,
  type IndexAccount,
  type IndexPeople,
  type IndexPublisher,
  type JobClaims,
} from './packages-people.ts';
import { plainAnswer, refusalAnswer, reset, sendAnswer, type IndexAnswer, type IndexFault } from './packages-send.ts';
import { normalName, openPackages, type PackagesStore, type StoredFile } from './packages-state.ts';
import { takeUpload, type PackageLimits, type UploadDesk } from './packages-upload.ts';
import { spanOf } from './channel-http.ts';
import { makeRequestLog, type RequestLog, type RequestSink } from './request-log.ts';

export interface PackageIndexOptions {
  /** Where it keeps what it has; null forgets it at the end. */
  readonly dir: string | null;
  /** 0 or absent: a free port. */
  readonly port?: number;
  /** Its clock as ISO 8601 UTC; the real time unless told. */
  readonly now?: () => string;
  readonly accounts?: readonly IndexAccount[];
  readonly publishers?: readonly IndexPublisher[];
  readonly limits?: Partial<PackageLimits>;
  /** Every classifier that is known; all of the known groups unless told. */
  readonly classifiers?: readonly string[];
}

/** A running package index on 127.0.0.1. */
export interface PackageIndex {
  readonly url: string;
  /** The list of files, for installers. */
  readonly simpleUrl: string;
  /** The legacy API, for uploads. */
  readonly uploadUrl: string;
  /** The token of each account, by login. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly requests: RequestLog;
  readonly faults: Faults<IndexFault>;
  readonly owners: IndexOwners;
  /** The service that vouches for a job of CI, as the CI tells it to the job: its address and the job's token. */
  beginJob(claims: JobClaims): { readonly url: string; readonly token: string };
  /** What lies in it, whatever its pages show. */
  files(): readonly StoredFile[];
  /** The next files that are taken are not shown by so many pages of their project. */
  hideNext(pages: number): void;
  /** Stops answering; a folder can be started on again. */
  stop(): Promise<void>;
}

const MIB = 1024 * 1024;
const LIMITS: PackageLimits = { file: 100 * MIB, project: 10 * 1024 * MIB, raised: {} };
const OWNER: IndexAccount = { login: 'owner', token: 'pypi-sandbox-owner', password: 'owner', projects: null };
const LARGEST_FORM = 64 * 1024;
const UPLOAD = '/legacy/';
/** Bytes that are taken from a client that was refused, before it is cut off. */
const LINGER = 16 * MIB;

interface Parts {
  readonly store: PackagesStore;
  readonly keep: Keep;
  readonly people: IndexPeople;
  readonly owners: IndexOwners;
  readonly desk: UploadDesk;
  readonly requests: RequestSink;
  readonly faults: FaultSource<IndexFault>;
  readonly web: () => string;
}

interface Asked {
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

function simpleAnswer({ store, web }: Parts, asked: Asked): IndexAnswer | null {
  const found = /^\/simple(?:\/([^/]*))?(\/?)$/u.exec(asked.url.pathname);
  if (found === null) return null;
  const name = decodeURIComponent(found[1] ?? '');
  const wanted = name === '' ? '/simple/' : `/simple/${normalName(name)}/`;
  if (asked.url.pathname !== wanted) return { status: 301, headers: { location: wanted }, body: Buffer.alloc(0) };
  const form = formAsked(asked.request.headers.accept);
  if (form === null) return plainAnswer(406, '406 Not Acceptable');
  return pageAnswer(name === '' ? simpleRoot(store, form) : simplePage(store, web(), normalName(name), form), asked);
}

function fileAnswer({ store, keep }: Parts, { request, url }: Asked): IndexAnswer | null {
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

async function identityAnswer({ people }: Parts, { request, url, method }: Asked): Promise<IndexAnswer | null> {
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

async function answerTo(parts: Parts, asked: Asked): Promise<IndexAnswer> {
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

function readAnswer(parts: Parts, asked: Asked): IndexAnswer {
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

/** Takes half of what is said to come, and breaks the connection then. */
async function breakOff({ request, response }: Asked): Promise<void> {
  const half = Number(request.headers['content-length'] ?? 0) / 2;
  let came = 0;
  const chunks: AsyncIterable<Buffer> = request;
  for await (const chunk of chunks) {
    came += chunk.length;
    if (came >= half) break;
  }
  reset(response);
}

async function serve(parts: Parts, asked: Asked): Promise<number> {
  const { request, response, url, method } = asked;
  const login = parts.people.uploaderOf(request.headers.authorization)?.login ?? null;
  const fault = parts.faults.take({ method, path: url.pathname, login });
  const isSent = Number(request.headers['content-length'] ?? 0) > 0;
  if (fault === 'refused' || (fault === 'reset-mid-body' && isSent)) {
    if (fault === 'refused') reset(response);
    else await breakOff(asked);
    return 0;
  }
  if (fault !== null && typeof fault === 'object' && 'status' in fault) {
    request.resume();
    return sendAnswer(plainAnswer(200, ''), asked, fault);
  }
  return sendAnswer(await answered(parts, asked), asked, fault);
}

async function answered(parts: Parts, asked: Asked): Promise<IndexAnswer> {
  try {
    const said = Number(asked.request.headers['content-length'] ?? 0);
    if (asked.url.pathname !== UPLOAD && said > LARGEST_FORM) throw new IndexRefusal(413, 'Request Entity Too Large');
    return await answerTo(parts, asked);
  } catch (error) {
    if (error instanceof IndexRefusal) {
      linger(asked);
      const answer = refusalAnswer(error.status, error.message);
      return { ...answer, headers: { ...answer.headers, connection: 'close' } };
    }
    if (error instanceof HttpError) return plainAnswer(error.status, error.message);
    if (error instanceof URIError) return plainAnswer(404, '404 Not Found');
    throw error;
  }
}

/** Takes a while yet what a client still sends, so that it gets to see why it was refused, and cuts it off then. */
function linger({ request, response }: Asked): void {
  let came = 0;
  request.on('data', (chunk: Buffer) => {
    came += chunk.length;
    if (came > LINGER) reset(response);
  });
  request.resume();
}

/** Starts an index. Throws `PackagesStateError` for a folder that holds the state of none. */
export async function startPackageIndex(options: PackageIndexOptions): Promise<PackageIndex> {
  const { dir, port = 0, now = () => new Date().toISOString(), accounts = [OWNER], publishers = [] } = options;
  const keep = dir === null ? keepInMemory() : keepInFolder(dir);
  const store = openPackages(keep);
  const people = indexPeople(accounts, publishers, () => Date.parse(now()));
  let [web, hidden] = ['', 0];
  const requests = makeRequestLog();
  const faults = makeFaults<IndexFault>();
  const owners = indexOwners(store);
  const desk: UploadDesk = {
    store,
    keep,
    limits: { ...LIMITS, ...options.limits },
    classifiers: options.classifiers ?? null,
    now,
    help: (anchor) => `${web}/help/#${anchor}`,
    hideNext: () => hidden,
  };
  const parts: Parts = { store, keep, people, owners, desk, requests, faults, web: () => web };
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const run = exchange(parts, request, response).finally(() => underWay.delete(run));
    underWay.add(run);
  });
  web = `http://127.0.0.1:${await listen(server, port)}`;
  return {
    url: web,
    simpleUrl: `${web}/simple/`,
    uploadUrl: `${web}${UPLOAD}`,
    tokens: Object.fromEntries(accounts.map(({ login, token }) => [login, token])),
    requests,
    faults,
    owners,
    beginJob: (claims) => ({ url: `${web}/_ci/identity?api-version=2.0`, token: people.beginJob(claims) }),
    files: () => store.state().files,
    hideNext: (pages) => {
      hidden = pages;
    },
    stop: () => close(server, underWay),
  };
}

async function exchange(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', parts.web());
  const login = parts.people.uploaderOf(request.headers.authorization)?.login ?? null;
  const facts = { method, path: url.pathname, query: url.search, login, counted: false };
  try {
    parts.requests.add({ ...facts, status: await serve(parts, { request, response, url, method }) });
  } catch (error) {
    parts.requests.add({ ...facts, status: request.destroyed || !(error instanceof Error) ? 0 : 500 });
    // A client that went away in the middle of what it sent is told nothing.
    if (response.headersSent || request.destroyed) reset(response);
    else await sendAnswer(plainAnswer(500, 'Internal Server Error'), { request, response }, null);
  }
}
