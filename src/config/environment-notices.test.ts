import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { explainEnvironmentProblem, readEnvironment } from './environment.ts';

const read = (variables: Record<string, string>) =>
  readEnvironment(variables, async (path) => {
    if (path === '/run/room') return 'https://hooks.example/services/file\n';
    throw new Error('ENOENT');
  });

describe('the channels of notices', () => {
  it('are none unless they are set', async () => {
    const none = await read({});
    expect(none.ok && none.value.notices).toEqual({ smtp: null, rooms: new Map(), folder: null });
  });

  it('are a mail server with its sender, rooms by their names, and show no secret', async () => {
    const set = await read({
      SIGNALBOX_SMTP_URL: 'smtps://bot:hunter2@mail.example:465',
      SIGNALBOX_SMTP_FROM: 'signalbox@acme.example',
      SIGNALBOX_SLACK_RELEASE_URL: 'https://hooks.example/services/hush',
      SIGNALBOX_SLACK_ON_CALL_URL_FILE: '/run/room',
      SIGNALBOX_SLACK_ON_CALL_PRIVATE: 'yes',
      SIGNALBOX_NOTICES_FOLDER: '/tmp/notices',
    });
    if (!set.ok) throw new Error('not read');
    const { smtp, rooms, folder } = set.value.notices;
    expect([smtp?.url.reveal(), smtp?.from, folder]).toEqual([
      'smtps://bot:hunter2@mail.example:465',
      'signalbox@acme.example',
      '/tmp/notices',
    ]);
    expect([...rooms].map(([name, { url, isPrivate }]) => [name, url.reveal(), isPrivate])).toEqual([
      ['release', 'https://hooks.example/services/hush', false],
      ['on-call', 'https://hooks.example/services/file', true],
    ]);
    expect(inspect(set, { depth: 9 })).not.toMatch(/hunter2|hush|services/);
  });

  it.each([
    [{ SIGNALBOX_SMTP_URL: 'smtp://mail.example' }, 'SIGNALBOX_SMTP_FROM: is not set'],
    [{ SIGNALBOX_SMTP_FROM: 'a@b.example' }, 'SIGNALBOX_SMTP_URL: is not set'],
    [{ SIGNALBOX_SMTP_URL: 'https://mail.example' }, 'SIGNALBOX_SMTP_URL: is no address of a mail server'],
    [
      { SIGNALBOX_SMTP_URL: 'smtp://m.example', SIGNALBOX_SMTP_FROM: 'a@b.example\nBcc: x@y.example' },
      'SIGNALBOX_SMTP_FROM: is no mail address',
    ],
    [{ SIGNALBOX_SLACK_X_URL: 'http://hooks.example/x' }, 'SIGNALBOX_SLACK_X_URL: is no address'],
    [{ SIGNALBOX_SLACK_X_URL: 'http://127.0.0.1/x', SIGNALBOX_SLACK_X_PRIVATE: 'maybe' }, 'SIGNALBOX_SLACK_X_PRIVATE'],
    [{ SIGNALBOX_SLACK_X_URL_FILE: '/run/gone' }, 'SIGNALBOX_SLACK_X_URL_FILE: cannot be read'],
  ])('are refused when they cannot be: %j', async (variables, text) => {
    const result = await read(variables);
    expect(result.ok ? [] : result.problems.map(explainEnvironmentProblem)).toEqual([expect.stringContaining(text)]);
  });
});
