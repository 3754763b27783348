/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { type AppDesk, type Caller, callerOf, makeAppDesk, type SandboxApp, userOf } from './app-desk.ts';
import { answerChannel, channelPath } from './channel-http.ts';
import { type Fault, type Faults, type FaultSource, makeFaults } from './faults.ts';
import { askGit, type GitRequest, parseGitRequest } from './git-http.ts';
import { followRefs, recoverRepo } from './pull-sync.ts';
import { close, listen } from './listen.ts';
import { makeRateLimit } from './rate-limit.ts';
import { makeRequestLog, type RequestLog, type RequestSink } from './request-log.ts';
import { makeOAuthDesk, type OAuthDesk, type SandboxOAuth } from './oauth.ts';
import { answerRest, type Answer } from './rest.ts';
import { hookRules, installHooks } from './rules.ts';
import { forgetRunning, newId, noteRunning, refuseSecond, worldHeader } from './single.ts';
import { permissionOf, permits, type RepoState, type User } from './state.ts';
import { openStore, requireRepo, type Store, WorldFolderError } from './store.ts';
import { tokenOf } from './token.ts';
import { urlsOf } from './urls.ts';
import { makeWebhooks } from './webhooks.ts';

export interface SandboxOptions {
  /** The world's folder, as `makeWorld` or an earlier run left it. */
  readonly dir: string;
  /** 0 or absent: a free port. */
  readonly port?: number;
  /** The sandbox's clock as ISO 8601 UTC; the real time unless told. */
  readonly now?: () => string;
  /** Told of each request and each failure, one line each. */
  readonly log?: (line: string) => void;
  /** A GitHub App that is installed here. */
  readonly app?: SandboxApp;
  /** An OAuth app by which people sign in elsewhere. */
  readonly oauth?: SandboxOAuth;
  /** Requests an hour for each user; GitHub's 5000 unless told. */
  readonly rateLimit?: number;
}

/** A running GitHub on 127.0.0.1. */
export interface Sandbox {
  readonly url: string;
  /** The base address for REST clients. */
  readonly apiUrl: string;
  /** The address to clone from and push to, without a token in it. */
  gitUrl(owner: string, name: string): string;
  /** The bare repository's folder, for looking at what really happened. */
  gitDir(owner: string, name: string): string;
  /** The token of each account, by login. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Its clock, to the second. */
  readonly now: () => string;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Resolves when every webhook delivery that was begun has come to its end. */
  webhooksDelivered(): Promise<void>;
  /** Sets which full ref names this repository refuses to update from now on. */
  rejectRefs(owner: string, name: string, refs: readonly string[]): Promise<void>;
  /** Stops answering; the folder is then a snapshot of the world. */
  stop(): Promise<void>;
}

interface Parts {
  readonly store: Store;
  readonly hooks: string;
  readonly now: () => string;
  readonly log: (line: string) => void;
  readonly requests: RequestSink;
  readonly faults: FaultSource;
  readonly desk: AppDesk;
  readonly oauth: OAuthDesk;
  readonly rest: (request: IncomingMessage, asked: Asking, web: string) => Promise<Answer>;
}

interface Asking {
  readonly url: URL;
  readonly user: User | null;
  readonly caller: Caller | null;
}

/** GitHub's form of a moment: UTC, to the second. */
const toSeconds = (iso: string) => new Date(iso).toISOString().replace(/\.\d{3}Z$/u, 'Z');

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent) return reset(response);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.bytes.length) });
  response.end(answer.bytes);
}

const textAnswer = (status: number, text: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  bytes: Buffer.from(text),
  counted: false,
});

function faultAnswer(fault: Exclude<Fault, string>): Answer {
  const body = fault.body ?? { message: `A fault of the sandbox: ${fault.status}` };
  return {
    status: fault.status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...fault.headers },
    bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    counted: false,
  };
}

/** Who may do what over git: a public repository can be read by all; writing asks for a token and the permission. */
function refuseGit(
  repo: RepoState | undefined,
  user: User | null,
  hasToken: boolean,
  asked: GitRequest,
): Answer | null {
  const challenge = { 'www-authenticate': 'Basic realm="GitHub"' };
  if (hasToken && user === null) return textAnswer(401, 'Invalid username or token.', challenge);
  if (user === null && (asked.writes || repo === undefined || repo.private)) {
    return textAnswer(401, 'No anonymous write access.', challenge);
  }
  const permission = repo === undefined ? 'none' : permissionOf(repo, user?.login ?? '');
  if (repo === undefined || permission === 'none') return textAnswer(404, 'Repository not found.');
  if (asked.writes && !permits(permission, 'write')) {
    const who = user?.login ?? 'anonymous';
    return textAnswer(403, `Permission to ${repo.owner}/${repo.name}.git denied to ${who}.`);
  }
  return null;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly user: User | null;
  readonly caller: Caller | null;
  readonly hasToken: boolean;
  readonly fault: Fault | null;
}

