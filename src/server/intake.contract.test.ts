import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDatabase, postgresJobs, type Database } from '../adapters/postgres/index.ts';
import type { Delivery } from '../domain/delivery.ts';
import { Instant } from '../domain/instant.ts';
import type { Jobs } from '../ports/jobs.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { testDatabase, type TestDatabase } from '../testing/postgres.ts';
import { WEBHOOK_PATH } from '../app/bot/hooks.ts';
import { HEEDED_EVENTS } from '../app/delivery-payload.ts';
import { startIntake, type Intake } from './intake.ts';
import { signatureOf } from './signature.ts';

const NOON = Instant.parse('2026-06-08T12:00:00Z');
const SECRET = 'a secret of the forge and us';
let place: TestDatabase;
let database: Database;
let jobs: Jobs;
let intake: Intake;
let handled: Delivery[] = [];
let logged: string[] = [];
let next = 0;

beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase(place.place);
  jobs = postgresJobs(database, { retries: 1, retryDelay: 1 });
  intake = await startIntake({
    jobs,
    clock: fixedClock(NOON),
    hook: null,
    secrets: [SECRET, 'the secret before that one'],
    port: 0,
    maxBytes: 200_000,
    handle: async (delivery) => {
      handled.push(delivery);
      if (delivery.event === 'pushed' && delivery.ref === 'refs/heads/broken') throw new Error('no such line');
    },
    log: (event) => logged.push(event),
  });
});
beforeEach(() => {
  handled = [];
  logged = [];
});
afterAll(async () => {
  await intake.stop();
  await jobs.close();
  await database.close();
  await place.drop();
});

const repository = { full_name: 'acme/core' };
const comment = (id: number, body = '@signalbox status') => ({
  action: 'created',
  issue: { number: 7, pull_request: {} },
  comment: { id, body, user: { login: 'alice' } },
  repository,
  sender: { login: 'alice' },
});

interface Sent {
  readonly event?: string;
  readonly id?: string;
  readonly body?: unknown;
  readonly raw?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
}

async function send(sent: Sent): Promise<{ readonly status: number; readonly body: unknown }> {
  next += 1;
  const raw = Buffer.from(sent.raw ?? JSON.stringify(sent.body ?? comment(next)));
  const response = await fetch(intake.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': sent.event ?? 'issue_comment',
      'x-github-delivery': sent.id ?? `00000000-0000-0000-0000-${String(next).padStart(12, '0')}`,
      'x-hub-signature-256': signatureOf(sent.secret ?? SECRET, raw),
      ...sent.headers,
    },
    body: raw,
  });
  return { status: response.status, body: await response.json() };
}

const isHandled = (count: number) => expect.poll(() => handled.length, { timeout: 10_000 }).toBe(count);

describe('a delivery', () => {
  it('is taken, answered with 202 and acted on', async () => {
    const id = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
    expect(await send({ id, body: comment(1001, '@signalbox cherry-pick --onto release/2.8 -c docs') })).toEqual({
      status: 202,
      body: { taken: true },
    });
    await isHandled(1);
    expect(handled).toEqual([
      {
        id,
        repo: 'acme/core',
        by: 'alice',
        at: '2026-06-08T12:00:00Z',
        event: 'comment-written',
        item: 7,
        isPullRequest: true,
        comment: 1001,
        body: '@signalbox cherry-pick --onto release/2.8 -c docs',
      },
    ]);
  });

  it('that comes again, or tells of the same comment under another name, is acted on once', async () => {
    const id = '82d3162e-cc78-11e3-81ab-4c9367dc0958';
    const answers = await Promise.all(Array.from({ length: 20 }, () => send({ id, body: comment(1002) })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await isHandled(1);
    await send({ body: comment(1002) });
    await send({ body: comment(1003) });
    await isHandled(2);
    expect(handled).toMatchObject([{ id, comment: 1002 }, { comment: 1003 }]);
    expect(await intake.inbox.counts()).toMatchObject({ waiting: 0, running: 0 });
  });

  it('that is an edit of a comment is no command', async () => {
    const answer = await send({ body: { ...comment(1004), action: 'edited' } });
    expect(answer).toEqual({ status: 202, body: { taken: false, why: 'only written comments count' } });
  });

  it('signed with the secret before, while the forge is being told of the new one, is taken', async () => {
    expect((await send({ secret: 'the secret before that one' })).status).toBe(202);
  });

  it('whose handling fails is tried again, and in the end stands among the dead', async () => {
    const push = { ref: 'refs/heads/broken', before: '0'.repeat(40), after: 'a'.repeat(40), repository, sender: null };
    await send({ event: 'push', body: push });
    await expect.poll(async () => (await intake.inbox.counts()).dead, { timeout: 15_000 }).toBe(1);
    const [corpse] = await intake.inbox.dead();
    expect(corpse).toMatchObject({ error: 'no such line', data: { event: 'pushed', from: null, by: 'ghost' } });
    expect(handled.filter(({ event }) => event === 'pushed')).toHaveLength(2);
  });
});

it('is taken with a query behind the path, which says nothing', async () => {
  const raw = JSON.stringify(comment(1010));
  const response = await fetch(`${intake.url}?from=here`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': '92d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': signatureOf(SECRET, Buffer.from(raw)),
    },
    body: raw,
  });
  expect([response.status, await response.json()]).toEqual([202, { taken: true }]);
  await isHandled(1);
});

