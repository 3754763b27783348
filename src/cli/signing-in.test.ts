import { beforeEach, describe, expect, it } from 'vitest';
import { hashOfSecret } from '../domain/secret-hash.ts';
import { cliRun, type CliRan } from '../testing/cli-terminal.ts';
import { NOW, smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';

let app = memoryApp();
beforeEach(() => {
  app = memoryApp();
});
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app, now: NOW });

describe('auth link', () => {
  it('gives a link for this machine that is good once, and whole on its line', async () => {
    const ran = await go('auth', 'link', '--port', '9000');
    expect(ran.code).toBe(0);
    const url = new URL(ran.out.split('\n').find((each) => each.startsWith('http')) ?? '');
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:9000/sign-in/link');
    const code = hashOfSecret(url.searchParams.get('code') ?? '');
    const { codes } = await app.sessions();
    expect([await codes.take(code), await codes.take(code)]).toEqual(['ana', null]);
  });

  it('takes no port that is none, and makes no link then', async () => {
    for (const port of ['0', '65536', 'x', '80/../evil'])
      expect((await go('auth', 'link', '--port', port)).code).toBe(2);
  });
});

describe('auth status and whoami', () => {
  it('say as whom one acts, with which roles, and how people get in', async () => {
    const status = await go('auth', 'status');
    expect([status.code, status.out]).toEqual([0, expect.stringContaining('ana: release-manager')]);
    expect(status.out).toContain('Pages are read by: with-role. Signed in now: 0.');
    expect((await go('auth', 'whoami')).out).toContain('ana: release-manager');
    expect((await go('auth', 'whoami', '--for', '@stranger')).out).toContain('stranger has no role');
  });

  it('say which team could not be read', async () => {
    const roles = { ...smallTrain.roles, approver: ['@acme/release'] };
    app = memoryApp({ loaded: { train: { ...smallTrain, roles }, digest: TRAIN_DIGEST } });
    const told = 'Nobody counts as one of @acme/release: the train file names no forge';
    expect((await go('auth', 'status')).out).toContain(told);
    expect((await go('auth', 'whoami', '--for', 'dora')).out).toContain(told);
  });
});

describe('token', () => {
  it('create shows the secret once, list never, revoke ends it', async () => {
    const made = await go('token', 'create', 'nightly job', '--write', '--days', '7', '--yes');
    expect(made.code).toBe(0);
    const secret = /sbx_[\w-]{43}/.exec(made.out)?.[0] ?? '';
    const { tokens } = await app.sessions();
    const found = await tokens.find(hashOfSecret(secret), app.clock.now());
    expect(found).toMatchObject({ login: 'ana', name: 'nightly job', scope: 'write' });
    const id = found?.id ?? '';
    const listed = await go('token', 'list');
    expect([listed.out.includes(id), listed.out.includes(secret)]).toEqual([true, false]);
    expect((await go('token', 'revoke', id, '--yes')).code).toBe(0);
    expect(await tokens.find(hashOfSecret(secret), app.clock.now())).toBeNull();
    expect((await go('token', 'list')).out).toContain('revoked');
    expect((await go('log')).out).toMatch(/made the token[\s\S]*revoked the token/);
  });

  it('only reads unless it is said, and asks before', async () => {
    expect((await go('token', 'create', 'dashboard')).code).toBe(2);
    await go('token', 'create', 'dashboard', '--yes');
    expect((await (await app.sessions()).tokens.list(null)).map(({ scope }) => scope)).toEqual(['read']);
    expect((await go('token', 'create', 'x', '--days', '1000', '--yes')).code).toBe(2);
    expect((await go('token', 'create', 'two\nlines', '--yes')).code).toBe(2);
    expect((await go('token', 'revoke', 'none', '--yes')).code).toBe(2);
  });
});
