import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createToken } from '../app/sign-in/tokens.ts';
import { smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { MemoryNotifier } from '../testing/memory-notifier.ts';
import { noticesInMemory } from '../testing/notices-in-memory.ts';
import { ORIGIN, serving } from '../testing/serving.ts';
import { openServer, type OpenServer } from './serve.ts';

let app: ReturnType<typeof memoryApp>;
let notifier: MemoryNotifier;
let server: OpenServer;
let tokens: Map<string, string>;

beforeEach(async () => {
  const notices = noticesInMemory();
  const loaded = { train: { ...smallTrain, readers: 'everybody' as const }, digest: TRAIN_DIGEST };
  app = memoryApp({ ...notices, loaded });
  ({ notifier } = notices.telling);
  tokens = new Map();
  for (const [login, scope] of [
    ['ana', 'write'],
    ['ben', 'write'],
    ['cleo', 'read'],
  ] as const) {
    const made = await createToken({ ...app, who: () => Promise.resolve(login) }, { name: 'test', scope, days: 1 });
    tokens.set(login, made.ok ? made.value.secret : '');
  }
  server = await openServer(serving(app, { behindProxy: false }));
});
afterEach(() => server.stop());

const headersOf = (login: string | null): Record<string, string> => ({
  host: '127.0.0.1:8787',
  ...(login === null ? {} : { authorization: `Bearer ${tokens.get(login)}` }),
});

async function look(
  path: string,
  login: string | null,
  accept = 'text/html',
): Promise<{ status: number; text: string }> {
  const answer = await server.fetch(new Request(`${ORIGIN}${path}`, { headers: { ...headersOf(login), accept } }));
  return { status: answer.status, text: await answer.text() };
}

async function act(path: string, login: string, body: unknown): Promise<{ status: number; text: string }> {
  const headers = { ...headersOf(login), 'content-type': 'application/json' };
  const request = new Request(`${ORIGIN}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await server.fetch(request);
  return { status: answer.status, text: await answer.text() };
}

describe('the page of how one is told', () => {
  it('is one’s own, in every form, and of nobody who is not known', async () => {
    expect((await act('/you/mail', 'ana', { mail: 'ana@example.org' })).status).toBe(200);
    for (const path of ['/you', '/you.txt', '/you.json', '/api/v1/you']) {
      const own = await look(path, 'ana', path.endsWith('you') ? 'text/html' : '*/*');
      expect([path, own.status]).toEqual([path, 200]);
      expect(own.text).toContain('ana@example.org');
      expect(own.text).not.toMatch(/[0-9a-f]{64}"/);
      const others = await look(path, 'ben');
      expect(others.text).not.toContain('ana@example.org');
      expect(others.status).toBe(200);
      expect((await look(path, null)).status).toBe(401);
    }
  });

  it('changes it, and says what is wrong; a token that reads changes nothing', async () => {
    expect((await act('/you/notices', 'ana', { by: 'mail', quiet: 'none', zone: '' })).status).toBe(200);
    expect(await act('/you/notices', 'ana', { zone: 'Moon' })).toMatchObject({
      status: 400,
    });
    expect((await act('/you/notices', 'ana', { zone: 'Moon' })).text).toContain('is no time zone');
    await act('/you/mail', 'ana', { mail: 'ana@example.org' });
    const code = /confirm (\S+)/.exec(notifier.sent[0]?.items[0]?.lines[0] ?? '')?.[1];
    expect((await act('/you/mail/confirm', 'ben', { code })).status).not.toBe(200);
    const confirmed = await act('/you/mail/confirm', 'ana', { code });
    expect(confirmed.status).toBe(200);
    expect(confirmed.text).not.toContain('example.org');
    expect((await act('/you/notices/test', 'ana', {})).status).toBe(200);
    expect(notifier.sent.at(-1)?.to).toEqual({ channel: 'mail', address: 'ana@example.org' });
    expect((await act('/you/notices', 'cleo', { by: 'mail' })).status).toBe(403);
    const { text } = await look('/you.txt', 'ana', '*/*');
    expect(text).toContain('at any hour');
    // It was read just now, and no stream tells of changes.
    const { text: html } = await look('/you', 'ana');
    expect(html).not.toContain('/live?page=');
    expect(html).not.toContain('Stale');
    expect(html).toContain('/you.json');
  });
});
