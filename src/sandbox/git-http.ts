import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

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

interface BackendInput {
  readonly root: string;
  readonly path: string;
  readonly request: IncomingMessage;
  readonly query: string;
  readonly login: string;
  readonly hooks: string;
  readonly rules: string;
}

export interface BackendAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What follows the head; ends when the backend ends. */
  readonly body: Readable;
  /** The exit code, once all is done. */
  readonly done: Promise<number | null>;
}

function backendEnvironment(input: BackendInput): Record<string, string> {
  const header = (name: string) => {
    const value = input.request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    ...gitEnvironment({
      'core.hooksPath': input.hooks,
      'http.receivepack': 'true',
      // As GitHub: pull request refs are made by the server only; any reachable commit can be fetched by sha.
      'receive.hideRefs': 'refs/pull',
      'receive.autogc': 'false',
      'uploadpack.allowFilter': 'true',
      'uploadpack.allowAnySHA1InWant': 'true',
    }),
    GIT_PROJECT_ROOT: input.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: input.path,
    QUERY_STRING: input.query,
    REQUEST_METHOD: input.request.method ?? 'GET',
    REMOTE_USER: input.login,
    REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: header('content-type'),
    // Not the length: git-http-backend 2.39 never ends when fewer bytes come than promised; without it, it reads to the end.
    CONTENT_LENGTH: '',
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    SANDBOX_RULES: input.rules,
  };
}

function parseHead(text: string): { status: number; headers: Record<string, string> } {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/u)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}

/** Reads the CGI head from the backend's output and leaves the rest in the stream. */
async function takeHead(output: Readable): Promise<string> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = output.read();
    if (chunk === null) {
      if (output.readableEnded || output.destroyed) return head.toString('latin1');
      await new Promise<void>((resolve) => {
        output.once('readable', resolve);
        output.once('end', resolve);
        output.once('close', resolve);
      });
      continue;
    }
    if (Buffer.isBuffer(chunk)) head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    output.unshift(head.subarray(end + 4));
    return head.subarray(0, end).toString('latin1');
  }
}

/** Hands one request to `git http-backend`. */
export async function askBackend(input: BackendInput): Promise<BackendAnswer> {
  const child = spawn('git', ['http-backend'], { env: backendEnvironment(input), stdio: ['pipe', 'pipe', 'ignore'] });
  const done = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // The backend may refuse before it has read the whole request.
  child.stdin.on('error', () => undefined);
  // A request cut off half-way is an early end for git, which then changes nothing.
  input.request.on('close', () => child.stdin.end());
  input.request.pipe(child.stdin);
  const { status, headers } = parseHead(await takeHead(child.stdout));
  return { status, headers, body: child.stdout, done };
}
