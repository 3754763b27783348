import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { call, cleanUp, cloneAs, commitFile, gitAsync, startSmallWorld } from './test-world.ts';

interface Heard {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly raw: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const secret = 'told to both sides';
const Payload = z.record(z.string(), z.unknown());
const Made = z.looseObject({ id: z.number(), number: z.number().optional() });
let receiver: Server;
let address = '';
let status = 202;
let heard: Heard[] = [];
let world: Awaited<ReturnType<typeof startSmallWorld>>;
let hook = 0;

async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw = await text(request);
  const event = String(request.headers['x-github-event']);
  heard.push({ headers: request.headers, raw, event, payload: Payload.parse(JSON.parse(raw)) });
  response.writeHead(status).end();
}

beforeAll(async () => {
  receiver = createServer((request, response) => void hear(request, response));
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  const at = receiver.address();
  address = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/hook`;
  world = await startSmallWorld();
  const config = { url: address, secret, content_type: 'json' };
  const made = await call(world.sandbox, 'alma', {
    method: 'POST',
    path: '/repos/acme/widget/hooks',
    body: { events: ['*'], config },
  });
  hook = Made.parse(made.body).id;
});
beforeEach(() => {
  heard = [];
  status = 202;
});
afterAll(async () => {
  await cleanUp();
  await new Promise((resolve) => {
    receiver.close(resolve);
  });
});

async function act(login: string, method: string, path: string, body: unknown): Promise<z.infer<typeof Made>> {
  const answer = await call(world.sandbox, login, { method, path: `/repos/acme/widget${path}`, body });
  await world.sandbox.webhooksDelivered();
  return Made.parse(answer.body);
}

const Action = z.string().catch('');
const told = () => heard.map(({ event, payload }) => `${event} ${Action.parse(payload['action'])}`.trim());
const deliveries = z.array(
  z.looseObject({ id: z.number(), guid: z.string(), status_code: z.number(), redelivery: z.boolean() }),
);

async function listed() {
  const { body } = await call(world.sandbox, 'alma', { path: `/repos/acme/widget/hooks/${hook}/deliveries` });
  return deliveries.parse(body);
}

const Examples = z.array(z.object({ name: z.string(), examples: z.array(Payload) }));
const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@octokit/webhooks-examples/package.json'));
const published = Examples.parse(JSON.parse(readFileSync(join(folder, 'api.github.com', 'index.json'), 'utf8')));

/** Fields of a payload, two levels deep, that no published example of the event has. */
function inventedFields({ event, payload }: Heard): readonly string[] {
  const examples = published.find(({ name }) => name === event)?.examples ?? [];
  return Object.entries(payload).flatMap(([name, value]) => {
    const same = examples.filter((example) => name in example);
    if (same.length === 0) return [name];
    const inner = Payload.safeParse(value);
    if (!inner.success) return [];
    const fields = new Set(same.flatMap((example) => Object.keys(Payload.catch({}).parse(example[name]))));
    return Object.keys(inner.data).flatMap((field) => (fields.has(field) ? [] : [`${name}.${field}`]));
  });
}

/** Newer than the published examples, and documented in GitHub's API description. */
const newer = new Set([
  'repository.has_discussions',
  'sender.user_view_type',
  'issue.state_reason',
  'issue.timeline_url',
]);

describe('the webhooks of the sandbox', () => {
  it('tell of issues, comments and labels, signed over the very bytes', async () => {
    const { number } = await act('alma', 'POST', '/issues', { title: 'Broken', body: '' });
    const { id } = await act('rita', 'POST', `/issues/${number}/comments`, { body: '@signalbox where' });
    await act('rita', 'PATCH', `/issues/comments/${id}`, { body: 'never mind' });
    await act('alma', 'PATCH', `/issues/${number}`, { state: 'closed', labels: ['triaged'] });
    expect(told()).toEqual([
      'issues opened',
      'issue_comment created',
      'issue_comment edited',
      'issues labeled',
      'issues closed',
    ]);
    for (const { headers, raw } of heard) {
      const expected = createHmac('sha256', secret).update(raw).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
    }
    expect(new Set(heard.map(({ headers }) => headers['x-github-delivery'])).size).toBe(5);
    expect(heard[1]?.payload).toMatchObject({ comment: { body: '@signalbox where', user: { login: 'rita' } } });
  });

  it('tell of pushes, pull requests, reviews, checks and merges', async () => {
    const clone = await cloneAs(world.sandbox, 'wim');
    await gitAsync(clone, 'checkout', '--quiet', '-b', 'topic');
    commitFile(clone, 'pin.txt', 'pin\n', 'Pin');
    await gitAsync(clone, 'push', '--quiet', 'origin', 'topic');
    await world.sandbox.webhooksDelivered();
    const pull = { head: 'topic', base: 'main', title: 'Pin' };
    const { number } = await act('wim', 'POST', '/pulls', pull);
    const sha = commitFile(clone, 'pin.txt', 'pin it\n', 'Pin it');
    await gitAsync(clone, 'push', '--quiet', 'origin', 'topic');
    await act('alma', 'POST', `/pulls/${number}/reviews`, { event: 'APPROVE' });
    await act('ci-bot', 'POST', '/check-runs', { name: 'lint', head_sha: sha, conclusion: 'success' });
    await call(world.sandbox, 'alma', { method: 'PUT', path: `/repos/acme/widget/pulls/${number}/merge`, body: {} });
    await world.sandbox.webhooksDelivered();
    expect(told().toSorted()).toEqual(
      [
        'check_run completed',
        'pull_request closed',
        'pull_request opened',
        'pull_request synchronize',
        'pull_request_review submitted',
        'push',
        'push',
        'push',
      ].toSorted(),
    );
    const merged = heard.find(({ payload }) => payload['action'] === 'closed');
    expect(merged?.payload).toMatchObject({ pull_request: { merged: true, base: { ref: 'main' } } });
  });

  it('send nothing that the published examples do not have', async () => {
    const { number } = await act('alma', 'POST', '/issues', { title: 'Broken again', body: '' });
    await act('rita', 'POST', `/issues/${number}/comments`, { body: 'yes' });
    const clone = await cloneAs(world.sandbox, 'wim');
    await gitAsync(clone, 'checkout', '--quiet', '-b', 'other');
    const sha = commitFile(clone, 'other.txt', 'x\n', 'Other');
    await gitAsync(clone, 'push', '--quiet', 'origin', 'other');
    await act('wim', 'POST', '/pulls', { head: 'other', base: 'main', title: 'Other' });
    await act('ci-bot', 'POST', '/check-runs', { name: 'lint', head_sha: sha, conclusion: 'success' });
    await act('ci-bot', 'POST', `/statuses/${sha}`, { context: 'ci', state: 'success' });
    expect(new Set(heard.map(({ event }) => event))).toEqual(
      new Set(['issues', 'issue_comment', 'push', 'pull_request', 'check_run', 'status']),
    );
    const invented = heard.flatMap((each) => inventedFields(each).map((field) => `${each.event} ${field}`));
    expect([...new Set(invented)].filter((field) => !newer.has(field.split(' ')[1] ?? ''))).toEqual([]);
  });

  it('remember what was delivered, and deliver it again under the same id', async () => {
    status = 503;
    await act('alma', 'POST', '/issues', { title: 'Lost', body: '' });
    const [lost] = await listed();
    expect(lost).toMatchObject({ status_code: 503, redelivery: false });
    status = 202;
    const path = `/repos/acme/widget/hooks/${hook}/deliveries/${lost?.id}`;
    expect((await call(world.sandbox, 'alma', { method: 'POST', path: `${path}/attempts` })).status).toBe(202);
    await world.sandbox.webhooksDelivered();
    const [again] = await listed();
    expect(again).toMatchObject({ guid: lost?.guid, status_code: 202, redelivery: true });
    expect((await call(world.sandbox, 'alma', { path })).body).toMatchObject({
      request: { payload: { action: 'opened', issue: { title: 'Lost' } } },
    });
  });

  it('call this machine only, and are set up by admins only', async () => {
    const config = { url: 'https://example.test/hook', secret, content_type: 'json' };
    const path = '/repos/acme/widget/hooks';
    expect((await call(world.sandbox, 'alma', { method: 'POST', path, body: { config } })).status).toBe(422);
    expect((await call(world.sandbox, 'wim', { path })).status).toBe(403);
  });
});
