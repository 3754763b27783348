import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { secretOf } from './environment-reading.ts';
import { explainEnvironmentProblem, readEnvironment } from './environment.ts';

const files: Readonly<Record<string, string>> = { '/run/token': 'ghp_fromfile\n', '/run/empty': '\n' };

async function read(variables: Record<string, string>) {
  return readEnvironment(variables, async (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  });
}

describe('the environment', () => {
  it('may say nothing', async () => {
    expect(await read({})).toEqual({
      ok: true,
      value: {
        githubToken: null,
        githubApp: null,
        databaseUrl: null,
        webhookSecret: null,
        storeKeys: new Map(),
        storeAddresses: new Map(),
        indexTokens: new Map(),
        indexUploads: new Map(),
        jobIdentity: null,
        partnerSecrets: new Map(),
        oauth: null,
        notices: { smtp: null, rooms: new Map(), folder: null },
        python: null,
        serverToken: null,
        user: null,
      },
    });
  });

  it.each([
    [{ SIGNALBOX_GITHUB_TOKEN: ' ghp_direct\n' }, 'ghp_direct'],
    [{ SIGNALBOX_GITHUB_TOKEN_FILE: '/run/token' }, 'ghp_fromfile'],
  ])('gives the token from the variable or from a file', async (variables, token) => {
    const result = await read(variables);
    expect(result.ok ? result.value.githubToken?.reveal() : null).toBe(token);
  });

  it('gives an app by its number and its key, all or nothing of it, and never beside a token', async () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';
    const whole = { SIGNALBOX_GITHUB_APP_ID: '77', SIGNALBOX_GITHUB_APP_KEY: key };
    const app = await read({ ...whole, SIGNALBOX_GITHUB_APP_INSTALLATION: '5' });
    expect(app).toMatchObject({ ok: true, value: { githubToken: null, githubApp: { id: '77', installation: 5 } } });
    expect(inspect(app, { depth: 9 })).not.toContain('MIIE');
    const problems = async (variables: Record<string, string>) => {
      const result = await read(variables);
      return result.ok ? [] : result.problems.map(({ variable }) => variable);
    };
    expect(await problems({ SIGNALBOX_GITHUB_APP_ID: '77' })).toEqual(['SIGNALBOX_GITHUB_APP_KEY']);
    expect(await problems({ SIGNALBOX_GITHUB_APP_KEY: key })).toEqual(['SIGNALBOX_GITHUB_APP_ID']);
    expect(await problems({ ...whole, SIGNALBOX_GITHUB_APP_KEY: 'ghp_1' })).toEqual(['SIGNALBOX_GITHUB_APP_KEY']);
    expect(await problems({ ...whole, SIGNALBOX_GITHUB_TOKEN: 'ghp_1' })).toEqual(['SIGNALBOX_GITHUB_APP_ID']);
  });

  it('gives the keys of stores by the name of their server, both or neither of a pair, and shows none', async () => {
    const keys = await read({
      SIGNALBOX_S3_ACCESS_KEY_ID: 'AKIA1',
      SIGNALBOX_S3_SECRET_ACCESS_KEY_FILE: '/run/token',
      SIGNALBOX_S3_R2_MIRROR_ACCESS_KEY_ID: 'AKIA2',
      SIGNALBOX_S3_R2_MIRROR_SECRET_ACCESS_KEY: 'hunter2',
    });
    const found = keys.ok ? [...keys.value.storeKeys] : [];
    expect(
      found.map(([name, { accessKeyId, secretAccessKey }]) => [name, accessKeyId, secretAccessKey.reveal()]),
    ).toEqual([
      ['', 'AKIA1', 'ghp_fromfile'],
      ['r2-mirror', 'AKIA2', 'hunter2'],
    ]);
    expect(inspect(keys, { depth: 9 })).not.toMatch(/hunter2|fromfile/);
    const half = await read({ SIGNALBOX_S3_MIRROR_ACCESS_KEY_ID: 'A', SIGNALBOX_S3_SECRET_ACCESS_KEY: 'a\nb' });
    expect(half.ok ? [] : half.problems.map(explainEnvironmentProblem)).toEqual([
      'SIGNALBOX_S3_MIRROR_SECRET_ACCESS_KEY: is not set, and SIGNALBOX_S3_MIRROR_ACCESS_KEY_ID is; a server needs both',
      'SIGNALBOX_S3_SECRET_ACCESS_KEY: holds something that is no key: it must be one line of letters, digits and signs',
      'SIGNALBOX_S3_ACCESS_KEY_ID: is not set, and SIGNALBOX_S3_SECRET_ACCESS_KEY is; a server needs both',
    ]);
  });

  it('says where a channel lies that the train file leaves out', async () => {
    const told = await read({ SIGNALBOX_STORE_STAGING: 's3://staging/pypi', SIGNALBOX_STORE_BACK_UP: '/srv/backup' });
    expect(told.ok ? [...told.value.storeAddresses] : []).toEqual([
      ['staging', 's3://staging/pypi'],
      ['back-up', '/srv/backup'],
    ]);
    const wrong = await read({ SIGNALBOX_STORE_STAGING: 's3://two words' });
    expect(wrong.ok ? [] : wrong.problems.map(({ variable }) => variable)).toEqual(['SIGNALBOX_STORE_STAGING']);
  });

  it('tells everything that is wrong at once, and shows no secret', async () => {
    const result = await read({
      SIGNALBOX_GITHUB_TOKEN: 'ghp_secret\nX-Header: 1',
      DATABASE_URL: 'mysql://u:hunter2@host/db',
      SIGNALBOX_USER: '--all',
    });
    const lines = result.ok ? [] : result.problems.map(explainEnvironmentProblem);
    expect(lines).toEqual([
      'SIGNALBOX_GITHUB_TOKEN: holds something that is no token: it must be one line of letters, digits and signs',
      'DATABASE_URL: is not an address of PostgreSQL: write postgresql://user@host:5432/database',
      'SIGNALBOX_USER: is not a login: letters, digits, dot, dash, underscore',
    ]);
  });

  it.each([
    [
      { SIGNALBOX_GITHUB_TOKEN: 'a', SIGNALBOX_GITHUB_TOKEN_FILE: '/run/token' },
      'SIGNALBOX_GITHUB_TOKEN_FILE: is set, and SIGNALBOX_GITHUB_TOKEN too; unset one of them',
    ],
    [{ SIGNALBOX_GITHUB_TOKEN_FILE: '/run/empty' }, 'SIGNALBOX_GITHUB_TOKEN_FILE: /run/empty is empty'],
    [
      { DATABASE_URL_FILE: '/run/gone' },
      "DATABASE_URL_FILE: cannot be read: ENOENT: no such file or directory, open '/run/gone'",
    ],
  ])('is refused when %j', async (variables, text) => {
    const result = await read(variables);
    expect(result.ok ? '' : result.problems.map(explainEnvironmentProblem).join()).toBe(text);
  });
});

