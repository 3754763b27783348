/** A small server of made-up pages with the real renderers, for browsers: what the real one does, without any data behind it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readAssets, type Assets } from '../../server/assets.ts';
import type { Doc, PageRoom, Tab } from '../../web/doc.ts';
import { renderLive, renderMain } from '../../web/html/main.tsx';
import { renderPage } from '../../web/html/page.tsx';
import { looksOf, type Shell } from '../../web/html/shell.ts';
import { asksDoc } from '../../web/pages/asks.ts';
import { handoverDoc } from '../../web/pages/handover.ts';
import { syncDoc } from '../../web/pages/sync.ts';
import { madeAsks, madeHandover, madeSync } from '../made-papers.ts';
import * as madeUp from './made-up.ts';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Turned = (turn: number) => Doc;

const PAGES: Readonly<Record<string, Turned>> = {
  '/': () => madeUp.train(),
  '/r/2.8.0': () => madeUp.release(),
  '/r/2.8.0/picks': () => madeUp.picks(),
  '/r/2.8.0/artifacts': () => madeUp.artifacts(),
  '/calendar': () => madeUp.calendar(),
  '/support': () => madeUp.support(),
  '/r/2.8.0/asks': () => asksDoc(madeAsks(), roomOf(new URL('http://demo/'))),
  '/r/2.8.0/sync': () => syncDoc(madeSync(), roomOf(new URL('http://demo/'))),
  '/r/2.8.0/handover': () => handoverDoc(madeHandover(), roomOf(new URL('http://demo/'))),
  '/kinds': madeUp.kinds,
  '/hostile': () => madeUp.hostile(),
  '/large': madeUp.large,
  '/gone': () => ({ ...madeUp.support(), blocks: [] }),
};

const TABS: readonly (readonly [Tab, string, string])[] = [
  ['train', 'Train', '/'],
  ['todo', 'To do', '/todo'],
  ['release', 'Release', '/r/2.8.0'],
  ['picks', 'Cherry-picks', '/r/2.8.0/picks'],
  ['artifacts', 'Artifacts', '/r/2.8.0/artifacts'],
  ['calendar', 'Calendar', '/calendar'],
  ['support', 'Support', '/support'],
  ['log', 'Log', '/hostile'],
  ['system', 'System', '/kinds'],
];

export interface DemoServer {
  readonly origin: string;
  /** Bodies of the forms that were posted. */
  readonly posted: { readonly path: string; readonly body: URLSearchParams }[];
  /** Queries with which streams were opened. */
  readonly opened: URLSearchParams[];
  /** Sends those rows that differ between two turns of a page, as a server would. Returns how many. */
  turn(path: string, from: number, to: number, said?: string): number;
  /** Sends the first of them alone. */
  turnOne(path: string, from: number, to: number): void;
  /** Sends the content whole. */
  turnWhole(path: string, to: number): void;
  beat(): void;
  /** Streams end and are refused, or taken again. */
  setStreams(on: boolean): void;
  close(): Promise<void>;
}

function roomOf(url: URL): PageRoom {
  return {
    now: madeUp.NOW,
    viewer: url.searchParams.has('nobody') ? null : { login: 'malfet', roles: ['release-manager'] },
    holders: {},
    query: Object.fromEntries(url.searchParams),
    past: url.searchParams.has('at') ? madeUp.NOW : null,
  };
}

function cookiesOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([name, value]) => [name ?? '', value ?? '']));
}

function shellOf(request: IncomingMessage, url: URL, assets: Assets): Shell {
  const stale = url.searchParams.has('stale');
  return {
    ...looksOf(cookiesOf(request)),
    room: roomOf(url),
    product: 'signalbox',
    releases: [
      { name: '2.8.0', href: '/r/2.8.0', about: 'candidates' },
      { name: '2.7.2', href: '/r/2.7.2', about: 'triage' },
      { name: '2.9.0', href: '/r/2.9.0', about: 'planned' },
    ],
    tabs: TABS.map(([tab, name, href]) => ({ tab, name, href, ...(tab === 'todo' ? { count: 2 } : {}) })),
    formToken: 'token-1',
    fresh: { asOf: madeUp.NOW, stale, stream: url.searchParams.has('at') ? null : '/stream', version: '1' },
    said: url.searchParams.get('said'),
    find: '/find',
    signIn: '/sign-in',
    signOut: '/sign-out',
    assets: assets.addresses,
    feeds: [],
    forms: [
      { name: 'JSON', href: '/x.json' },
      { name: 'Text', href: '/x.txt' },
    ],
  };
}

