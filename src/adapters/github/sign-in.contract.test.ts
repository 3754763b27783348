import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorldFrom, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { ForgeError } from '../../ports/forge.ts';
import { signInContract } from '../../testing/sign-in-contract.ts';
import { githubSignIn } from './index.ts';
import { oneFileSource } from '../../testing/one-file-source.ts';

const REDIRECT = 'http://127.0.0.1:8787/sign-in/forge/callback';
const client = { id: 'Iv1.signalbox', secret: () => 'the client secret' };
const ended = 'http://127.0.0.1:1';

/** Presses a button of the forge's page; gives where the browser is sent. */
async function press(url: URL, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  await answer.body?.cancel();
  return answer.headers.get('location') ?? `${answer.status}`;
}

/** What a failure tells: its code, and whether a secret is in it. */
async function told(tried: Promise<string>): Promise<unknown> {
  return tried.catch((error: unknown) =>
    error instanceof ForgeError ? [error.code, /secret/.test(error.message)] : error,
  );
}

/** Somebody agrees in the sandbox's page. */
async function agree(url: string, login = 'alma'): Promise<string> {
  const shown = await fetch(url);
  expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining('Authorize as alma')]);
  const { origin, pathname, searchParams } = new URL(url);
  return press(new URL(`${origin}${pathname}`), { ...Object.fromEntries(searchParams), login });
}

describe('at the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  let sandbox: Sandbox;
  beforeAll(async () => {
    const source = oneFileSource(folder);
    const dir = join(folder, 'world');
    const users = [
      { login: 'alma', name: 'Alma', roles: {} },
      { login: 'a-bot', name: 'Bot', type: 'Bot' as const, roles: {} },
    ];
    const sources = [{ source, owner: 'acme', name: 'core' }];
    await makeWorldFrom({ dir, sources, users, now: '2025-06-16T10:00:00Z' });
    const oauth = { id: client.id, secret: client.secret(), redirects: ['http://127.0.0.1/sign-in/forge/callback'] };
    sandbox = await startSandbox({ dir, oauth });
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const forge = (change: Partial<Parameters<typeof githubSignIn>[0]> = {}) =>
    githubSignIn({ ...client, web: sandbox.url, apiUrl: sandbox.apiUrl, userAgent: 'signalbox-tests', ...change });
  signInContract(() => ({ forge: forge(), agree, isStrict: true }));

  const asked = { state: 's', challenge: 'c'.repeat(43), redirect: REDIRECT };
  const answer = { code: 'x', verifier: 'v'.repeat(43), redirect: REDIRECT };

  it('asks for no right at all', () => {
    const url = new URL(forge().authorizeUrl(asked));
    expect([url.searchParams.has('scope'), url.searchParams.get('code_challenge_method')]).toEqual([false, 'S256']);
    expect(url.href).not.toContain('secret');
  });

  it('is sent nowhere else, and signs in nobody but people', async () => {
    const elsewhere = await fetch(
      forge().authorizeUrl({ ...asked, redirect: 'https://evil.example/sign-in/forge/callback' }),
    );
    expect(elsewhere.status).toBe(400);
    await elsewhere.body?.cancel();
    expect(await agree(forge().authorizeUrl(asked), 'a-bot')).toBe('422');
    const other = await fetch(forge({ id: 'another' }).authorizeUrl(asked));
    expect(other.status).toBe(404);
    await other.body?.cancel();
  });

  it('tells a wrong client secret, a forge that fails and one that is not there, and quotes no secret', async () => {
    expect(await told(forge({ secret: () => 'a wrong secret' }).loginOf(answer))).toEqual(['not-signed-in', false]);
    sandbox.faults.next({ path: '/login/oauth/access_token' }, { status: 502, body: 'the client secret' });
    expect(await told(forge().loginOf(answer))).toEqual(['unavailable', false]);
    await expect(forge({ web: ended }).loginOf(answer)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is not made for an address that is not encrypted', () => {
    for (const web of ['http://forge.example', 'ftp://forge.example', 'https://a:b@forge.example', 'forge'])
      expect(() => forge({ web })).toThrow(/web address/);
  });
});

describe('at a forge that we have not written', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        github: {
          users: [{ login: 'alma', name: 'Alma' }],
          oauth_apps: [
            { client_id: client.id, client_secret: client.secret(), name: 'Signalbox', redirect_uris: [REDIRECT] },
          ],
        },
      },
    });
  });
  afterAll(() => emulator.close());
  signInContract(() => ({
    forge: githubSignIn({ ...client, web: emulator.url, apiUrl: emulator.url, userAgent: 'signalbox-tests' }),
    agree: (url) => {
      const { searchParams: query } = new URL(url);
      const read = (name: string): string => query.get(name) ?? '';
      const fields = { client_id: read('client_id'), redirect_uri: read('redirect_uri'), state: read('state') };
      return press(new URL('/login/oauth/callback', emulator.url), { ...fields, login: 'alma', scope: '' });
    },
    // It looks at neither the verifier nor the redirect.
    isStrict: false,
  }));
});
