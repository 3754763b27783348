import type { IncomingMessage } from 'node:http';

import { answerGraphql } from './graphql.ts';
import { type AppDesk, type Caller, checkCaller } from './app-desk.ts';
import { etagOf, HttpError, notFound, ok, parseJson, readBody, type Reply } from './http.ts';
import { rateHeaders, type RateLimit } from './rate-limit.ts';
import { makeRouter, onWorld, type Route } from './router.ts';
import { appRoutes } from './routes-app.ts';
import { assetRoutes, uploadRoutes } from './routes-assets.ts';
import { checkRoutes } from './routes-checks.ts';
import { commentRoutes } from './routes-comments.ts';
import { branchRoutes, commitRoutes } from './routes-commits.ts';
import { contentRoutes } from './routes-contents.ts';
import { hookRoutes } from './routes-hooks.ts';
import { issueRoutes } from './routes-issues.ts';
import { itemRoutes } from './routes-items.ts';
import { labelRoutes } from './routes-labels.ts';
import { mergeRoutes } from './routes-merge.ts';
import { milestoneRoutes } from './routes-milestones.ts';
import { pullRoutes } from './routes-pulls.ts';
import { refRoutes } from './routes-refs.ts';
import { releaseRoutes } from './routes-releases.ts';
import { repoRoutes } from './routes-repos.ts';
import { searchRoutes } from './routes-search.ts';
import { type Permission, permissionOf, permits, type User } from './state.ts';
import type { Store } from './store.ts';
import type { Urls } from './urls.ts';
import type { Webhooks } from './webhooks.ts';

/** Where a GitHub Enterprise Server answers GraphQL. */
const GRAPHQL = '/api/graphql';

/** Where a GitHub Enterprise Server takes files: everything below is the path of a route. */
const UPLOADS = '/api/uploads';

/** The largest request body in bytes. */
const bodyLimit = 1_048_576;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** Whether it cost one of the rate limit. */
  readonly counted: boolean;
}

interface Rest {
  readonly store: Store;
  readonly webhooks: Webhooks;
  readonly desk: AppDesk;
  readonly caller: Caller | null;
  readonly limits: RateLimit;
  readonly urls: Urls;
  readonly now: string;
}

// The order matters where a `:name*` could swallow a longer path.
const match = makeRouter([
  onWorld('GET', '/rate_limit', () => ok({})),
  ...appRoutes,
  ...hookRoutes,
  ...searchRoutes,
  ...repoRoutes,
  ...refRoutes,
  ...branchRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...commentRoutes,
  ...itemRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...milestoneRoutes,
  ...pullRoutes,
  ...mergeRoutes,
  ...assetRoutes,
  ...releaseRoutes,
]);

const matchUpload = makeRouter(uploadRoutes);

function refusal(needs: Permission): HttpError {
  return needs === 'admin'
    ? new HttpError(403, 'Must have admin rights to Repository.')
    : new HttpError(403, 'Resource not accessible by personal access token');
}

interface Asked {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly user: User;
  readonly url: URL;
  readonly request: IncomingMessage;
}

async function handle({ store, webhooks, desk, urls, now }: Rest, asked: Asked): Promise<Reply> {
  const { route, params, user, url, request } = asked;
  const accept = request.headers.accept ?? '';
  const context = { store, webhooks, desk, user, url, urls, params, accept, now };
  const readJson = async () => parseJson(await readBody(request, bodyLimit));
  if (route.on === 'world') return route.handle({ ...context, body: await readJson() });
  const find = () => store.repo(params['owner'] ?? '', params['repo'] ?? '');
  const known = find();
  // A repository that one may not read looks like one that does not exist.
  if (known === undefined || permissionOf(known, user.login) === 'none') throw notFound();
  if (!permits(permissionOf(known, user.login), route.needs)) throw refusal(route.needs);
  const body = route.on === 'upload' ? {} : await readJson();
  // Read again: the state may have changed while the body came in.
  const repo = find() ?? known;
  const permission = permissionOf(repo, user.login);
  const inRepo = { ...context, body, repo, gitDir: store.gitDir(repo), permission };
  return route.on === 'upload' ? route.handle(inRepo, request) : route.handle(inRepo);
}

function rateLimitReply({ limits, now }: Rest, user: User): Reply {
  const { limit, used, remaining, reset } = limits.budget(user.login, now);
  const core = { limit, used, remaining, reset };
  return ok({ resources: { core, search: core, graphql: core }, rate: core });
}