describe('what is not the forge’s word', () => {
  const body = JSON.stringify(comment(2000));
  it.each<readonly [string, Sent, number]>([
    ['without a signature', { raw: body, headers: { 'x-hub-signature-256': '' } }, 401],
    [
      'with a signature of another body',
      { raw: `${body} `, headers: { 'x-hub-signature-256': signatureOf(SECRET, Buffer.from(body)) } },
      401,
    ],
    ['with a signature by another secret', { raw: body, secret: 'somebody else' }, 401],
    [
      'with the old kind of signature only',
      { raw: body, headers: { 'x-hub-signature-256': 'sha1=00', 'x-hub-signature': 'sha1=00' } },
      401,
    ],
    [
      'with a signature in capitals',
      { raw: body, headers: { 'x-hub-signature-256': signatureOf(SECRET, Buffer.from(body)).toUpperCase() } },
      401,
    ],
    [
      'with a signature a million characters long',
      { raw: body, headers: { 'x-hub-signature-256': `sha256=${'a'.repeat(9000)}` } },
      401,
    ],
    ['that is no JSON', { raw: '{"a":' }, 400],
    ['that is not UTF-8', { raw: Buffer.from([0x7b, 0xff, 0xfe]) }, 400],
    ['that is a list', { raw: '[]' }, 422],
    ['without a delivery id', { raw: body, headers: { 'x-github-delivery': '' } }, 400],
    ['with a delivery id that tries to be SQL', { raw: body, headers: { 'x-github-delivery': "'; drop table" } }, 400],
    ['with an event named as an object has fields', { raw: body, event: 'constructor' }, 202],
    ['as a form', { raw: body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['with a repository that is none', { body: { ...comment(1), repository: { full_name: '../../etc' } } }, 422],
    ['over the limit', { raw: JSON.stringify(comment(1, 'x'.repeat(200_000))) }, 413],
    ['nested a thousand deep', { raw: `${'['.repeat(1000)}${']'.repeat(1000)}` }, 422],
  ])('%s is not acted on', async (_name, sent, status) => {
    expect((await send(sent)).status).toBe(status);
    expect(handled).toEqual([]);
  });

  it('over the limit without saying how long it is, is cut off', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(intake.url, { method: 'POST' }, (response) => resolve(response.statusCode ?? 0));
      request.on('error', reject);
      for (let part = 0; part < 5; part += 1) request.write('x'.repeat(50_000));
      request.end();
    });
    expect(status).toBe(413);
  });

  it('over the limit is refused before it came, and the rest of it is not waited for', async () => {
    const head = `POST ${WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n`;
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(intake.url).port), '127.0.0.1', () => socket.write(head));
      let text = '';
      socket.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(said).toMatch(/^HTTP\/1\.1 413 [^]*\{"error":"the body is over 200000 bytes"\}$/);
  });

  it('whose sender hangs up in the middle is not acted on, and told', async () => {
    const socket = connect(Number(new URL(intake.url).port), '127.0.0.1', () => {
      socket.write(`POST ${WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"a`, () =>
        socket.destroy(),
      );
    });
    await expect.poll(() => logged).toEqual(['webhook-failed']);
    expect(handled).toEqual([]);
  });

  it('never reaches the log with its content', () => {
    expect(logged.filter((event) => event !== 'webhook-not-as-documented')).toEqual([]);
  });
});

const start = (change: object) =>
  startIntake({
    jobs,
    clock: fixedClock(NOON),
    hook: null,
    secrets: [SECRET],
    port: 0,
    handle: async () => {},
    ...change,
  });

describe('the server', () => {
  it.each([
    ['no secret', { secrets: [] }, 'no-secret'],
    ['an empty secret', { secrets: ['  '] }, 'no-secret'],
    ['a secret that can be guessed', { secrets: ['hunter2'] }, 'weak-secret'],
  ])('does not start with %s', async (_name, change, code) => {
    await expect(start(change)).rejects.toMatchObject({ name: 'IntakeError', code });
  });
  it('does not start on a port that is taken, and says so', async () => {
    const port = Number(new URL(intake.url).port);
    await expect(start({ port })).rejects.toMatchObject({ name: 'IntakeError', code: 'port' });
  });
  it('listens on this machine only, and answers nothing else', async () => {
    expect(new URL(intake.url).hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/', intake.url))).status).toBe(404);
    expect((await fetch(intake.url)).status).toBe(404);
    expect(await (await fetch(new URL('/healthz', intake.url))).json()).toEqual({ ok: true });
  });
});

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));
const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@octokit/webhooks-examples/package.json'));

describe.each(['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'])(
  'the published examples of %s',
  (version) => {
    const all = Examples.parse(JSON.parse(readFileSync(join(folder, version, 'index.json'), 'utf8')));
    it('are all taken or ignored, over HTTP and signed', async () => {
      const bodies = all.flatMap(({ name, examples }) => examples.map((body) => ({ event: name, body })));
      expect(bodies.length).toBeGreaterThan(40);
      const answers: { readonly event: string; readonly status: number; readonly said: string }[] = [];
      for (const sent of bodies) {
        const { status, body } = await send(sent);
        answers.push({ event: sent.event, status, said: JSON.stringify(body) });
      }
      expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
      const heeded = answers.filter(({ said }) => said === '{"taken":true}').map(({ event }) => event);
      const heededHere = answers.filter(({ event }) => HEEDED_EVENTS.includes(event)).map(({ event }) => event);
      expect(heededHere).toEqual(expect.arrayContaining(['issue_comment', 'issues', 'pull_request', 'push']));
      // The versions repeat one another's comments; whatever is not a comment is taken by its delivery.
      const ofComments = version === 'api.github.com' ? ['issue_comment'] : [];
      expect(heeded).toEqual(expect.arrayContaining([...ofComments, 'issues', 'pull_request', 'push']));
    });
  },
);
