import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubForge } from '../adapters/github/index.ts';
import { openDatabase, postgresJobs, type Database } from '../adapters/postgres/index.ts';
import type { Delivery } from '../domain/delivery.ts';
import { Instant } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';
import type { Forge, HookPlace } from '../ports/forge.ts';
import type { Jobs } from '../ports/jobs.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../sandbox/index.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { testDatabase, type TestDatabase } from '../testing/postgres.ts';
import { hookPlaces } from '../app/bot/hooks.ts';
import { webhookHealth } from '../app/bot/webhook-health.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { startIntake, type Intake } from './intake.ts';
import { oneFileSource } from '../testing/one-file-source.ts';

const SECRET = 'a secret of the forge and us';
const REPO = RepoSlug.parse('acme/core');
const NOON = Instant.parse('2025-06-16T12:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'intake-sandbox-'));
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let place: TestDatabase;
let database: Database;
let jobs: Jobs;
let sandbox: Sandbox;
let intake: Intake;
const handled: Delivery[] = [];
const PATIENT = { timeout: 20_000 } as const;

function forgeOf(login: string): Forge {
  const token = (): string | null => sandbox.tokens[login] ?? null;
  return githubForge({ apiUrl: sandbox.apiUrl, token, userAgent: 'signalbox-tests', now: () => NOON });
}

function forgeOfApp(
  change: { readonly id?: string; readonly key?: string; readonly installation?: number } = {},
): Forge {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { id = '77', key = pem, ...rest } = change;
  const app = { id, privateKey: key, ...rest };
  return githubForge({ apiUrl: sandbox.apiUrl, token: () => null, app, userAgent: 'signalbox-tests', now: () => NOON });
}

async function start(port: number, hook: HookPlace | null): Promise<void> {
  intake = await startIntake({
    jobs,
    clock: fixedClock(NOON),
    hook:
      hook === null
        ? null
        : { webhooks: (hook.kind === 'app' ? forgeOfApp() : forgeOf('alma')).webhooks, places: [hook] },
    secrets: [SECRET],
    port,
    handle: async (delivery) => {
      handled.push(delivery);
    },
  });
}

const bodies = (): readonly string[] =>
  // Acted on side by side, so in any order.
  handled.flatMap((each) => (each.event === 'comment-written' ? [each.body] : [])).toSorted();

beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase(place.place);
  jobs = postgresJobs(database);
  await start(0, null);
  const source = oneFileSource(folder);
  const dir = join(folder, 'world');
  const users = [
    { login: 'alma', name: 'Alma', roles: { '*': 'admin' as const } },
    { login: 'box[bot]', name: 'Box', type: 'Bot' as const, roles: { '*': 'maintain' as const } },
    { login: 'rita', name: 'Rita', roles: {} },
  ];
  await makeWorldFrom({ dir, sources: [{ source, owner: 'acme', name: 'core' }], users, now: NOON });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const hook = { url: intake.url, secret: SECRET, events: ['issue_comment', 'issues'] };
  sandbox = await startSandbox({
    dir,
    now: () => NOON,
    app: { id: 77, slug: 'box', publicKey: pem, installation: 5, login: 'box[bot]', hook },
  });
});
afterAll(async () => {
  await sandbox.stop();
  await intake.stop();
  await jobs.close();
  await database.close();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('hears a command from the forge itself, and recovers those that were sent while it was down', async () => {
  const { number } = await forgeOf('alma').issues.create(REPO, {
    title: 'Fix',
    body: '',
    labels: [],
    milestone: null,
    assignees: [],
  });
  await forgeOf('rita').comments.write(REPO, number, 'first');
  await expect.poll(bodies, PATIENT).toEqual(['first']);
  const port = Number(new URL(intake.url).port);
  await intake.stop();
  await forgeOf('rita').comments.write(REPO, number, 'second');
  await forgeOf('rita').comments.write(REPO, number, 'third');
  await sandbox.webhooksDelivered();
  const app = memoryApp({ forge: forgeOfApp(), jobs: () => Promise.resolve(jobs) });
  app.clock.set(NOON);
  // By the app's own word: no repository's webhook has to be readable, and a token finds none of the app.
  expect(await hookPlaces(app)).toMatchObject({ places: [{ kind: 'app' }], unreadable: [] });
  expect(await forgeOf('alma').webhooks.ofApp()).toBeNull();
  const health = async () => (await webhookHealth(app))?.hooks;
  const lostOnes = [{ event: 'issue_comment' }, { event: 'issue_comment' }];
  expect(await health()).toMatchObject([
    { place: 'the app', record: { known: true, value: { sent: 4, replayed: 0, recovered: 0, lost: lostOnes } } },
  ]);
  await start(port, { kind: 'app' });
  await expect.poll(bodies, PATIENT).toEqual(['first', 'second', 'third']);
  // A redelivery by hand and another look bring nothing again.
  const { webhooks } = forgeOfApp();
  const attempts = await webhooks.attempts({ kind: 'app' }, Instant.parse('2025-06-16T00:00:00Z'));
  for (const { id } of attempts) await webhooks.redeliver({ kind: 'app' }, id);
  await sandbox.webhooksDelivered();
  await intake.reconcile(Instant.parse('2025-06-16T00:00:00Z'));
  await expect.poll(async () => (await intake.inbox.counts()).waiting, PATIENT).toBe(0);
  expect(bodies()).toEqual(['first', 'second', 'third']);
  expect(attempts.filter(({ arrived }) => !arrived)).toHaveLength(2);
  expect(await health()).toMatchObject([{ record: { value: { sent: 4, replayed: 4, lost: [] } } }]);
});

it('acts as an app: by its name, with a token that is asked for once, and never as the app where an account is needed', async () => {
  const forge = forgeOfApp();
  sandbox.requests.clear();
  expect(await forge.people.whoami()).toBe('box[bot]');
  const made = await forge.issues.create(REPO, {
    title: 'By the app',
    body: '',
    labels: [],
    milestone: null,
    assignees: [],
  });
  expect(made.author).toBe('box[bot]');
  expect(await forge.issues.get(REPO, made.number)).toEqual(made);
  const tokens = sandbox.requests.all().filter(({ path }) => path.endsWith('/access_tokens'));
  expect(tokens).toHaveLength(1);
});

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

it.each([
  ['a key that is not the app’s', { key: otherKey }, 'not-signed-in'],
  ['a key that is none', { key: 'not a key' }, 'not-signed-in'],
  ['an app that is another', { id: '78' }, 'not-signed-in'],
  ['an installation that is not there', { installation: 6 }, 'not-found'],
])('is refused with %s, without showing the key', async (_name, change, code) => {
  const failure: unknown = await forgeOfApp(change)
    .issues.get(REPO, 1)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'ForgeError', code });
  expect(String(failure)).not.toContain('PRIVATE KEY');
  expect(String(failure)).not.toContain('not a key');
});