async function answerGit(parts: Parts, exchange: Exchange, asked: GitRequest): Promise<number> {
  const { request, response, user } = exchange;
  const { store } = parts;
  const repo = store.repo(asked.owner, asked.name);
  const refusal = refuseGit(repo, user, exchange.hasToken, asked);
  if (refusal !== null || repo === undefined) {
    request.resume();
    const answer = refusal ?? textAnswer(404, 'Repository not found.');
    send(response, answer);
    return answer.status;
  }
  const login = user?.login ?? '';
  const backend = askGit({
    gitDir: store.gitDir(repo),
    asked,
    request,
    login,
    hooks: parts.hooks,
    rules: hookRules(repo, login),
  });
  if (asked.service !== '/git-receive-pack') {
    response.writeHead(backend.status, backend.headers);
    await pipeline(backend.body, response);
    return backend.status;
  }
  // What a push causes is there before the push is acknowledged.
  const chunks = await backend.body.toArray();
  await backend.done;
  await store.change(repo, (draft) => followRefs(draft, store.gitDir(repo), { login, at: parts.now() }));
  if (exchange.fault === 'reset-after-effect') {
    reset(response);
    return 0;
  }
  const bytes = Buffer.concat(chunks.filter((chunk) => Buffer.isBuffer(chunk)));
  send(response, { status: backend.status, headers: backend.headers, bytes, counted: false });
  return backend.status;
}

async function answer(parts: Parts, exchange: Exchange, web: string): Promise<{ status: number; counted: boolean }> {
  const { request, response, url, user, fault } = exchange;
  if (fault === 'reset') {
    reset(response);
    return { status: 0, counted: false };
  }
  if (fault !== null && fault !== 'reset-after-effect') {
    request.resume();
    send(response, faultAnswer(fault));
    return { status: fault.status, counted: false };
  }
  const file = channelPath(parts.store.dir, url.pathname);
  if (file !== null) return { status: await answerChannel(file, request, response), counted: false };
  const signing = await parts.oauth.answer(request, url);
  if (signing !== null) {
    send(response, signing);
    return { status: signing.status, counted: false };
  }
  const git = parseGitRequest(request.method ?? 'GET', url);
  if (git !== null) return { status: await answerGit(parts, exchange, git), counted: false };
  const result = await parts.rest(request, { url, user, caller: exchange.caller }, web);
  if (fault === 'reset-after-effect') {
    reset(response);
    return { status: 0, counted: result.counted };
  }
  send(response, result);
  return { status: result.status, counted: result.counted };
}

async function exchange(parts: Parts, request: IncomingMessage, response: ServerResponse, web: string) {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', web);
  const token = tokenOf(request.headers.authorization);
  const caller = token === null ? null : (parts.oauth.callerOf(token) ?? callerOf(parts.desk, parts.store, token));
  const user = caller === null ? null : userOf(parts.desk, parts.store, caller);
  const login = user?.login ?? null;
  const fault = parts.faults.take({ method, path: url.pathname, login });
  const facts = { method, path: url.pathname, query: url.search, login };
  try {
    const done = await answer(parts, { request, response, url, user, caller, hasToken: token !== null, fault }, web);
    parts.requests.add({ ...facts, ...done });
    parts.log(`${method} ${url.pathname}${url.search} ${done.status}`);
  } catch (error) {
    parts.requests.add({ ...facts, status: 500, counted: false });
    parts.log(`${method} ${url.pathname} failed: ${String(error)}`);
    send(response, faultAnswer({ status: 500, body: { message: 'Server Error' } }));
  }
}

function tokensOf(store: Store): Sandbox['tokens'] {
  return Object.fromEntries(
    store.users().flatMap((user) => (user.token === null ? [] : [[user.login, user.token] as const])),
  );
}

/**
 * Starts the sandbox's GitHub on a world's folder. Only one at a time may run on a folder.
 * Throws WorldFolderError when the folder holds no world, an unreadable one, or one that is already running.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { dir, port = 0, log = () => undefined, rateLimit = 5000 } = options;
  if (!existsSync(join(dir, 'users.json'))) {
    throw new WorldFolderError(`There is no sandbox world at ${dir}. Make one first.`);
  }
  await refuseSecond(dir);
  const clock = options.now ?? (() => new Date().toISOString());
  const now = () => toSeconds(clock());
  let web = '';
  const desk = makeAppDesk(options.app ?? null, now);
  const store = openStore(dir, (before, after) => webhooks.tell(before, after));
  const webhooks = makeWebhooks({ store, web: () => web, now, app: options.app ?? null });
  const limits = makeRateLimit(rateLimit);
  const parts: Parts = {
    store,
    hooks: installHooks(dir),
    now,
    log,
    requests: makeRequestLog(),
    faults: makeFaults(),
    desk,
    oauth: makeOAuthDesk(options.oauth ?? null, store, now),
    rest: (request, { url, user, caller }, at) =>
      answerRest({ store, webhooks, desk, caller, limits, now: now(), urls: urlsOf(at) }, request, url, user),
  };
  await Promise.all(store.repos().map((repo) => recoverRepo(store, repo, now())));

  const underWay = new Set<Promise<void>>();
  const id = newId();
  const server = createServer((request, response) => {
    response.setHeader(worldHeader, id);
    const run = exchange(parts, request, response, web).finally(() => underWay.delete(run));
    underWay.add(run);
  });
  web = `http://127.0.0.1:${await listen(server, port)}`;
  noteRunning(dir, web, id);

  return {
    url: web,
    apiUrl: urlsOf(web).api,
    gitUrl: (owner, name) => `${web}/${owner}/${name}.git`,
    gitDir: (owner, name) => store.gitDir(requireRepo(store, owner, name)),
    tokens: tokensOf(store),
    now,
    requests: parts.requests,
    faults: parts.faults,
    webhooksDelivered: () => webhooks.idle(),
    rejectRefs: (owner, name, refs) =>
      store.change(requireRepo(store, owner, name), (draft) => {
        draft.rejectRefs = [...refs];
      }),
    async stop() {
      await close(server, underWay);
      await store.idle();
      await webhooks.idle();
      forgetRunning(dir);
    },
  };
}
