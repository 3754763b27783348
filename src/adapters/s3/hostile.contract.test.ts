import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, keyOf, keysIn } from '../../testing/artifact-store-contract.ts';
import { scriptedServer, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import { s3Store, type S3Store } from './store.ts';

let server: ScriptedServer;
let store: S3Store;
beforeAll(async () => {
  server = await scriptedServer();
  store = s3Store({
    bucket: 'bucket',
    prefix: 'whl',
    endpoint: server.url,
    region: 'us-east-1',
    pathStyle: true,
    credentials: null,
    timers: { sleep: async () => undefined, after: () => () => undefined, random: () => 0 },
  });
});
afterAll(async () => {
  store.close();
  await server.close();
});

interface Part {
  readonly status?: number;
  readonly range?: string | null;
  readonly etag?: string | null;
  readonly body?: string;
  /** What the head promises, where that is not the body's. */
  readonly length?: number;
}

/** Answers with a part of an object of ten bytes, as wrong as asked. */
function part({
  status = 206,
  range = 'bytes 2-4/10',
  etag = '"one"',
  body = '234',
  length = body.length,
}: Part): Scene {
  return (response) => {
    response.writeHead(status, {
      'content-length': length,
      'last-modified': 'Mon, 16 Jun 2025 12:00:00 GMT',
      ...(range === null ? {} : { 'content-range': range }),
      ...(etag === null ? {} : { etag }),
    });
    response.write(body);
    if (length === body.length) response.end();
    else response.destroy();
  };
}

describe('a server that answers wrongly', () => {
  it.each([
    ['ignores ranges', part({ status: 200, range: null, body: '0123456789' }), 'no-ranges'],
    ['does not say which bytes it sends', part({ range: null }), 'no-ranges'],
    ['sends other bytes than were asked for', part({ range: 'bytes 3-5/10' }), 'no-ranges'],
    ['sends more than it says', part({ range: 'bytes 2-4/10', body: '2345678' }), 'long'],
    ['says that it is shorter', part({ range: 'bytes 2-3/4', body: '23' }), 'short'],
    ['names no state', part({ etag: null }), 'unreachable'],
    ['says nonsense of the range', part({ range: 'bytes -1-99999999999999999999/*' }), 'no-ranges'],
    ['breaks off each time', part({ length: 1000 }), 'unreachable'],
  ])('and %s', async (_name, scene, code) => {
    server.play([scene], true);
    expect(await failureOf(store.source(keyOf('file')).read(2, 3))).toBe(code);
  });

  it('and sends another state at the second look, though it was asked for the first', async () => {
    server.play([part({}), part({ range: 'bytes 5-7/10', etag: '"two"', body: '567' })]);
    const source = store.source(keyOf('file'));
    await source.read(2, 3);
    expect(await failureOf(source.read(5, 3))).toBe('changed');
    expect(server.seen[1]?.headers['if-match']).toBe('"one"');
  });

  it('and claims a size of 300 GB: nothing of it is held', async () => {
    server.play([part({ range: 'bytes 299999999990-299999999999/300000000000', body: '0123456789' })]);
    const tail = await store.source(keyOf('file')).tail(10);
    expect({ size: tail.size, held: tail.bytes.length }).toEqual({ size: 300_000_000_000, held: 10 });
  });
});

const listed =
  (names: readonly string[], rest = ''): Scene =>
  (response) => {
    const contents = names.map((name) => `<Contents><Key>${name}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`);
    const body = `<?xml version="1.0"?><ListBucketResult>${contents.join('')}${rest}</ListBucketResult>`;
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body);
  };

describe('a server that lists wrongly', () => {
  it.each([
    ['out of order', [listed(['whl/b', 'whl/a'])], 'unexpected-answer'],
    ['the same twice', [listed(['whl/a', 'whl/a'])], 'unexpected-answer'],
    ['what does not lie in the place', [listed(['other/a'])], 'unexpected-answer'],
    ['without end', [listed(['whl/a'], '<IsTruncated>true</IsTruncated>')], 'unexpected-answer'],
    ['a name that cannot be read', [listed(['whl/%E0%A4%A'])], 'unexpected-answer'],
    [
      'a page that goes back',
      [
        listed(['whl/b'], '<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>'),
        listed(['whl/a']),
      ],
      'unexpected-answer',
    ],
    ['what is no list', [(response) => void response.writeHead(200).end('<html>')], 'unexpected-answer'],
  ] satisfies readonly (readonly [string, readonly Scene[], string])[])('%s', async (_name, scenes, code) => {
    server.play(scenes);
    expect(await failureOf(keysIn(store, ''))).toBe(code);
  });

  it('names that are none: they are told and nothing can be asked of them', async () => {
    server.play([listed(['whl/', 'whl/a%2F..%2Fb', 'whl/a%0Ab', 'whl/good+name'])]);
    const pages = [];
    for await (const page of store.list('')) pages.push(page);
    expect(pages.map(({ objects, strange }) => [objects.map(({ key }) => key), strange])).toEqual([
      [['good name'], ['', 'a/../b', 'a\nb']],
    ]);
  });
});
