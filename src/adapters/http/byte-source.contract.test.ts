import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedServer, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import { httpSource, sourceHttp } from './byte-source.ts';
import type { HttpTools } from './exchange.ts';

const BODY = 'abcdefghijklmnopqrstuvwxyz';

let server: ScriptedServer;
/** Waits that were asked for; nobody waits in truth. */
const waits: number[] = [];

beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const http: HttpTools = {
  ...sourceHttp,
  timers: {
    ...sourceHttp.timers,
    random: () => 0,
    sleep: async (millis) => {
      waits.push(millis);
    },
  },
};

function source(path = '/whl/torch.whl') {
  waits.length = 0;
  return httpSource(new URL(path, server.url), { http, now: () => 0 });
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** A server that knows ranges, of a resource with this body. */
const ranges =
  (body = BODY, headers: Readonly<Record<string, string>> = { etag: '"one"' }): Scene =>
  (response, request) => {
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const begin = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
    const end = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
    const part = body.slice(begin, end + 1);
    const range = `bytes ${begin}-${end}/${body.length}`;
    response.writeHead(206, { ...headers, 'content-range': range, 'content-length': part.length }).end(part);
  };
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Scene =>
  (response) =>
    void response.writeHead(code, headers).end(body);
const whole = status(200, {}, BODY);
const said = (range: string, body: string): Scene => status(206, { 'content-range': range }, body);
/** Breaks the connection in the middle of the answer. */
const broken: Scene = (response) => {
  response.writeHead(206, { 'content-range': 'bytes 0-25/26', 'content-length': 26 });
  response.write('abc', () => response.destroy());
};

describe('a resource is read by ranges', () => {
  it('one request for its end, one for each part, held to the first state', async () => {
    server.play([ranges()], true);
    const wheel = source();
    expect(await wheel.tail(4)).toEqual({ size: 26, bytes: Buffer.from('wxyz') });
    expect(textOf(await wheel.read(2, 3))).toBe('cde');
    expect(server.seen.map(({ headers }) => [headers.range, headers['if-match'], headers['accept-encoding']])).toEqual([
      ['bytes=-4', undefined, 'identity'],
      ['bytes=2-4', '"one"', 'identity'],
    ]);
  });
  it('as a stream', async () => {
    server.play([ranges()], true);
    const pieces: Uint8Array[] = [];
    for await (const piece of source().stream(1, 24)) pieces.push(piece);
    expect(textOf(Buffer.concat(pieces))).toBe(BODY.slice(1, 25));
  });
  it('an end longer than the whole is the whole', async () => {
    server.play([ranges()]);
    expect(await source().tail(1000)).toEqual({ size: 26, bytes: Buffer.from(BODY) });
  });
  it('an empty one has no range, and 0 bytes', async () => {
    server.play([status(416, { 'content-range': 'bytes */0' })]);
    expect(await source().tail(1000)).toEqual({ size: 0, bytes: new Uint8Array() });
  });
  it('of a server without ranges, when all of it is no more than was asked for', async () => {
    server.play([whole]);
    expect(await source().tail(100)).toEqual({ size: 26, bytes: Buffer.from(BODY) });
  });
  it('after a redirect on the same host', async () => {
    server.play([status(302, { location: '/elsewhere.whl' }), ranges()]);
    expect(textOf((await source().tail(2)).bytes)).toBe('yz');
    expect(server.seen.map(({ path, headers }) => [path, headers.range])).toEqual([
      ['/whl/torch.whl', 'bytes=-2'],
      ['/elsewhere.whl', 'bytes=-2'],
    ]);
  });
  it('with a weak tag, which is compared and not sent', async () => {
    server.play([ranges(BODY, { etag: 'W/"one"' })], true);
    const wheel = source();
    await wheel.tail(1);
    await wheel.read(0, 1);
    expect(server.seen[1]?.headers['if-match']).toBeUndefined();
  });
  it('again, when the server was busy, as late as it asks', async () => {
    server.play([status(503, { 'retry-after': '7' }), status(429), broken, ranges()]);
    expect(textOf((await source().tail(2)).bytes)).toBe('yz');
    expect(waits).toEqual([7000, 1000, 2000]);
  });
});

describe('what a server does wrong is told as what it is', () => {
  const first: readonly [string, readonly Scene[], string, string][] = [
    ['ignores ranges', [whole], 'no-ranges', 'is sent whole only'],
    ['sends more than it says', [said('bytes 22-25/26', BODY)], 'long', 'comes with 26 bytes'],
    [
      'sends more than was asked for',
      [said('bytes 16-25/26', BODY.slice(16))],
      'long',
      'sends more than was asked for',
    ],
    [
      'sends much more than was asked for',
      [said('bytes 16-25/26', BODY.repeat(9000))],
      'long',
      'sends more than was asked for',
    ],
    ['ignores ranges of something large', [status(200, {}, BODY.repeat(9000))], 'no-ranges', 'is sent whole only'],
    ['has nothing there, and says so at length', [status(404, {}, BODY.repeat(9000))], 'missing', 'is not there'],
    ['sends less than was asked for', [said('bytes 24-25/26', 'yz')], 'short', 'sends less'],
    ['sends less than it says', [said('bytes 22-25/26', 'yz')], 'short', 'comes with 2 bytes'],
    ['sends another part', [said('bytes 0-3/26', 'abcd')], 'unreachable', 'sends another part'],
    ['does not say which part it sends', [status(206, {}, 'wxyz')], 'no-ranges', 'without saying which part'],
    ['says nonsense of the part it sends', [said('bytes 25-22/*', 'wxyz')], 'no-ranges', 'without saying which part'],
    ['packs what it sends', [status(206, { 'content-encoding': 'br' })], 'no-ranges', 'is sent packed'],
    ['has nothing there', [status(404)], 'missing', 'is not there'],
    ['has nothing there any more', [status(410)], 'missing', 'is not there'],
    ['wants to know who asks', [status(401)], 'not-allowed', 'answers 401'],
    ['does not allow it', [status(403)], 'not-allowed', 'answers 403'],
    ['answers what nobody expects', [status(204)], 'unreachable', 'answers 204'],
    ['finds the range wrong', [status(416)], 'unreachable', 'answers 416'],
    [
      'is broken for longer than anybody waits',
      Array.from({ length: 4 }, () => status(502)),
      'unreachable',
      'answers 502',
    ],
    ['breaks off each time', Array.from({ length: 4 }, () => broken), 'short', 'broke off'],
    [
      'leads to another host',
      [status(302, { location: 'http://127.0.0.2:1/x' })],
      'unreachable',
      'redirects to another host',
    ],
    [
      'leads in circles',
      Array.from({ length: 6 }, () => status(301, { location: '/whl/torch.whl' })),
      'unreachable',
      'circles',
    ],
  ];
  it.each(first)('one that %s', async (_name, scenes, code, text) => {
    server.play(scenes);
    const wheel = source();
    const failure = await wheel.tail(4).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ByteSourceError', code });
    expect(String(failure)).toContain(text);
    expect(server.left()).toBe(0);
  });

  const later: readonly [string, Scene, string][] = [
    ['has changed the file', ranges(BODY, { etag: '"two"' }), 'changed'],
    ['has changed its size', ranges(`${BODY}!`), 'changed'],
    ['has lost its tag', ranges(BODY, {}), 'changed'],
    ['answers that it is another', status(412), 'changed'],
    ['has a shorter one', status(416, { 'content-range': 'bytes */3' }), 'changed'],
    ['sends the whole', whole, 'no-ranges'],
    ['sends another part', said('bytes 9-9/26', 'j'), 'changed'],
    ['has nothing there any more', status(404), 'missing'],
  ];
  it.each(later)('one that at the second request %s', async (_name, scene, code) => {
    server.play([ranges(), scene]);
    const wheel = source();
    await wheel.tail(4);
    await expect(wheel.read(2, 26 - 2)).rejects.toMatchObject({ code });
  });

  it('one that is not there at all', async () => {
    const gone = await scriptedServer();
    await gone.close();
    const wheel = httpSource(new URL('/x.whl', gone.url), { http, now: () => 0 });
    await expect(wheel.tail(4)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('one that never ends its answer', async () => {
    // Time that has passed as soon as somebody waits for it.
    const late: HttpTools = {
      ...http,
      timers: {
        ...http.timers,
        after: (_, act) => {
          queueMicrotask(act);
          return () => undefined;
        },
      },
    };
    server.play([() => undefined], true);
    const wheel = httpSource(new URL('/x.whl', server.url), { http: late, now: () => 0 });
    await expect(wheel.tail(4)).rejects.toMatchObject({ code: 'unreachable', message: /did not answer within/ });
  });
});

describe('secrets in an address', () => {
  it('are never shown: what follows the ? is cut', async () => {
    server.play([status(403)]);
    const wheel = source('/whl/torch.whl?X-Amz-Signature=s3cret');
    const failure = await wheel.tail(4).catch((error: unknown) => error);
    expect(`${wheel.name} ${String(failure)}`).not.toContain('s3cret');
    expect(server.seen[0]?.path).toContain('s3cret');
  });
  it('are refused before the @', () => {
    expect(() => httpSource(new URL('http://ana:s3cret@127.0.0.1/x.whl'))).toThrow(
      /^http:\/\/127\.0\.0\.1\/x\.whl was given/,
    );
  });
});
