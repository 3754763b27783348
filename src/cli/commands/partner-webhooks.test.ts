import { expect, it } from 'vitest';
import { secretOf } from '../../config/environment-reading.ts';
import { Train } from '../../domain/train/train.ts';
import { PartnerError } from '../../ports/partner-hooks.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';

const train = Train.parse({
  ...smallTrain,
  webhooks: {
    mirror: {
      url: 'https://mirror.example/hooks/s3cret-path',
      events: ['candidate.published'],
      since: '2025-06-24',
      until: '2025-12-31',
    },
  },
});

function appWith(secrets: readonly string[], post: () => Promise<{ readonly status: number }>) {
  return memoryApp({
    loaded: { train, digest: TRAIN_DIGEST },
    partners: { hooks: { post }, secretsOf: () => secrets.map((secret) => secretOf(secret)) },
  });
}

const fails = () => Promise.reject(new PartnerError('refused', 'mirror.example answered 500'));
const takes = () => Promise.resolve({ status: 204 });

it('lists partners without the paths of their addresses, and says what is missing', async () => {
  const well = await cliRun(['webhook', 'list'], { app: appWith(['whsec_x'], takes) });
  expect({ code: well.code, out: well.out }).toEqual({
    code: 0,
    out: '✓ mirror mirror.example, from 2025-06-24 to 2025-12-31: candidate.published\n',
  });
  const bare = await cliRun(['webhook', 'list', '--plain'], { app: appWith([], takes) });
  expect({ code: bare.code, out: bare.out }).toEqual({
    code: 3,
    out: 'mirror\tmirror.example\tcandidate.published\t0\t0\n',
  });
  expect((await cliRun(['webhook', 'list'], { app: appWith([], takes) })).out).toContain(
    'set SIGNALBOX_HOOK_MIRROR_SECRET',
  );
});

it('tests a partner, and says why it was not reached', async () => {
  const ok = await cliRun(['webhook', 'test', 'mirror', '--yes'], { app: appWith(['whsec_x'], takes) });
  expect({ code: ok.code, out: ok.out }).toEqual({
    code: 0,
    out: '✓ mirror at mirror.example took it and answered 204.\n',
  });
  const bad = await cliRun(['webhook', 'test', 'mirror', '--yes'], { app: appWith(['whsec_x'], fails) });
  expect(bad.code).not.toBe(0);
  expect(bad.err.replaceAll(/\s+/gu, ' ')).toContain('mirror was not reached: mirror.example answered 500');
});

it('sends again by the number of an entry, and takes no other word for one', async () => {
  const app = appWith(['whsec_x'], takes);
  expect((await cliRun(['webhook', 'redeliver', 'mirror', '--yes'], { app })).out).toContain('Nothing failed for good');
  const odd = await cliRun(['webhook', 'redeliver', 'mirror', '--entry', '1e3', '--yes'], { app });
  expect({ code: odd.code, err: odd.err }).toMatchObject({ code: 2 });
  expect((await cliRun(['webhook', 'redeliver', 'nobody', '--yes'], { app })).code).toBe(2);
});
