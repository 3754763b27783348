import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubForge, githubSignIn } from '../../adapters/github/index.ts';
import { openDatabase, postgresLedger, postgresSessions, type Database } from '../../adapters/postgres/index.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { NOW, smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { madeUpSite } from '../../testing/made-up-site.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { loopbackOutside } from './outside.ts';
import { oneFileSource } from '../../testing/one-file-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'sign-in-whole-'));
const client = { id: 'Iv1.signalbox', secret: 'the client secret' };
let sandbox: Sandbox;
let place: TestDatabase;
let database: Database;
let server: ServerType;
let origin = '';

beforeAll(async () => {
  const source = oneFileSource(folder);
  const dir = join(folder, 'world');
  const users = ['alma', 'rita', 'omar'].map((login) => ({ login, name: login, roles: { '*': 'read' as const } }));
  const sources = [{ source, owner: 'acme', name: 'core' }];
  await makeWorldFrom({ dir, sources, users, teams: { 'acme/release': ['rita'] }, now: NOW });
  const redirects = ['http://127.0.0.1/sign-in/forge/callback'];
  sandbox = await startSandbox({ dir, now: () => NOW, oauth: { ...client, redirects } });
  place = await testDatabase();
  database = await openDatabase(place.place);
  const roles = { ...smallTrain.roles, 'release-manager': ['@acme/release'] };
  const app = memoryApp({
    loaded: { train: { ...smallTrain, roles, readers: 'signed-in' }, digest: TRAIN_DIGEST },
    forge: githubForge({
      apiUrl: sandbox.apiUrl,
      token: () => sandbox.tokens['alma'] ?? null,
      userAgent: 'signalbox-tests',
      now: () => NOW,
    }),
    signIn: githubSignIn({
      web: sandbox.url,
      apiUrl: sandbox.apiUrl,
      id: client.id,
      secret: () => client.secret,
      userAgent: 'signalbox-tests',
    }),
    sessions: async () => postgresSessions(database, smallTrain.train),
    ledger: async () => postgresLedger(database),
  });
  const listening = Promise.withResolvers<number>();
  let fetchSite = madeUpSite(app, { link: false }).fetch;
  server = serve({ fetch: (request) => fetchSite(request), hostname: '127.0.0.1', port: 0 }, ({ port }) =>
    listening.resolve(port),
  );
  const port = await listening.promise;
  origin = `http://127.0.0.1:${port}`;
  fetchSite = madeUpSite(app, { link: false, outside: loopbackOutside(port) }).fetch;
});

afterAll(async () => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  await new Promise((done) => {
    server.close(done);
  });
  await sandbox.stop();
  await database.close();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs in as a browser does: to the forge, a button there, and back. Gives the cookie of the session. */
async function signIn(login: string): Promise<string> {
  const begun = await fetch(`${origin}/sign-in/forge?back=/r/2.8.0`, { redirect: 'manual' });
  const attempt = (begun.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const page = new URL(begun.headers.get('location') ?? '');
  const body = new URLSearchParams({ ...Object.fromEntries(page.searchParams), login });
  const agreed = await fetch(`${page.origin}${page.pathname}`, { method: 'POST', body, redirect: 'manual' });
  const ended = await fetch(agreed.headers.get('location') ?? '', {
    headers: { cookie: attempt },
    redirect: 'manual',
  });
  expect([ended.status, ended.headers.get('location')]).toEqual([303, '/r/2.8.0']);
  return (
    ended.headers
      .getSetCookie()
      .find((line) => line.startsWith('signalbox-session-'))
      ?.split(';')[0] ?? ''
  );
}

it('signs in at the forge and gives the roles of its teams, over real HTTP and a real database', async () => {
  const rita = await signIn('rita');
  expect(await (await fetch(`${origin}/r/2.8.0`, { headers: { cookie: rita } })).text()).toBe('release');
  await signIn('omar');
  const signedIn = await postgresLedger(database).read({ train: smallTrain.train, types: ['signed-in'] });
  expect(signedIn.map(({ actor, event }) => [actor, 'roles' in event ? event.roles : null])).toEqual([
    ['rita', ['release-manager']],
    ['omar', []],
  ]);
});

it('keeps nothing in the database that signs anybody in', async () => {
  const cookie = (await signIn('rita')).split('=')[1] ?? '';
  const [secret = '', formKey = ''] = cookie.split('.');
  const rows = JSON.stringify(await place.asOwner('SELECT * FROM signalbox.sessions'));
  expect([secret.length, formKey.length, rows.includes('"rita"')]).toEqual([43, 43, true]);
  expect([rows.includes(secret), rows.includes(formKey)]).toEqual([false, false]);
  const hash = /"secret":"([0-9a-f]{64})"/.exec(rows)?.[1] ?? '';
  const stolen = { cookie: `signalbox-session-${new URL(origin).port}=${hash}.${hash}` };
  expect((await fetch(`${origin}/r/2.8.0`, { headers: stolen })).status).toBe(401);
});
