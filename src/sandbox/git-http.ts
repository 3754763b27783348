import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { runProgram, type ProgramEnd } from '../programs/index.ts';
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

function argumentsOf({ asked, gitDir }: ServiceInput, ...more: readonly string[]): readonly string[] {
  // Without `git http-backend` in between, which starts two more processes for each request.
  return [asked.writes ? 'receive-pack' : 'upload-pack', '--stateless-rpc', ...more, gitDir];
}

interface Short {
  readonly more?: readonly string[];
  readonly body?: Buffer;
  readonly maxBytes?: number;
}

/** Runs git's program to its end. Not for what may be long: nothing of it is passed on before. */
function serveShort(input: ServiceInput, options: Short): Promise<ProgramEnd> {
  const { more = [], body = '', maxBytes } = options;
  return runProgram({
    program: 'git',
    args: argumentsOf(input, ...more),
    environment: serviceEnvironment(input),
    input: body,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
}

/** Hands on what comes as it comes: `first`, and the rest of `plain`. What git says goes to `to`; resolves once git has ended. */
async function serveLong(input: ServiceInput, first: Buffer, plain: Readable | null, to: Writable): Promise<void> {
  const args = argumentsOf(input);
  const child = spawn('git', args, { env: serviceEnvironment(input), stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Git may refuse before it has read the whole request.
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(to, { end: false });
  child.stdin.write(first);
  if (plain === null) child.stdin.end();
  else {
    // A request cut off half-way is an early end for git, which then changes nothing.
    plain.on('error', () => child.stdin.end());
    plain.on('close', () => child.stdin.end());
    plain.pipe(child.stdin);
  }
  await ended;
}

const NEVER_KEPT = {
  expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  pragma: 'no-cache',
  'cache-control': 'no-cache, max-age=0, must-revalidate',
};

function packet(text: string): Buffer {
  return Buffer.from(`${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`);
}

/** What git can do in version 2 of the protocol says nothing of a repository: it is asked until it has said so once. */
let secondAdvertisement: Buffer | null = null;

/** What is there; in version 2 of the protocol only what git can do, and then the service is not named first. */
async function advertise(input: ServiceInput, service: string, to: Writable): Promise<void> {
  const isSecond = /(?:^|:)version=2(?:$|:)/u.test(headerOf(input.request, 'git-protocol')) && !input.asked.writes;
  if (isSecond && secondAdvertisement !== null) {
    to.write(secondAdvertisement);
    return;
  }
  if (!isSecond) to.write(Buffer.concat([packet(`# service=${service}\n`), Buffer.from('0000')]));
  const { code, stdout } = await serveShort(input, { more: ['--http-backend-info-refs'] });
  if (isSecond && code === 0) secondAdvertisement = stdout;
  to.write(stdout);
}

/** Bytes of a request that are kept to be handed over at once, and of an answer that is passed on at once. */
const SHORT_REQUEST = 4 * 1024 * 1024;
const SHORT_ANSWER = 16 * 1024 * 1024;

/** The beginning of a request, and whether that is all of it; null when it was cut off. */
function beginningOf(plain: Readable): Promise<{ readonly first: Buffer; readonly isAll: boolean } | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const take = (piece: Buffer): void => {
      pieces.push(piece);
      size += piece.length;
      if (size <= SHORT_REQUEST) return;
      plain.off('data', take);
      plain.pause();
      resolve({ first: Buffer.concat(pieces), isAll: false });
    };
    plain.on('data', take);
    plain.on('end', () => resolve({ first: Buffer.concat(pieces), isAll: true }));
    plain.on('error', () => resolve(null));
    plain.on('close', () => resolve(null));
  });
}

/** Answers one request: by one run where it and its answer are short, which nearly all are, and otherwise bit by bit. */
async function exchange(input: ServiceInput, to: Writable): Promise<void> {
  const { asked, request } = input;
  // Git compresses requests that are long. The plain body's end, and only that, is the end for git.
  const plain = headerOf(request, 'content-encoding') === 'gzip' ? request.pipe(createGunzip()) : request;
  request.on('close', () => {
    if (plain !== request && !request.complete) plain.destroy();
  });
  const beginning = await beginningOf(plain);
  // Git is not even asked about a request that was cut off: it would change nothing.
  if (beginning === null) return;
  const { first, isAll } = beginning;
  if (!isAll) return serveLong(input, first, plain, to);
  const { stdout, stopped } = await serveShort(input, {
    body: first,
    // What was written is written: a push is not asked twice.
    ...(asked.writes ? {} : { maxBytes: SHORT_ANSWER }),
  });
  if (stopped === null) to.write(stdout);
  else await serveLong(input, first, null, to);
}

/** Hands one request to git's own program for it. */
export function askGit(input: ServiceInput): ServiceAnswer {
  const { asked, request } = input;
  const service = asked.writes ? 'git-receive-pack' : 'git-upload-pack';
  const isQuestion = asked.service === '/info/refs';
  if (!isQuestion && headerOf(request, 'content-type') !== `application/x-${service}-request`) {
    request.resume();
    return { status: 415, headers: NEVER_KEPT, body: Readable.from([]), done: Promise.resolve() };
  }
  if (isQuestion) request.resume();
  const body = new PassThrough();
  const done = (isQuestion ? advertise(input, service, body) : exchange(input, body)).finally(() => body.end());
  // Whoever waits for the body may leave before git does.
  done.catch(() => undefined);
  const type = `application/x-${service}-${isQuestion ? 'advertisement' : 'result'}`;
  return { status: 200, headers: { ...NEVER_KEPT, 'content-type': type }, body, done };
}
