import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpPartnerHooks } from '../../adapters/partners/index.ts';
import { secretOf } from '../../config/environment-reading.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { Instant } from '../../domain/instant.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import { LedgerEvent as Event } from '../../domain/ledger-event.ts';
import { Train } from '../../domain/train/train.ts';
import { startPartnerWorker } from '../../server/partner-worker.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { scriptedServer, type Scene, type ScriptedServer, type SeenRequest } from '../../testing/scripted-server.ts';
import { PartnerError } from '../../ports/partner-hooks.ts';
import { record } from '../record.ts';
import { PARTNERS } from './deliver.ts';
import { queuePartnerEvents } from './follow.ts';
import { listPartners, redeliver, testPartner } from './partners-of.ts';
import { PARTNER_PAYLOADS, PingPayload } from './payload.ts';

const OLD = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const takes: Scene = (response) => void response.writeHead(204).end();
const fails: Scene = (response) => void response.writeHead(500).end('try later');

/** As a partner checks it, with another implementation of HMAC: whether one of the signatures is by this secret. */
async function isSignedBy({ headers, body }: SeenRequest, secret: string, change = ''): Promise<boolean> {
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', bytes, how, false, ['verify']);
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}${change}`;
  const verdicts = await Promise.all(
    String(headers['webhook-signature'])
      .split(' ')
      .filter((each) => each.startsWith('v1,'))
      .map((each) =>
        webcrypto.subtle.verify('HMAC', key, Buffer.from(each.slice(3), 'base64'), new TextEncoder().encode(signed)),
      ),
  );
  return verdicts.includes(true);
}

const release = '2.8.0';
const judged = (to: string, changes = 1): LedgerEvent =>
  Event.parse({
    type: 'gates-judged',
    release,
    changes: Array.from({ length: changes }, () => ({
      gate: 'people',
      from: null,
      to,
      why: 'all have somebody',
      blocking: false,
    })),
    blockers: 0,
    picks: null,
  });

let partner: ScriptedServer;
let app: ReturnType<typeof memoryApp>;
let secrets: readonly string[] = [NEW];

function appFor(hook: Record<string, unknown> = {}): ReturnType<typeof memoryApp> {
  const train = Train.parse({
    ...smallTrain,
    webhooks: {
      mirror: {
        url: `${partner.url}/hook`,
        events: ['gate.changed', 'candidate.final', 'release.published'],
        since: '2025-06-24',
        private: true,
        ...hook,
      },
    },
  });
  return memoryApp({
    loaded: { train, digest: TRAIN_DIGEST },
    partners: { hooks: httpPartnerHooks(), secretsOf: () => secrets.map((secret) => secretOf(secret)) },
  });
}

beforeEach(async () => {
  partner = await scriptedServer();
  secrets = [NEW];
  app = appFor();
});
afterEach(() => partner.close());

/** Tells all that there is to tell, as a process does that works beside another one. */
async function tell(): Promise<void> {
  await queuePartnerEvents(app, 0);
  const worker = await startPartnerWorker(app, () => undefined);
  const jobs = await app.jobs();
  await expect.poll(async () => (({ waiting, running }) => waiting + running)(await jobs.counts(PARTNERS))).toBe(0);
  await worker.stop();
}

describe('partners of a train', () => {
  it('are told of what they asked for, signed so that they can check it, and of each entry once', async () => {
    partner.play([takes], true);
    await record(app, judged('pass'));
    await record(app, Event.parse({ type: 'train-frozen', reason: 'not theirs' }));
    await record(app, judged('pass', 0));
    await record(app, Event.parse({ type: 'release-checked', release, check: 'at-once', holds: true, findings: [] }));
    await record(app, Event.parse({ type: 'release-checked', release, check: '1-hour', holds: true, findings: [] }));
    await tell();
    await tell();
    const bodies = partner.seen.map(({ body }): unknown => JSON.parse(body));
    expect(bodies).toEqual([
      PARTNER_PAYLOADS['gate.changed'].parse(bodies[0]),
      PARTNER_PAYLOADS['release.published'].parse(bodies[1]),
    ]);
    expect(partner.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['sb_small_1', 'sb_small_4']);
    const [first] = partner.seen;
    if (first === undefined) throw new Error('nothing came');
    expect(first).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } });
    expect(Number(first.headers['webhook-timestamp']) * 1000).toBe(Date.parse(app.clock.now()));
    expect([await isSignedBy(first, NEW), await isSignedBy(first, OLD), await isSignedBy(first, NEW, ' ')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('can check by the old secret and by the new one while it is changed', async () => {
    secrets = [NEW, OLD];
    partner.play([takes], true);
    await record(app, judged('pass'));
    await tell();
    const [first] = partner.seen;
    if (first === undefined) throw new Error('nothing came');
    expect([await isSignedBy(first, NEW), await isSignedBy(first, OLD)]).toEqual([true, true]);
  });

  it('get the manifest of a candidate that was published', async () => {
    app = appFor({ events: ['candidate.published'] });
    partner.play([takes], true);
    const manifest = {
      schema: 'signalbox.manifest/1',
      train: 'small',
      release,
      candidate: '2.8.0-rc1',
      channel: 'test',
      repos: [{ repo: 'core', candidate: '2.8.0-rc1', commit: 'a'.repeat(40) }],
      files: [
        {
          cell: 'torch/wheel/linux-x86_64/cpu/3.12',
          repo: 'core',
          key: 'torch-2.8.0.whl',
          size: 12,
          digest: digestOf('x'),
          run: null,
          requires: null,
        },
      ],
    };
    const told = { candidate: '2.8.0-rc1', digest: digestOf('m'), manifest, proof: 'read', reason: '' };
    await record(app, Event.parse({ type: 'manifest-recorded', release, ...told }));
    await record(app, judged('pass'));
    await tell();
    expect(
      partner.seen.map(({ body }) => PARTNER_PAYLOADS['candidate.published'].parse(JSON.parse(body)).data),
    ).toEqual([{ train: 'small', release, candidate: '2.8.0-rc1', digest: digestOf('m'), manifest }]);
  });

  it('are not told of days before they were there, nor after', async () => {
    app = appFor({ since: '2025-06-25', until: '2025-06-26' });
    partner.play([takes], true);
    for (const day of ['24', '25', '26', '27']) {
      app.clock.set(Instant.parse(`2025-06-${day}T12:00:00Z`));
      await record(app, judged('pass'));
    }
    await tell();
    expect(partner.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['sb_small_2', 'sb_small_3']);
  });

  it('are tried again with the same id, and what fails for good is seen and can be sent again', async () => {
    partner.play([fails], true);
    await record(app, judged('pass'));
    await tell();
    // The jobs of this test are tried twice.
    expect(partner.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['sb_small_1', 'sb_small_1']);
    const [mirror] = await listPartners(app);
    expect(mirror?.failed.map(({ error }) => error)).toEqual([expect.stringContaining('answered 500: try later')]);
    partner.play([takes], true);
    expect(await redeliver(app, { partner: 'mirror', seq: null })).toMatchObject({ ok: true, value: { messages: 1 } });
    await tell();
    expect(partner.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['sb_small_1']);
    expect((await listPartners(app))[0]?.failed).toEqual([]);
    expect(await redeliver(app, { partner: 'mirror', seq: 1 })).toMatchObject({ ok: true });
    await tell();
    expect(partner.seen).toHaveLength(2);
    expect(await redeliver(app, { partner: 'mirror', seq: 99 })).toMatchObject({
      problems: [{ code: 'entry-unknown' }],
    });
    expect(await redeliver(app, { partner: 'toString', seq: 1 })).toMatchObject({
      problems: [{ code: 'partner-unknown' }],
    });
  });

  it('are left alone once they say that they want no more, and redirects are not followed', async () => {
    partner.play([(response) => void response.writeHead(410).end(), takes], true);
    await record(app, judged('pass'));
    await tell();
    expect(partner.seen).toHaveLength(1);
    expect((await listPartners(app))[0]?.failed).toEqual([]);
    const elsewhere = await scriptedServer();
    partner.play([(response) => void response.writeHead(307, { location: `${elsewhere.url}/x` }).end()], true);
    await record(app, judged('failing'));
    await tell();
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
    expect((await listPartners(app))[0]?.failed[0]?.error).toContain('it leads elsewhere, which is not followed');
  });

  it('in this network are not called unless the train file says that they may be', async () => {
    const { hooks } = app.partners;
    const message = { id: 'x', timestamp: 1, body: '{}', signatures: ['v1,x'], isPrivate: false };
    for (const host of ['127.0.0.1', '[::1]', '10.0.0.1', '169.254.169.254', '[::ffff:7f00:1]', 'localhost']) {
      const posting = hooks.post({ ...message, url: `https://${host}/hook` });
      await expect(posting).rejects.toThrow(/no public address/u);
      await expect(posting).rejects.toBeInstanceOf(PartnerError);
    }
    expect(partner.seen).toEqual([]);
  });

  it('get a ping by command, from a release manager, and say what they answered', async () => {
    partner.play([takes], true);
    expect(await testPartner(app, 'mirror')).toMatchObject({ ok: true, value: { status: 204 } });
    expect(PingPayload.parse(JSON.parse(partner.seen[0]?.body ?? '')).data).toEqual({ train: 'small' });
    partner.play([fails], true);
    expect(await testPartner(app, 'mirror')).toMatchObject({ problems: [{ code: 'partner-failed' }] });
    secrets = [];
    expect(JSON.stringify(await testPartner(app, 'mirror'))).toContain('SIGNALBOX_HOOK_MIRROR_SECRET');
    const alice = { ...app, who: () => Promise.resolve('alice') };
    expect(await testPartner(alice, 'mirror')).toMatchObject({ problems: [{ code: 'role-missing' }] });
  });
});

const parsed = (hook: Record<string, unknown>): boolean =>
  Train.safeParse({
    ...smallTrain,
    webhooks: { mirror: { url: 'https://m.example/x', events: ['gate.changed'], since: '2025-06-24', ...hook } },
  }).success;

describe('the train file', () => {
  it('takes https only, or plain http to this machine where that is said', () => {
    expect(parsed({})).toBe(true);
    expect(parsed({ url: 'http://m.example/x' })).toBe(false);
    expect(parsed({ url: 'http://m.example/x', private: true })).toBe(false);
    expect(parsed({ url: 'http://127.0.0.1:8080/x' })).toBe(false);
    expect(parsed({ url: 'http://127.0.0.1:8080/x', private: true })).toBe(true);
    expect(parsed({ url: 'https://name:word@m.example/x' })).toBe(false);
    expect(parsed({ events: [] })).toBe(false);
    expect(parsed({ events: ['plan.made'] })).toBe(false);
  });
});
