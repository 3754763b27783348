import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createRelease } from '../app/releases.ts';
import { makeSignInLink } from '../app/sign-in/link.ts';
import { FORM_FIELD } from '../api/form.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { cookiesOf, ORIGIN, serving } from '../testing/serving.ts';
import { ACTIONS } from './actions/index.ts';
import { PAGES } from './pages/index.ts';
import { openServer, type OpenServer } from './serve.ts';

/**
 * Nobody who may look or act makes the server ask an address of theirs (docs/decisions/0215): a server on this machine, as a cloud's own would be, is named
 * wherever a page or an action takes anything, and is never asked.
 */
const MOST_STATUS = 500;

let bait: Server;
let asked: string[];
let address: string;
let server: OpenServer;
let cookie = '';

function listening(): Promise<number> {
  return new Promise((resolve) => {
    bait.listen(0, '127.0.0.1', () => {
      const found = bait.address();
      resolve(typeof found === 'object' && found !== null ? found.port : 0);
    });
  });
}

const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
  server.fetch(
    new Request(`${ORIGIN}${path}`, {
      ...init,
      headers: {
        host: '127.0.0.1:8787',
        'x-forwarded-for': '127.0.0.1',
        cookie,
        origin: ORIGIN,
        'sec-fetch-site': 'same-origin',
      },
    }),
  );

beforeEach(async () => {
  asked = [];
  bait = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('secret of the cloud');
  });
  bait.on('connection', () => asked.push('a connection'));
  address = `http://127.0.0.1:${await listening()}/latest/meta-data`;
  const app = memoryApp();
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  server = await openServer(serving(app));
  cookie = cookiesOf(await ask((await makeSignInLink(app)).path));
});
afterEach(async () => {
  await server.stop();
  bait.close();
  await once(bait, 'close');
});

/** A path with the address in the place of its parameters; once with the release as it is, so that more of the page is reached. */
function pathsOf(path: string): readonly string[] {
  const named = (keep: boolean): string =>
    path.replaceAll(/:(\w+)/gu, (_all, name: string) =>
      keep && name === 'release' ? '2.8.0' : encodeURIComponent(address.replaceAll('/', ':')),
    );
  return [named(true), named(false)];
}

function filled(names: readonly string[]): URLSearchParams {
  return new URLSearchParams(Object.fromEntries(names.map((name) => [name, address])));
}

it('asks no address that a page is given, in its path or its query', async () => {
  for (const page of PAGES) {
    const query = filled([...page.reads, 'at', 'for', 'url', 'said', 'release']);
    for (const path of pathsOf(page.path)) {
      for (const search of ['', `?${query.toString()}`]) {
        const answer = await ask(`${path}${search}`);
        expect(answer.status, `${path}${search}`).not.toBe(MOST_STATUS);
      }
    }
  }
  const found = await ask(`/find?q=${encodeURIComponent(address)}`);
  expect(found.headers.get('location')).toBeNull();
  expect(asked).toEqual([]);
});

const Schema = z.object({ properties: z.record(z.string(), z.unknown()).optional() });

it('asks no address that an action is given, in whichever field', async () => {
  const page = await (await ask('/')).text();
  const token = /data-csrf="([^"]+)"/u.exec(page)?.[1] ?? '';
  expect(token).not.toBe('');
  const statuses = new Map<number, number>();
  for (const action of ACTIONS) {
    const { properties = {} } = Schema.parse(z.toJSONSchema(action.schema, { unrepresentable: 'any', io: 'input' }));
    for (const path of pathsOf(action.path)) {
      const body = filled(Object.keys(properties));
      body.set(FORM_FIELD, token);
      const { status } = await ask(path, { method: 'POST', body });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  // Let in by the guard, and then answered by the actions themselves.
  expect(statuses.has(401) || statuses.has(MOST_STATUS)).toBe(false);
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(ACTIONS.length * 2);
  expect(asked).toEqual([]);
});

it('would notice: the bait is there, and counts', async () => {
  await (await fetch(address)).text();
  expect(asked).toEqual(['a connection', '/latest/meta-data']);
});
