import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { makeFaults, type Faults, type FaultSource } from './faults.ts';
import { HttpError } from './http.ts';
import { close, listen } from './listen.ts';
import { IndexRefusal } from './packages-checks.ts';
import { keepInFolder, keepInMemory } from './packages-keep.ts';
import { indexOwners, type IndexOwners } from './packages-manage.ts';
import { indexPeople, type IndexAccount, type IndexPublisher, type JobClaims } from './packages-people.ts';
import { answerTo, LARGEST_FORM, UPLOAD, type Asked, type RouteParts } from './packages-routes.ts';
import { plainAnswer, refusalAnswer, reset, sendAnswer, type IndexAnswer, type IndexFault } from './packages-send.ts';
import { openPackages, type StoredFile } from './packages-state.ts';
import type { PackageLimits, UploadDesk } from './packages-upload.ts';
import { makeRequestLog, type RequestLog, type RequestSink } from './request-log.ts';

export interface PackageIndexOptions {
  /** Where it keeps what it has; null forgets it at the end. */
  readonly dir: string | null;
  /** 0 or absent: a free port. */
  readonly port?: number;
  /** Its clock as ISO 8601 UTC; the real time unless told. */
  readonly now?: () => string;
  /** Told of each request, one line each: `POST /legacy/ 200`; 0 where no answer was sent. */
  readonly log?: (line: string) => void;
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
/** Bytes that are taken from a client that was refused, before it is cut off. */
const LINGER = 16 * MIB;

interface Parts extends RouteParts {
  readonly requests: RequestSink;
  readonly faults: FaultSource<IndexFault>;
  readonly log: (line: string) => void;
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
  const parts: Parts = {
    store,
    keep,
    people,
    owners,
    desk,
    requests,
    faults,
    web: () => web,
    log: options.log ?? (() => undefined),
  };
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
  const note = (status: number): void => {
    parts.requests.add({ ...facts, status });
    parts.log(`${method} ${url.pathname} ${status}`);
  };
  try {
    note(await serve(parts, { request, response, url, method }));
  } catch {
    note(request.destroyed ? 0 : 500);
    // A client that went away in the middle of what it sent is told nothing.
    if (response.headersSent || request.destroyed) reset(response);
    else await sendAnswer(plainAnswer(500, 'Internal Server Error'), { request, response }, null);
  }
}
