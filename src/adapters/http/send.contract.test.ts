import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpFailure } from './exchange.ts';
import { send, type SendRequest } from './send.ts';
import type { Timers } from './timers.ts';

const LIMITS = { idle: 1000, bytes: 1000 };

let server: Server | null = null;
let begun: (() => void)[] = [];

/** Time is over when the test says so. */
const timers: Timers = {
  sleep: () => Promise.reject(new Error('nobody was to wait')),
  after: (_millis, act) => {
    begun.push(act);
    return () => {
      begun = begun.filter((each) => each !== act);
    };
  },
  random: () => 0,
};

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  begun = [];
});

async function listening(made: Server): Promise<URL> {
  server = made;
  await new Promise<void>((resolve) => {
    made.listen(0, '127.0.0.1', resolve);
  });
  const address = made.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/legacy/`);
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('abc');
  throw new Error('the store is gone');
}

const request = (url: URL, change: Partial<SendRequest> = {}): SendRequest => ({
  method: 'POST',
  url,
  headers: { 'x-test': 'yes' },
  length: 6,
  body: pieces('abc', 'def'),
  ...change,
});

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof HttpFailure) return error.code;
  return error instanceof Error ? error.message : 'no failure';
}

describe('sending', () => {
  it('sends what comes, with its length said before, and gives the answer', async () => {
    const seen: unknown[] = [];
    const url = await listening(
      createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const { headers } = incoming;
          seen.push(
            headers['content-length'],
            headers['transfer-encoding'],
            headers['x-test'],
            Buffer.concat(chunks).toString(),
          );
          response.writeHead(400, 'Because I say so', { 'retry-after': '3' }).end('no');
        });
      }),
    );
    const answer = await send(request(url), timers, LIMITS);
    expect(seen).toEqual(['6', undefined, 'yes', 'abcdef']);
    expect(answer).toMatchObject({ status: 400, reason: 'Because I say so', headers: { 'retry-after': '3' } });
    expect(Buffer.from(answer.body).toString()).toBe('no');
    expect(begun).toEqual([]);
  });

  it('stops sending when the answer comes before', async () => {
    const url = await listening(
      createServer((_incoming, response) => {
        response.writeHead(413, { connection: 'close' }).end('too large');
      }),
    );
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1;
        yield Buffer.alloc(65_536);
        await new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
      }
    }
    const answer = await send(request(url, { length: 2 ** 40, body: endless() }), timers, LIMITS);
    expect(answer.status).toBe(413);
    expect(asked).toBeLessThan(100_000);
  });

  it('passes on what the body throws, and the other side never has the whole', async () => {
    const ends: string[] = [];
    const url = await listening(
      createServer((incoming) => {
        incoming.on('end', () => ends.push('whole'));
        incoming.on('error', () => ends.push('broken'));
        incoming.resume();
      }),
    );
    expect(await failureOf(send(request(url, { body: failing() }), timers, LIMITS))).toBe('the store is gone');
    expect(await failureOf(send(request(url, { body: pieces('abc') }), timers, LIMITS))).toBe('3 bytes came, not 6');
    expect(await failureOf(send(request(url, { body: pieces('abcdefg') }), timers, LIMITS))).toBe(
      'more than 6 bytes came',
    );
    expect(ends).not.toContain('whole');
  });

  it.each([
    ['breaks off before it answers', 'broken-off'],
    ['breaks off in its answer', 'broken-off'],
    ['answers without end', 'too-large'],
  ])('fails when the other side %s', async (what, code) => {
    const url = await listening(
      createServer((incoming, response) => {
        incoming.resume();
        incoming.on('end', () => {
          if (what === 'breaks off before it answers') incoming.socket.destroy();
          else if (what === 'answers without end') response.end('x'.repeat(2000));
          else {
            response.writeHead(200, { 'content-length': '10' }).write('half', () => incoming.socket.destroy());
          }
        });
      }),
    );
    expect(await failureOf(send(request(url), timers, LIMITS))).toBe(code);
  });

  it('fails when nothing happens any more', async () => {
    const url = await listening(
      createServer((incoming) => {
        incoming.resume();
        incoming.on('end', () => {
          for (const act of begun) act();
        });
      }),
    );
    expect(await failureOf(send(request(url), timers, LIMITS))).toBe('timeout');
  });

  it('fails when nobody is there', async () => {
    const url = await listening(createServer());
    server?.close();
    expect(await failureOf(send(request(url), timers, LIMITS))).toBe('broken-off');
  });
});
