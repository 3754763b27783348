import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedServer, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import { exchange, systemTools, type HttpLimits } from './exchange.ts';
import { openBy, openPlain, type HttpRequest } from './open.ts';

let server: ScriptedServer;

beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const WAYS = [
  ['by fetch', openBy(globalThis.fetch)],
  ['plainly', openPlain],
] as const;

/** Breaks the connection in the middle of the answer. */
const broken: Scene = (response) => {
  response.writeHead(200, { 'content-length': 26 });
  response.write('abc', () => response.destroy());
};
const tooLong: Scene = (response) => response.writeHead(200, { 'content-length': 2000 }).flushHeaders();
const tooLongUnsaid: Scene = (response) => void response.writeHead(200).end('x'.repeat(2000));

describe.each(WAYS)('asked %s', (_way, open) => {
  const ask = (change: Partial<HttpRequest> = {}, limits: Partial<HttpLimits> = {}) => {
    const request = { method: 'GET', url: new URL('/a', server.url), headers: {}, body: null, ...change };
    return exchange(request, { ...systemTools, open, limits: { ...systemTools.limits, ...limits } });
  };

  it.each<[string, Scene]>([
    ['says its length', (response) => void response.writeHead(200, { 'content-length': 3, 'x-one': 'a' }).end('abc')],
    [
      'comes in pieces',
      (response) => {
        response.writeHead(200, { 'x-one': 'a' });
        response.write('a');
        response.end('bc');
      },
    ],
  ])('an answer is had whole when it %s, with its headers in any case', async (_how, scene) => {
    server.play([scene]);
    const answer = await ask({ headers: { 'x-two': 'b' } });
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([200, 'abc']);
    expect([answer.headers.get('X-One'), answer.headers.get('x-none')]).toEqual(['a', null]);
    expect([...answer.headers]).toContainEqual(['x-one', 'a']);
    expect(server.seen[0]?.headers).toMatchObject({ 'x-two': 'b', 'user-agent': 'node', accept: '*/*' });
  });

  it('a header that came twice is one', async () => {
    server.play([(response) => void response.writeHead(200, ['etag', '"one"', 'etag', '"two"']).end()]);
    expect((await ask()).headers.get('etag')).toBe('"one", "two"');
  });

  it('of an answer to HEAD there is the length and nothing else', async () => {
    server.play([(response) => void response.writeHead(200, { 'content-length': 5 }).end()]);
    const answer = await ask({ method: 'HEAD' }, { bytes: 3 });
    expect([answer.headers.get('content-length'), answer.body.length]).toEqual(['5', 0]);
  });

  it('a body is sent', async () => {
    server.play([(response) => void response.writeHead(204).end()]);
    expect((await ask({ method: 'POST', body: 'grün' })).status).toBe(204);
    expect(server.seen[0]).toMatchObject({ method: 'POST', body: 'grün' });
  });

  it('a redirect to another host is not followed', async () => {
    server.play([(response) => void response.writeHead(302, { location: 'http://127.0.0.2/' }).end()]);
    await expect(ask()).rejects.toMatchObject({ code: 'redirect' });
  });

  it.each<[string, Scene, string]>([
    ['breaks off', broken, 'broken-off'],
    ['says that it is too long', tooLong, 'too-large'],
    ['is too long', tooLongUnsaid, 'too-large'],
    ['is cut before it begins', (response) => void response.destroy(), 'unreachable'],
  ])('an answer that %s fails', async (_what, scene, code) => {
    server.play([scene]);
    await expect(ask({}, { bytes: 1000 })).rejects.toMatchObject({ name: 'HttpFailure', code });
  });

  it('an answer that never ends is given up, and its connection with it', async () => {
    const closed = new Promise<void>((resolve) => {
      server.play([
        (response) => {
          response.on('close', () => resolve());
          response.writeHead(200, { 'content-length': 26 }).write('abc');
        },
      ]);
    });
    const begun: (() => void)[] = [];
    const timers = { ...systemTools.timers, after: (_: number, act: () => void) => (begun.push(act), () => undefined) };
    const request = { method: 'GET', url: new URL('/a', server.url), headers: {}, body: null };
    const asked = exchange(request, {
      ...systemTools,
      timers,
      open: async (each, signal) => {
        const answer = await open(each, signal);
        queueMicrotask(() => begun.at(-1)?.());
        return answer;
      },
    });
    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
    await closed;
  });
});

it('a proxy that the environment names is asked for an address, also plainly', async () => {
  server.play([(response) => void response.writeHead(200).end('by proxy')]);
  const script = `
    const { openPlain } = await import(${JSON.stringify(join(import.meta.dirname, 'open.ts'))});
    const request = { method: 'GET', url: new URL('http://wheels.invalid/a.whl'), headers: {}, body: null };
    const answer = await openPlain(request, new AbortController().signal);
    for await (const piece of answer.body) process.stdout.write(piece);`;
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: server.url, http_proxy: server.url, NO_PROXY: '' };
  const asking = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pieces: string[] = [];
  asking.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  await once(asking, 'close');
  expect(pieces.join('')).toBe('by proxy');
  expect(server.seen[0]?.path).toBe('http://wheels.invalid/a.whl');
});
