import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

const one = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const two = `whsec_${Buffer.alloc(64, 8).toString('base64')}`;
const read = (variables: Record<string, string>) => readEnvironment(variables, async () => `${two}\n${one}\n`);

it('reads the secrets of partners, one or two of each, from the variable or a file, and never shows them', async () => {
  const found = await read({
    SIGNALBOX_HOOK_BIG_MIRROR_SECRET: one,
    SIGNALBOX_HOOK_DOCS_SECRET_FILE: '/run/docs',
  });
  const secrets = found.ok ? [...found.value.partnerSecrets] : [];
  expect(secrets.map(([name, all]) => [name, all.map((each) => each.reveal())])).toEqual([
    ['big-mirror', [one]],
    ['docs', [two, one]],
  ]);
  expect(inspect(found, { depth: 9 })).not.toContain(one.slice(6));
});

it.each(['hunter2', 'whsec_', `whsec_${Buffer.alloc(12).toString('base64')}`, `${one} ${one} ${one}`, `${one}\nx`])(
  'refuses what is no secret: %j',
  async (text) => {
    expect(await read({ SIGNALBOX_HOOK_DOCS_SECRET: text })).toMatchObject({
      ok: false,
      problems: [{ variable: 'SIGNALBOX_HOOK_DOCS_SECRET' }],
    });
  },
);
