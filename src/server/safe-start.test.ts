import { describe, expect, it } from 'vitest';
import { isLoopback, safeStart, type StartPlan } from './safe-start.ts';

const safe: StartPlan = {
  host: '0.0.0.0',
  outside: 'https://box.example',
  behindTls: true,
  hasSignIn: true,
  hasWebhookSecret: true,
};
const bare = { ...safe, outside: null, behindTls: false, hasSignIn: false, hasWebhookSecret: false };
const codes = (plan: StartPlan): readonly string[] => {
  const start = safeStart(plan);
  return start.ok ? [] : start.problems.map(({ code }) => code);
};

describe('a start', () => {
  it('on this machine needs nothing', () => {
    for (const host of ['127.0.0.1', 'localhost', '::1', '[::1]', '127.0.0.53'])
      expect(safeStart({ ...bare, host })).toEqual({ ok: true, value: { local: true, outside: null } });
    expect(safeStart({ ...bare, host: '127.0.0.1', outside: 'http://localhost:8787' })).toMatchObject({
      value: { local: true },
    });
  });

  it('that others can reach goes with TLS, sign-in and signed webhooks, and is not local', () => {
    expect(safeStart(safe)).toEqual({ ok: true, value: { local: false, outside: 'https://box.example' } });
    expect(safeStart({ ...safe, behindTls: false })).toMatchObject({ ok: true });
  });

  it('that others can reach is refused for each thing that is missing, all at once, with what to do', () => {
    expect(codes(bare)).toEqual(['not-encrypted', 'no-sign-in', 'no-webhook-secret']);
    expect(codes({ ...safe, hasSignIn: false })).toEqual(['no-sign-in']);
    expect(codes({ ...safe, hasWebhookSecret: false })).toEqual(['no-webhook-secret']);
    expect(codes({ ...safe, outside: null })).toEqual(['no-outside']);
    expect(codes({ ...safe, outside: 'http://box.example', behindTls: false })).toEqual(['not-encrypted']);
    expect(codes({ ...safe, outside: 'http://box.example' })).toEqual(['no-outside']);
    const told = safeStart(bare);
    const texts = told.ok ? '' : told.problems.map(({ text }) => text).join('\n');
    expect(texts).toMatch(/--behind-tls.*\n.*SIGNALBOX_OAUTH_ID.*\n.*SIGNALBOX_WEBHOOK_SECRET_FILE/);
  });

  it('on this machine with a proxy before it is one that others can reach', () => {
    expect(codes({ ...bare, host: '127.0.0.1', behindTls: true })).toEqual([
      'no-outside',
      'no-sign-in',
      'no-webhook-secret',
    ]);
    expect(codes({ ...bare, host: '127.0.0.1', outside: 'https://box.example' })).toEqual([
      'no-sign-in',
      'no-webhook-secret',
    ]);
  });

  it.each(['box.example', 'https://', 'ftp://box.example', 'https://a:b@box.example', 'https://box.example/path', ''])(
    'takes no outside address like %j',
    (outside) => {
      expect(codes({ ...safe, outside })).toContain('outside');
    },
  );
});

it.each([
  '0.0.0.0',
  '::',
  '[::]',
  '',
  '192.168.1.1',
  '127.1',
  '0127.0.0.1',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '::ffff:127.0.0.1',
  'box',
])('takes %j for no address of this machine alone', (host) => {
  expect(isLoopback(host)).toBe(false);
});
