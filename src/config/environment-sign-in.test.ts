import { expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

const read = (variables: Record<string, string>) =>
  readEnvironment(variables, async (path) => {
    if (path === '/run/secrets/oauth') return 'from-a-file\n';
    throw new Error('ENOENT');
  });

it('reads as which app of the forge people are signed in, its secret also from a file', async () => {
  const plain = await read({ SIGNALBOX_OAUTH_ID: 'Iv1.abc', SIGNALBOX_OAUTH_SECRET: 'shh' });
  expect(plain.ok && [plain.value.oauth?.id, plain.value.oauth?.secret.reveal()]).toEqual(['Iv1.abc', 'shh']);
  const filed = await read({ SIGNALBOX_OAUTH_ID: 'Iv1.abc', SIGNALBOX_OAUTH_SECRET_FILE: '/run/secrets/oauth' });
  expect(filed.ok && filed.value.oauth?.secret.reveal()).toBe('from-a-file');
  expect(await read({})).toMatchObject({ value: { oauth: null } });
});

it.each([
  [{ SIGNALBOX_OAUTH_ID: 'abc' }, 'SIGNALBOX_OAUTH_SECRET'],
  [{ SIGNALBOX_OAUTH_SECRET: 'shh' }, 'SIGNALBOX_OAUTH_ID'],
  [{ SIGNALBOX_OAUTH_ID: 'a b', SIGNALBOX_OAUTH_SECRET: 'shh' }, 'SIGNALBOX_OAUTH_ID'],
  [{ SIGNALBOX_OAUTH_ID: 'abc', SIGNALBOX_OAUTH_SECRET: 'two\nlines' }, 'SIGNALBOX_OAUTH_SECRET'],
  [{ SIGNALBOX_OAUTH_ID: 'abc', SIGNALBOX_OAUTH_SECRET_FILE: '/none' }, 'SIGNALBOX_OAUTH_SECRET_FILE'],
])('tells what is wrong with half of one, once, and shows no secret: %j', async (variables, variable) => {
  const answer = await read(variables);
  const problems = answer.ok ? [] : answer.problems;
  expect(problems.map((problem) => problem.variable)).toEqual([variable]);
  expect(JSON.stringify(problems)).not.toMatch(/shh|two/);
});