describe('a secret', () => {
  it('prints as stars, however it is printed', () => {
    const holder = { token: secretOf('hunter2') };
    const printed = [
      String(holder.token),
      ''.concat(holder.token.toString()),
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      Object.values(holder.token).join(),
    ];
    expect(printed.filter((text) => text.includes('hunter2'))).toEqual([]);
    expect(printed.slice(0, 3)).toEqual(['***', '***', '{"token":"***"}']);
    expect(holder.token.reveal()).toBe('hunter2');
  });
});

describe('what is uploaded with', () => {
  it('is a token for each channel, from the variable or a file, and shows none of them', async () => {
    const result = await read({
      SIGNALBOX_INDEX_PYPI_TOKEN: 'pypi-direct',
      SIGNALBOX_INDEX_TEST_PYPI_TOKEN_FILE: '/run/token',
      SIGNALBOX_INDEX_PYPI_UPLOAD: 'https://upload.example/legacy/',
    });
    if (!result.ok) throw new Error('not read');
    const { indexTokens, indexUploads } = result.value;
    expect([...indexTokens].map(([channel, token]) => [channel, token.reveal()])).toEqual([
      ['pypi', 'pypi-direct'],
      ['test-pypi', 'ghp_fromfile'],
    ]);
    expect([...indexUploads]).toEqual([['pypi', 'https://upload.example/legacy/']]);
    expect(inspect(result, { depth: 9 })).not.toMatch(/pypi-direct|fromfile/);
    expect(JSON.stringify({ token: indexTokens.get('pypi') })).toBe('{"token":"***"}');
  });

  it('is the identity of a job of CI, both halves of it or none', async () => {
    const both = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example/token?api-version=2.0',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-secret',
    };
    const result = await read(both);
    expect(result).toMatchObject({ ok: true, value: { jobIdentity: { url: both.ACTIONS_ID_TOKEN_REQUEST_URL } } });
    expect(inspect(result, { depth: 9 })).not.toContain('job-secret');
    expect(await read({ ...both, ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' })).toMatchObject({ value: { jobIdentity: null } });
  });

  it.each([
    [{ SIGNALBOX_INDEX_PYPI_TOKEN: 'two lines\nof it' }, 'SIGNALBOX_INDEX_PYPI_TOKEN'],
    [{ SIGNALBOX_INDEX_PYPI_TOKEN_FILE: '/run/empty' }, 'SIGNALBOX_INDEX_PYPI_TOKEN_FILE'],
    [{ SIGNALBOX_INDEX_PYPI_UPLOAD: 'ftp://upload.example/' }, 'SIGNALBOX_INDEX_PYPI_UPLOAD'],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'nowhere' }, 'ACTIONS_ID_TOKEN_REQUEST_URL'],
  ])('is refused when it cannot be: %j', async (variables, variable) => {
    const result = await read(variables);
    expect(result.ok ? [] : result.problems.map((problem) => problem.variable)).toEqual([variable]);
  });
});
