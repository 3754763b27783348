import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { systemTimers } from '../http/timers.ts';
import { httpLinks } from './index.ts';

let server: Server;
let host = '';
const asked: string[] = [];

const PAGES: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/there': (_request, response) => response.writeHead(200).end('here'),
  '/gone': (_request, response) => response.writeHead(404).end(),
  '/broken': (_request, response) => response.writeHead(500).end(),
  '/get-only': (request, response) => response.writeHead(request.method === 'HEAD' ? 405 : 200).end('here'),
  '/moved': (_request, response) => response.writeHead(301, { location: '/there' }).end(),
  '/circle': (_request, response) => response.writeHead(302, { location: '/circle' }).end(),
  '/inward': (_request, response) => response.writeHead(302, { location: 'http://127.0.0.2:9/secret' }).end(),
  '/file': (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/nowhere': (_request, response) => response.writeHead(302, { location: 'http://' }).end(),
  '/large': (request, response) => {
    response.writeHead(request.method === 'HEAD' ? 405 : 200);
    response.end(Buffer.alloc(4 * 1024 * 1024));
  },
  '/silent': () => {},
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
    PAGES[path]?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const look = async (path: string, own = new Set([host])): Promise<string> =>
  httpLinks()
    .look(`http://${host}${path}`, own)
    .then(({ status }) => String(status))
    .catch((error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'a bug'));

it.each([
  ['/there', '200', ['HEAD /there']],
  ['/gone', '404', ['HEAD /gone', 'GET /gone']],
  ['/broken', '500', ['HEAD /broken']],
  ['/get-only', '200', ['HEAD /get-only', 'GET /get-only']],
  ['/moved', '200', ['HEAD /moved', 'HEAD /there']],
  ['/large', '200', ['HEAD /large', 'GET /large']],
  ['/circle', 'circles', Array.from({ length: 6 }, () => 'HEAD /circle')],
  ['/inward', 'not-public', ['HEAD /inward']],
  ['/file', 'not-public', ['HEAD /file']],
  ['/nowhere', 'unreachable', ['HEAD /nowhere']],
])('%s answers %s', async (path, answer, calls) => {
  asked.length = 0;
  expect(await look(path)).toBe(answer);
  expect(asked).toEqual(calls);
});

it('calls no address of this network that is not of the train, however it is written', async () => {
  asked.length = 0;
  expect(await look('/there', new Set())).toBe('not-public');
  const { port } = new URL(`http://${host}`);
  for (const name of [`localhost:${port}`, `[::1]:${port}`, `2130706433:${port}`, `0x7f.1:${port}`, `user@${host}`]) {
    const looked = httpLinks().look(`http://${name}/there`, new Set());
    expect(await looked.then(() => 'called').catch(() => 'not called')).toBe('not called');
  }
  expect(asked).toEqual([]);
});

it('does not wait for ever', async () => {
  const links = httpLinks({
    timers: {
      ...systemTimers,
      // Its time is over as soon as it is waited for.
      after: (_millis, act) => systemTimers.after(1, act),
    },
  });
  const looked = links.look(`http://${host}/silent`, new Set([host]));
  expect(await looked.catch((error: unknown) => (error instanceof Error ? error.message : ''))).toContain(
    'did nothing',
  );
});
