import { beforeEach, expect, it } from 'vitest';
import type { App } from '../app/app.ts';
import { createToken } from '../app/sign-in/tokens.ts';
import { freezeTrain } from '../app/freeze.ts';
import { createRelease } from '../app/releases.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { WITHOUT_DEBIAN_PYTHON } from '../testing/debian-tools.ts';
import { smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { memorySignIn } from '../testing/memory-sign-in.ts';
import { serving } from '../testing/serving.ts';
import { childrenNamed, readXml } from '../testing/xml-oracle.ts';
import { openServer, type OpenServer } from './serve.ts';

const FEEDS = ['/feed.atom', '/feed.rss', '/r/2.8.0/feed.atom', '/r/2.8.0/feed.rss'];
const HOST = 'box.example';

let app = memoryApp();
let server: OpenServer;
let read = '';
let write = '';

function serverOf(served: App): Promise<OpenServer> {
  return openServer(serving(served, { safe: { local: false, outside: `https://${HOST}` } }));
}

/** A server that others reach, where nobody reads but who has a role. */
beforeEach(async () => {
  app = memoryApp({
    signIn: memorySignIn(),
    loaded: { train: { ...smallTrain, readers: 'with-role' }, digest: TRAIN_DIGEST },
  });
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  server = await serverOf(app);
  [read, write] = [await tokenOf('read'), await tokenOf('write')];
});

async function tokenOf(scope: 'read' | 'write', as = app): Promise<string> {
  const made = await createToken(as, { name: `for ${scope}`, scope, days: 30 });
  if (!made.ok) throw new Error(made.problems[0].text);
  return made.value.secret;
}

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  server.fetch(
    new Request(`http://${HOST}${path}`, {
      method,
      redirect: 'manual',
      headers: { host: HOST, 'x-forwarded-for': '203.0.113.9', ...headers },
    }),
  );

const basic = (password: string, name = 'reader'): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

it.each(FEEDS)('gives %s to who has a token, by password or as bearer', async (path) => {
  const given = await ask(path, basic(read));
  expect(given.status).toBe(200);
  expect(given.headers.get('content-type')).toBe(
    `application/${path.endsWith('atom') ? 'atom' : 'rss'}+xml; charset=utf-8`,
  );
  expect(given.headers.get('cache-control')).toBe('private, no-cache');
  const text = await given.text();
  expect(text).toContain('2.8.0 was opened');
  expect(text).toContain(`https://${HOST}${path}`);
  expect(text).toContain(`https://${HOST}/r/2.8.0`);
  expect(await (await ask(path, { authorization: `Bearer ${read}` })).text()).toBe(text);
  expect((await ask(path, basic(read), 'HEAD')).status).toBe(200);
});

it.each(FEEDS)('asks whoever is nobody for a password for %s, and sends no browser away to sign in', async (path) => {
  for (const headers of [
    {},
    { accept: 'text/html' },
    basic('wrong'),
    basic(''),
    basic(`${read}x`),
    basic('a\r\nx: y'),
    { authorization: 'Basic ####' },
    { authorization: `Basic ${Buffer.from(read).toString('base64')}x` },
  ]) {
    const refused = await ask(path, headers);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Signalbox feeds", charset="UTF-8"');
    expect(await refused.text()).not.toContain('2.8.0 was opened');
  }
});

it('takes no token that may write as a password, and none of somebody without a role', async () => {
  const refused = await ask('/feed.atom', basic(write));
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('scope read');
  const eve = await tokenOf('read', memoryAppAs('eve'));
  expect((await ask('/feed.atom', basic(eve))).status).toBe(403);
});

function memoryAppAs(login: string): typeof app {
  return { ...app, who: () => Promise.resolve(login) };
}

it('takes a password nowhere else: a browser sends it by itself, from pages of others too', async () => {
  for (const path of ['/', '/r/2.8.0', '/api/v1/log', '/calendar.ics', '/metrics', '/live?page=/'])
    expect((await ask(path, { ...basic(read), accept: 'application/json' })).status).toBe(401);
  expect((await ask('/freeze', basic(write), 'POST')).status).toBe(401);
  expect((await ask('/feed.atom', basic(read), 'POST')).status).not.toBe(200);
});

it.each(FEEDS)('does not send %s again while nothing happened, and does once something did', async (path) => {
  const first = await ask(path, basic(read));
  const known = first.headers.get('etag') ?? '';
  expect(known).not.toBe('');
  app.clock.move(3600);
  for (const asked of [known, `W/${known}`, `"other", ${known}`]) {
    const again = await ask(path, { ...basic(read), 'if-none-match': asked });
    expect([again.status, await again.text()]).toEqual([304, '']);
  }
  expect((await ask(path, { 'if-none-match': known })).status).toBe(401);
  await freezeTrain(app, ']]> <b>\u0000\ud800');
  const changed = await ask(path, { ...basic(read), 'if-none-match': known });
  expect(changed.status).toBe(200);
  expect(await changed.text()).toContain('The train is frozen');
});

it.skipIf(WITHOUT_DEBIAN_PYTHON)('is XML to a foreign parser, with the same items in both forms', async () => {
  await freezeTrain(app, ']]> <b>\u0000\ud800 &amp;');
  const texts = await Promise.all(FEEDS.map(async (path) => (await ask(path, basic(read))).text()));
  const [atom, rss, ofRelease] = readXml(texts);
  if (atom === undefined || rss === undefined || ofRelease === undefined) throw new Error('they were read');
  const titles = childrenNamed(atom, 'entry').map((entry) => childrenNamed(entry, 'title')[0]?.text);
  expect(titles).toEqual(['The train is frozen', '2.8.0 was opened']);
  const [channel = rss] = childrenNamed(rss, 'channel');
  expect(childrenNamed(channel, 'item').map((item) => childrenNamed(item, 'title')[0]?.text)).toEqual(titles);
  expect(childrenNamed(ofRelease, 'title')[0]?.text).toBe('Small 2.8.0');
});

it('says of a release that there is none, and of what is none', async () => {
  expect((await ask('/r/2.9.0/feed.atom', basic(read))).status).toBe(404);
  expect((await ask('/r/%3Cscript%3E/feed.atom', basic(read))).status).toBe(400);
  expect((await ask('/feed.xml', { authorization: `Bearer ${read}` })).status).toBe(404);
});

it('says that it cannot be read for now when the database is gone', async () => {
  const failure = Object.assign(new Error('no answer'), { code: 'unavailable' });
  const { ledger } = app;
  let fails = false;
  const shaky = { ...app, ledger: () => (fails ? Promise.reject(failure) : ledger()) };
  const other = await serverOf(shaky);
  fails = true;
  const answer = await other.fetch(
    new Request(`http://${HOST}/feed.atom`, { headers: { host: HOST, ...basic(read) } }),
  );
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
  await other.stop();
});

it('is found from the pages', async () => {
  const html = await (await ask('/r/2.8.0', { authorization: `Bearer ${read}`, accept: 'text/html' })).text();
  const found = [...html.matchAll(/<link rel="alternate" type="([^"]+)" href="([^"]+)" title="([^"]+)"/gu)];
  expect(found.map(([, type, href, title]) => [type, href, title])).toEqual([
    ['application/atom+xml', '/feed.atom', 'Small (Atom)'],
    ['application/rss+xml', '/feed.rss', 'Small (RSS)'],
    ['application/atom+xml', '/r/2.8.0/feed.atom', 'Small 2.8.0 (Atom)'],
    ['application/rss+xml', '/r/2.8.0/feed.rss', 'Small 2.8.0 (RSS)'],
  ]);
});
