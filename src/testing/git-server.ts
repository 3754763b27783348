import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { devNull } from 'node:os';

/** Bare repositories below a folder, over HTTP on this machine, by git's own server program. */
export interface GitServer {
  /** The address of a repository, by its path below the folder. */
  readonly urlOf: (path: string) => string;
  /** How many requests came, and the authorization headers they carried. */
  readonly requests: readonly { readonly url: string; readonly authorization: string | undefined }[];
  /** The next answer of this service that is so long sends this many bytes and then stays silent; resolves when it has come so far. */
  readonly stallNext: (service: string, bytes: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Stall {
  readonly service: string;
  readonly bytes: number;
  readonly reached: () => void;
}

/** Starts a server; with a token, only requests that carry it as GitHub takes it (basic, user x-access-token) are answered; with protocol 0 it speaks git as before 2018. */
export async function serveGit(root: string, token: string | null = null, protocol: 0 | 2 = 2): Promise<GitServer> {
  const requests: { url: string; authorization: string | undefined }[] = [];
  const stalls: Stall[] = [];
  const wanted = token === null ? null : `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    const status = new URL(request.url ?? '/', 'http://x').pathname.match(/^\/status-(\d+)\//)?.[1];
    if (status !== undefined) response.writeHead(Number(status), { location: 'http://127.0.0.1:1/elsewhere' }).end();
    else if (wanted !== null && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else {
      const stall = request.url?.endsWith(`/${stalls[0]?.service}`) === true ? stalls.shift() : undefined;
      // An answer shorter than that was not the one meant: before a pack comes the list of refs.
      answer({ root, protocol }, request, response, stall && { ...stall, tooShort: () => void stalls.unshift(stall) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    urlOf: (path) => `http://127.0.0.1:${address.port}/${path}`,
    requests,
    stallNext: (service, bytes) => new Promise((resolve) => void stalls.push({ service, bytes, reached: resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  { root, protocol }: { readonly root: string; readonly protocol: 0 | 2 },
  request: IncomingMessage,
  response: ServerResponse,
  stall?: Stall & { readonly tooShort: () => void },
): void {
  const url = new URL(request.url ?? '/', 'http://x');
  const header = (name: string): string => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.receivepack',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_CONFIG_KEY_1: 'safe.directory',
      GIT_CONFIG_VALUE_1: '*',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: protocol === 0 ? '' : header('git-protocol'),
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: header('content-length'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      REMOTE_USER: 'tester',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  response.on('close', () => child.kill());
  let head: Buffer | null = Buffer.alloc(0);
  let sent = 0;
  child.stdout.on('data', (whole: Buffer) => {
    const chunk = stall === undefined ? whole : whole.subarray(0, Math.max(0, stall.bytes - sent));
    sent += chunk.length;
    if (stall !== undefined && sent >= stall.bytes) stall.reached();
    if (head === null) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    writeHead(head.toString('latin1', 0, end), response);
    response.write(head.subarray(end + 4));
    head = null;
  });
  child.on('close', () => {
    if (stall !== undefined && sent >= stall.bytes) return;
    stall?.tooShort();
    if (head !== null) response.writeHead(500);
    response.end();
  });
}

function writeHead(text: string, response: ServerResponse): void {
  const fields = text.split('\r\n').map((line) => line.split(/: (.*)/));
  const status = fields.find(([name = '']) => name.toLowerCase() === 'status');
  response.writeHead(
    Number(status?.[1]?.slice(0, 3) ?? 200),
    fields.filter((field) => field !== status).flatMap(([name = '', value = '']) => [name, value]),
  );
}