/** The bytes of a reply, and what they are. */
export function toBytes(reply: Reply): { bytes: Buffer; type: string } {
  if (reply.body === undefined) return { bytes: Buffer.alloc(0), type: 'text/plain' };
  if (Buffer.isBuffer(reply.body)) return { bytes: reply.body, type: 'application/octet-stream' };
  if (typeof reply.body === 'string') return { bytes: Buffer.from(reply.body), type: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.from(JSON.stringify(reply.body)), type: 'application/json; charset=utf-8' };
}

/** Weak and strong validators of one content compare equal. */
const plain = (tag: string) => tag.trim().replace(/^W\//u, '');

function sameTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || plain(tag) === plain(etag));
}

async function replyTo(rest: Rest, request: IncomingMessage, url: URL, user: User): Promise<Reply> {
  if (url.pathname === GRAPHQL && request.method === 'POST') {
    const body = parseJson(await readBody(request, bodyLimit));
    const { store, webhooks, desk, urls, now } = rest;
    return answerGraphql({ store, webhooks, desk, user, url, urls, params: {}, accept: '', now, body });
  }
  const isUpload = url.pathname.startsWith(`${UPLOADS}/`);
  const path = url.pathname.slice(isUpload ? UPLOADS.length : new URL(rest.urls.api).pathname.length);
  const found = (isUpload ? matchUpload : match)(request.method ?? 'GET', path);
  if (found.kind === 'no-route') throw notFound();
  if (rest.caller !== null) checkCaller(rest.caller, path);
  if (path === '/rate_limit') return rateLimitReply(rest, user);
  return handle(rest, { ...found, user, url, request });
}

async function replyOrError(rest: Rest, request: IncomingMessage, url: URL, user: User): Promise<Reply> {
  try {
    return await replyTo(rest, request, url, user);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    request.resume();
    return { status: error.status, body: error.body(), headers: error.headers };
  }
}

const common = {
  'x-github-media-type': 'github.v3; format=json',
  'x-github-api-version-selected': '2022-11-28',
  'cache-control': 'private, max-age=60, s-maxage=60',
} as const;

function plainError(error: HttpError, headers: Record<string, string> = {}): Answer {
  const type = 'application/json; charset=utf-8';
  const bytes = Buffer.from(JSON.stringify(error.body()));
  return { status: error.status, headers: { ...common, 'content-type': type, ...headers }, bytes, counted: false };
}

/** Answers one REST request: who, how much is left, what, and whether the client has it already. */
export async function answerRest(rest: Rest, request: IncomingMessage, url: URL, user: User | null): Promise<Answer> {
  const { limits, now, urls } = rest;
  const roots = [new URL(urls.api).pathname, UPLOADS];
  if (!roots.some((root) => url.pathname.startsWith(`${root}/`)) && url.pathname !== GRAPHQL) {
    request.resume();
    return plainError(notFound());
  }
  if (user === null) {
    request.resume();
    const bad = request.headers.authorization !== undefined;
    return plainError(new HttpError(401, bad ? 'Bad credentials' : 'Requires authentication'));
  }
  const free = url.pathname.endsWith('/rate_limit');
  if (!free && !limits.spend(user.login, now)) {
    request.resume();
    const message = `API rate limit exceeded for user ID ${user.id}.`;
    return plainError(new HttpError(403, message), rateHeaders(limits.budget(user.login, now)));
  }
  const reply = await replyOrError(rest, request, url, user);
  const { bytes, type } = toBytes(reply);
  const readable = request.method === 'GET' && reply.status === 200;
  const etag = readable ? { etag: etagOf(bytes) } : {};
  const unchanged = etag.etag !== undefined && sameTag(request.headers['if-none-match'], etag.etag);
  if (unchanged) limits.refund(user.login);
  const headers = {
    ...common,
    ...(bytes.length === 0 || unchanged ? {} : { 'content-type': type }),
    ...reply.headers,
    ...etag,
    ...rateHeaders(limits.budget(user.login, now)),
  };
  // The validator is that of the body: who relies on a Link header here has forgotten that a list can grow by a page.
  if (unchanged) {
    const { link: _link, ...kept }: Record<string, string> = headers;
    return { status: 304, headers: kept, bytes: Buffer.alloc(0), counted: false };
  }
  return { status: reply.status, headers, bytes, counted: !free };
}
