import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { gitEnvironment } from './git.ts';

/** A request to one repository over git's smart HTTP. */
export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  readonly service: string;
  readonly writes: boolean;
}

/** Recognises the addresses of smart HTTP; the dumb protocol is not spoken. */
export function parseGitRequest(method: string, url: URL): GitRequest | null {
  const found = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/u.exec(
    url.pathname,
  );
  const [, owner, name, service] = found ?? [];
  if (owner === undefined || name === undefined || service === undefined) return null;
  const asked = service === '/info/refs' ? url.searchParams.get('service') : service.slice(1);
  if (asked !== 'git-upload-pack' && asked !== 'git-receive-pack') return null;
  if (method !== (service === '/info/refs' ? 'GET' : 'POST')) return null;
  return { owner, name, service, writes: asked === 'git-receive-pack' };
}

interface ServiceInput {
  readonly gitDir: string;
  /** What was asked, as `parseGitRequest` found it. */
  readonly asked: GitRequest;
  readonly request: IncomingMessage;
  readonly login: string;
  readonly hooks: string;
  readonly rules: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends when git ends. */
  readonly body: Readable;
  /** Resolves once git has ended and changes nothing any more. */
  readonly done: Promise<unknown>;
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function serviceEnvironment({ request, login, hooks, rules }: ServiceInput): Record<string, string> {
  return {
    ...gitEnvironment({
      'core.hooksPath': hooks,
      // As GitHub: pull request refs are made by the server only; any reachable commit can be fetched by sha.
      'receive.hideRefs': 'refs/pull',
      'receive.autogc': 'false',
      'uploadpack.allowFilter': 'true',
      'uploadpack.allowAnySHA1InWant': 'true',
    }),
    GIT_PROTOCOL: headerOf(request, 'git-protocol'),
    GIT_COMMITTER_NAME: login === '' ? 'anonymous' : login,
    GIT_COMMITTER_EMAIL: `${login === '' ? 'anonymous' : login}@http.127.0.0.1`,
    SANDBOX_RULES: rules,
  };
}

interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly done: Promise<unknown>;
}

/** Without `git http-backend` in between, which starts two more processes for each request. */
function serve(input: ServiceInput, args: readonly string[]): Running {
  const full = [input.asked.writes ? 'receive-pack' : 'upload-pack', '--stateless-rpc', ...args, input.gitDir];
  const child = spawn('git', full, { env: serviceEnvironment(input), stdio: ['pipe', 'pipe', 'ignore'] });
  const done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Whoever waits for the body may leave before git does.
  done.catch(() => undefined);
  // Git may refuse before it has read the whole request.
  child.stdin.on('error', () => undefined);
  return { stdin: child.stdin, stdout: child.stdout, done };
}

const NEVER_KEPT = {
  expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  pragma: 'no-cache',
  'cache-control': 'no-cache, max-age=0, must-revalidate',
};

function packet(text: string): Buffer {
  return Buffer.from(`${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`);
}

/** What is there; in version 2 of the protocol only what git can do, and then the service is not named first. */
function advertise(input: ServiceInput, service: string): ServiceAnswer {
  const { stdin, stdout, done } = serve(input, ['--http-backend-info-refs']);
  stdin.end();
  const isSecond = /(?:^|:)version=2(?:$|:)/u.test(headerOf(input.request, 'git-protocol')) && !input.asked.writes;
  const body = new PassThrough();
  if (!isSecond) body.write(Buffer.concat([packet(`# service=${service}\n`), Buffer.from('0000')]));
  stdout.pipe(body);
  return {
    status: 200,
    headers: { ...NEVER_KEPT, 'content-type': `application/x-${service}-advertisement` },
    body,
    done,
  };
}

/** Hands one request to git's own program for it. */
export function askGit(input: ServiceInput): ServiceAnswer {
  const { asked, request } = input;
  const service = asked.writes ? 'git-receive-pack' : 'git-upload-pack';
  if (asked.service === '/info/refs') {
    request.resume();
    return advertise(input, service);
  }
  if (headerOf(request, 'content-type') !== `application/x-${service}-request`) {
    request.resume();
    return { status: 415, headers: NEVER_KEPT, body: Readable.from([]), done: Promise.resolve() };
  }
  const { stdin, stdout, done } = serve(input, []);
  // Git compresses requests that are long. The plain body's end, and only that, is the end for git.
  const plain = headerOf(request, 'content-encoding') === 'gzip' ? request.pipe(createGunzip()) : request;
  plain.on('error', () => stdin.end());
  plain.pipe(stdin);
  // A request cut off half-way is an early end for git, which then changes nothing.
  request.on('close', () => {
    if (plain === request) stdin.end();
    else if (!request.complete) plain.destroy();
  });
  plain.on('close', () => stdin.end());
  return {
    status: 200,
    headers: { ...NEVER_KEPT, 'content-type': `application/x-${service}-result` },
    body: stdout,
    done,
  };
}
