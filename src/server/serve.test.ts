import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { makeSignInLink } from '../app/sign-in/link.ts';
import { createRelease } from '../app/releases.ts';
import { succeed } from '../domain/result.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { cookiesOf, ORIGIN, serving } from '../testing/serving.ts';
import { PAGES } from './pages/index.ts';
import { openServer, startServer, type OpenServer } from './serve.ts';

let app = memoryApp();
let server: OpenServer;
let cookie = '';

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(
    new Request(`${ORIGIN}${path}`, {
      headers: { host: '127.0.0.1:8787', 'x-forwarded-for': '127.0.0.1', cookie, ...headers },
    }),
  );

/** Posts the form as the page has it. */
async function post(path: string, fields: Record<string, string>): Promise<Response> {
  const page = await (await get('/')).text();
  const token = /data-csrf="([^"]+)"/u.exec(page)?.[1] ?? '';
  const headers = {
    host: '127.0.0.1:8787',
    cookie,
    origin: ORIGIN,
    'sec-fetch-site': 'same-origin',
    accept: 'text/html',
  };
  const body = new URLSearchParams({ ...fields, 'form-token': token });
  return server.fetch(new Request(`${ORIGIN}${path}`, { method: 'POST', headers, body }));
}

beforeEach(async () => {
  app = memoryApp();
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  server = await openServer(serving(app));
  cookie = '';
  cookie = cookiesOf(await get((await makeSignInLink(app)).path));
});
afterEach(async () => {
  await server.stop();
});

const Answer = z.object({ schema: z.string(), asOf: z.string().nullable(), stale: z.boolean(), data: z.unknown() });
const Told = z.union([Answer, z.object({ code: z.string(), text: z.string(), request: z.string() })]);
const simple = PAGES.filter(({ path }) => !/:(?!release\b)/u.test(path));

it.each(simple.map(({ name, path }) => ({ name, path: path.replace(':release', '2.8.0') })))(
  'answers $name as HTML, text and JSON, each with its type and none of it kept by others',
  async ({ name, path }) => {
    const stem = path === '/' ? '/index' : path;
    const [html, text, json, api] = await Promise.all([
      get(path, { accept: 'text/html' }),
      get(`${stem}.txt`),
      get(`${stem}.json`),
      get(`/api/v1${path}`),
    ]);
    // A page may say no in this small world (nothing is final yet), and then says it in every form.
    expect([text.status, json.status, api.status]).toEqual([html.status, html.status, html.status]);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text.headers.get('content-type')).toContain('text/plain');
    expect(html.headers.get('cache-control')).toMatch(/no-cache|no-store/u);
    expect(Told.parse(await json.json())).toMatchObject(html.status === 200 ? { schema: `signalbox.${name}/1` } : {});
    expect(await html.text()).toMatch(/^<!doctype html>/u);
  },
);

it('describes to programs what it answers, page by page and action by action', async () => {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))) })
    .parse(await (await get('/api/v1/openapi.json')).json());
  expect(Object.keys(paths).length).toBeGreaterThan(40);
  expect(paths['/api/v1/r/{release}/gates/{gate}']?.['get']?.operationId).toBe('gate');
});

it('describes what partners are sent, with the headers by which they check it', async () => {
  const Parameters = z.array(z.object({ name: z.string(), in: z.literal('header') }));
  const { webhooks } = z
    .object({ webhooks: z.record(z.string(), z.object({ post: z.object({ parameters: Parameters }) })) })
    .parse(await (await get('/api/v1/openapi.json')).json());
  expect(Object.keys(webhooks)).toEqual([
    'candidate.published',
    'candidate.final',
    'gate.changed',
    'release.published',
  ]);
  expect(webhooks['gate.changed']?.post.parameters.map(({ name }) => name)).toEqual([
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
  ]);
});

it('does what a form asks, says so on the page, and shows it at once', async () => {
  const frozen = await post('/freeze', { reason: 'the index is down' });
  expect(frozen.status).toBe(303);
  const to = frozen.headers.get('location') ?? '';
  const page = await (await get(to, { accept: 'text/html' })).text();
  expect(page).toContain('the index is down');
});

