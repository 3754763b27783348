import { connect } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, expect, it } from 'vitest';
import { addressReader, bodies, plainPaths, serverLimits, type RequestLimits } from './limits.ts';

let server: ServerType | null = null;
afterEach(async () => {
  const running = server;
  if (running === null) return;
  if ('closeAllConnections' in running) running.closeAllConnections();
  await new Promise((done) => {
    running.close(done);
  });
});

async function listen(limits: Partial<RequestLimits> = {}, behindProxy = false): Promise<number> {
  const app = new Hono();
  const addressOf = addressReader(behindProxy);
  app.onError((_error, context) => context.body(null, 500));
  app.use(plainPaths(), bodies(1000));
  app.post('/echo', async (context) => context.text(await context.req.text()));
  app.get('/address', (context) => context.text(addressOf(context)));
  return new Promise((resolve) => {
    server = serve(
      { fetch: app.fetch, hostname: '127.0.0.1', port: 0, serverOptions: serverLimits(limits) },
      ({ port }) => resolve(port),
    );
  });
}

/** Sends bytes as they are, and gives all that comes back until the other side hangs up. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

const HEAD = 'POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

it('cuts off a body that does not come', async () => {
  const port = await listen({ request: 60, head: 50, look: 10 });
  expect(await raw(port, `${HEAD}Content-Length: 500\r\n\r\nslow`)).toMatch(/^HTTP\/1\.1 408 /);
});

it('cuts off a head that does not end', async () => {
  const port = await listen({ request: 60, head: 50, look: 10 });
  expect(await raw(port, 'GET /address HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
});

it('refuses a head that is too large', async () => {
  const port = await listen();
  expect(await raw(port, `GET /address HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
});

it('refuses a body that is too large, and one whose length is told twice', async () => {
  const port = await listen();
  expect(await raw(port, `${HEAD}Content-Length: 2000\r\n\r\n${'x'.repeat(2000)}`)).toMatch(/^HTTP\/1\.1 413 /);
  const chunk = `5dc\r\n${'x'.repeat(1500)}\r\n0\r\n\r\n`;
  expect(await raw(port, `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413 /);
  const smuggled = `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /address HTTP/1.1\r\n\r\n`;
  expect(await raw(port, smuggled)).toMatch(/^HTTP\/1\.1 400 /);
});

it('takes a body that is not', async () => {
  const port = await listen();
  expect(await raw(port, `${HEAD}Content-Length: 4\r\n\r\nbody`)).toMatch(/^HTTP\/1\.1 200 [\s\S]*body/);
});

it('refuses paths that are none of ours as they come, before anything makes others of them', async () => {
  const port = await listen();
  const ask = (path: string) => raw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  for (const path of ['//address', '/x//address', '/x%2f..%2faddress', '/%00', '/x%5caddress', '/%252e'])
    expect([path, (await ask(path)).slice(0, 12)]).toEqual([path, 'HTTP/1.1 400']);
  expect(await ask('/address')).toMatch(/^HTTP\/1\.1 200 /);
});

it('believes what is said of an address only behind a proxy, and there only the last word', async () => {
  const forwarded =
    'GET /address HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 10.0.0.1, 192.0.2.9\r\n\r\n';
  expect(await raw(await listen(), forwarded)).toMatch(/127\.0\.0\.1$/);
  const running = server;
  await new Promise((done) => {
    running?.close(done);
  });
  expect(await raw(await listen({}, true), forwarded)).toMatch(/\n192\.0\.2\.9$/);
});