class Demo {
  readonly posted: { readonly path: string; readonly body: URLSearchParams }[] = [];
  readonly opened: URLSearchParams[] = [];
  readonly #assets: Assets;
  readonly #streams = new Set<ServerResponse>();
  #streaming = true;
  #version = 1;

  constructor(assets: Assets) {
    this.#assets = assets;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') return this.#post(request, response, url);
    if (url.pathname === '/stream') return this.#stream(response, url);
    if (url.pathname.startsWith('/assets/')) {
      const asset = await this.#assets.routes.request(url.pathname, { headers: { 'accept-encoding': 'gzip' } });
      response.writeHead(asset.status, Object.fromEntries(asset.headers));
      response.end(Buffer.from(await asset.arrayBuffer()));
      return;
    }
    const page = PAGES[url.pathname];
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CSP,
    });
    const doc = page?.(Number(url.searchParams.get('turn') ?? '0')) ?? {
      ...madeUp.support(),
      heading: 'Not there',
      blocks: [],
    };
    response.end(renderPage(doc, shellOf(request, url, this.#assets)));
  }

  async #post(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) if (Buffer.isBuffer(piece)) pieces.push(piece);
    this.posted.push({ path: url.pathname, body: new URLSearchParams(Buffer.concat(pieces).toString('utf8')) });
    response.writeHead(303, { location: '/?said=Done.' });
    response.end();
  }

  #stream(response: ServerResponse, url: URL): void {
    if (!this.#streaming) {
      response.writeHead(503);
      response.end();
      return;
    }
    this.opened.push(url.searchParams);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    response.write('event: beat\ndata: {}\n\n');
  }

  send(event: string, data: Readonly<Record<string, unknown>>): void {
    this.#version += 1;
    const version = String(this.#version);
    for (const stream of this.#streams)
      stream.write(`id: ${version}\nevent: ${event}\ndata: ${JSON.stringify({ version, ...data })}\n\n`);
  }

  setStreams(on: boolean): void {
    this.#streaming = on;
    if (on) return;
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }
}

function docOf(path: string, turn: number): readonly [Doc, PageRoom] {
  const page = PAGES[path];
  if (page === undefined) throw new Error(`no page ${path}`);
  return [page(turn), roomOf(new URL(path, 'http://localhost'))];
}

function controls(demo: Demo): Pick<DemoServer, 'turn' | 'turnOne' | 'turnWhole' | 'beat' | 'setStreams'> {
  return {
    turn(path, from, to, said) {
      const before = new Map(renderLive(...docOf(path, from)).rows.map((row) => [row.id, row.fact]));
      const rows = renderLive(...docOf(path, to)).rows.filter((row) => before.get(row.id) !== row.fact);
      demo.send('rows', {
        rows: rows.map(({ id, html }) => ({ id, html })),
        title: `Turn ${to}`,
        ...(said === undefined ? {} : { said }),
      });
      return rows.length;
    },
    turnOne(path, from, to) {
      const before = new Map(renderLive(...docOf(path, from)).rows.map((row) => [row.id, row.fact]));
      const row = renderLive(...docOf(path, to)).rows.find(({ id, fact }) => before.get(id) !== fact);
      if (row === undefined) throw new Error(`no row of ${path} differs`);
      demo.send('rows', { rows: [{ id: row.id, html: row.html }], title: `Turn ${to}` });
    },
    turnWhole: (path, to) => demo.send('page', { main: renderMain(...docOf(path, to)), title: `Whole ${to}` }),
    beat: () => demo.send('beat', {}),
    setStreams: (on) => demo.setStreams(on),
  };
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

export async function startDemo(): Promise<DemoServer> {
  const demo = new Demo(await readAssets());
  const server = createServer((request, response) => void demo.answer(request, response));
  const origin = await listening(server);
  return {
    origin,
    posted: demo.posted,
    opened: demo.opened,
    ...controls(demo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