it('refuses a form without the token of its session, and does nothing', async () => {
  const headers = { host: '127.0.0.1:8787', cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const body = new URLSearchParams({ reason: 'x' });
  const answer = await server.fetch(new Request(`${ORIGIN}/freeze`, { method: 'POST', headers, body }));
  expect(answer.status).toBe(403);
  expect(await (await app.ledger()).read({ train: 'small', types: ['train-frozen'] })).toEqual([]);
});

it('shows what a page showed at a moment, and says when nobody had looked by then', async () => {
  await get('/log');
  const seen = app.clock.now();
  app.clock.move(3_600);
  await post('/freeze', { reason: 'later' });
  await get('/log');
  const past = await (await get(`/log?at=${encodeURIComponent(seen)}`, { accept: 'text/html' })).text();
  expect(past).not.toContain('later');
  expect((await get('/log?at=2001-01-01', { accept: 'text/html' })).status).toBe(503);
  expect((await get('/log?at=yesterday', { accept: 'text/html' })).status).toBe(400);
});

const to = async (typed: string): Promise<string | null> =>
  (await get(`/find?q=${encodeURIComponent(typed)}`)).headers.get('location');

it('goes to the page of what is typed into Find', async () => {
  expect(await to('2.8.0')).toBe('/r/2.8.0');
  expect(await to('v2.8.0-rc1')).toBe('/r/2.8.0');
  expect(await to('#158112')).toBe('/pr/core/158112');
  expect(await to('vision#12')).toBe('/pr/vision/12');
  expect(await to('https://github.com/acme/core/pull/7')).toBe('/pr/core/7');
  expect(await to('milestone-resolved')).toBe('/r/2.8.0/gates/milestone-resolved');
  expect(await to('//evil.example')).toBeNull();
  expect((await get('/find?q=f763e0d7c', { accept: 'text/html' })).status).toBe(404);
});

it('lives, can work, counts, and gives calendars their file', async () => {
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expect(await (await get('/metrics')).text()).toContain('signalbox_pages');
  expect(await (await get('/calendar.ics')).text()).toContain('BEGIN:VCALENDAR');
  expect((await get('/nowhere', { accept: 'text/html' })).status).toBe(404);
});

it('lets the person of this machine in by the link, over a real connection, and ends what is open when it stops', async () => {
  const real = await startServer(serving(app, { port: 0, behindProxy: false }));
  const link = await makeSignInLink(app);
  const entered = await fetch(`${real.url}${link.path}`, { redirect: 'manual' });
  expect(entered.status).toBe(303);
  const own = cookiesOf(entered);
  const live = await fetch(`${real.url}/live?page=${encodeURIComponent('/log')}`, { headers: { cookie: own } });
  expect(live.status).toBe(200);
  const stopped = real.stop();
  // The stream is brought to its end and not cut: its text comes whole.
  expect(await live.text()).toContain('event: page');
  await stopped;
});

it('shows at once what was overtaken, says so, and gives programs and whoever just did something what is', async () => {
  const readings: ((word: string) => void)[] = [];
  const page = madePage({
    read: async () => {
      const word = await new Promise<string>((tell) => void readings.push(tell));
      return succeed({ view: { words: [word] }, asOf: app.clock.now(), stale: false });
    },
  });
  const impatient = await openServer(serving(app, { pages: [page], patience: () => Promise.resolve() }));
  const ask = (path: string) =>
    impatient.fetch(
      new Request(`${ORIGIN}${path}`, {
        headers: { host: '127.0.0.1:8787', 'x-forwarded-for': '127.0.0.1', cookie, accept: 'text/html' },
      }),
    );
  const reading = (index: number) => expect.poll(() => readings.length).toBe(index + 1);
  try {
    const first = ask('/');
    await reading(0);
    readings[0]?.('before');
    expect(await (await first).text()).not.toContain('Something happened');
    await createRelease(app, ReleaseVersion.parse('2.9.0'));
    const shown = await (await ask('/')).text();
    expect(shown).toContain('before');
    expect(shown).toContain('Something happened since this was read at');
    expect(shown).toMatch(/id="fresh"[^]*?<span>Stale<\/span>/u);
    const waiting = [ask('/index.json'), ask('/index.txt'), ask('/?said=done')];
    await reading(1);
    readings[1]?.('after');
    for (const answer of waiting) {
      const text = await (await answer).text();
      expect(text).toContain('after');
      expect(text).not.toContain('Something happened');
    }
  } finally {
    await impatient.stop();
  }
});
