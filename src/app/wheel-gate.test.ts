import { beforeEach, describe, expect, it } from 'vitest';
import { isOpen, type Gate } from '../domain/gate.ts';
import type { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { channelApp, plantRelease, plantWheel, type ChannelApp } from '../testing/channel-app.ts';
import type { WheelRecipe } from '../testing/make-wheel.ts';
import type { App } from './app.ts';
import { judge } from './judge.ts';

const release = ReleaseVersion.parse('2.8.0');
const CUDA = 'torch-2.8.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl';

let channel: ChannelApp;
let app: App;
beforeEach(() => {
  channel = channelApp();
  const { loaded } = channel.app;
  const train: Train = {
    ...loaded.train,
    wheels: {
      ...loaded.train.wheels,
      signs: {
        cpu: { packages: ['torch'], requires: [], files: [] },
        cuda: { packages: ['torch'], requires: ['nvidia-*'], files: [] },
      },
      varying: ['nvidia-*'],
      companions: [{ package: 'torch_vision', requires: 'torch' }],
    },
  };
  app = { ...channel.app, loaded: { ...loaded, train } };
});

/** CUDA wheels require what CUDA wheels do. */
const built = (recipe: WheelRecipe): WheelRecipe =>
  recipe.name === 'torch' && recipe.version.endsWith('+cu126')
    ? { ...recipe, requiresDist: [...(recipe.requiresDist ?? []), 'nvidia-cublas-cu12==12.6.4.1'] }
    : recipe;

/** One wheel made otherwise. */
const but =
  (change: Partial<WheelRecipe>) =>
  (recipe: WheelRecipe): WheelRecipe =>
    recipe.version === '2.8.0+cu126' && recipe.tags?.startsWith('cp313') === true
      ? { ...built(recipe), ...change }
      : built(recipe);

async function gate(): Promise<Gate | undefined> {
  const { gates } = await judge(app, release, { only: ['artifacts-valid'] });
  return gates[0];
}

describe('the gate artifacts-valid', () => {
  it('is open when every wheel of the release is right', async () => {
    plantRelease(channel.memory, built);
    expect(await gate()).toMatchObject({ verdict: 'pass', summary: '8 wheels right, every byte held to RECORD' });
  });

  it('says of which wheel the RECORD lies', async () => {
    plantRelease(channel.memory, but({ broken: { record: 'hash' } }));
    const judged = await gate();
    expect(judged).toMatchObject({ verdict: 'failing', summary: `1 of 8 wheels wrong: record-hash in ${CUDA}` });
    expect(judged?.evidence[0]?.text).toMatch(
      /^torch-.*: record-hash \(torch-.*RECORD:1\): RECORD has another hash of /,
    );
    expect(judged?.fix).toBe('build the cells again, upload them, then signalbox gate run 2.8.0 artifacts-valid');
  });

  it('says which CPU wheel lies under the CUDA name, and opens when the cell was built again', async () => {
    plantRelease(channel.memory, but({ requiresDist: ['filelock', 'sympy>=1.13.3'] }));
    expect(await gate()).toMatchObject({ verdict: 'failing', summary: `1 of 8 wheels wrong: accelerator in ${CUDA}` });
    plantRelease(channel.memory, built);
    expect((await gate())?.verdict).toBe('pass');
  });

  it('says which package was built against another version', async () => {
    plantRelease(channel.memory, (recipe) =>
      recipe.name === 'torch' ? built(recipe) : { ...recipe, requiresDist: ['torch==2.7.1'] },
    );
    expect(await gate()).toMatchObject({
      verdict: 'failing',
      summary: '4 of 8 wheels wrong: companion-version in 4 wheels',
    });
  });

  it('names what is no wheel at all', async () => {
    plantRelease(channel.memory, built);
    channel.memory.plant(`cu126/${CUDA}`, Buffer.from('<html>404</html>'), null);
    const judged = await gate();
    expect(judged).toMatchObject({ verdict: 'failing', summary: `1 of 8 wheels wrong: not readable in ${CUDA}` });
    expect(judged?.evidence[0]?.text).toMatch(/it is no zip file/);
  });

  it('is not open while nothing is there, and looks at no other release', async () => {
    plantWheel(channel.memory, 'cpu', { name: 'torch', version: '2.7.0+cpu', broken: { record: 'hash' } });
    const judged = await gate();
    expect(judged).toMatchObject({ verdict: 'no-data', summary: 'no wheel of the release lies in the channel' });
    expect(judged === undefined ? null : isOpen(judged)).toBe(false);
  });

  it('is not open when the channel cannot be read', async () => {
    plantRelease(channel.memory, built);
    const failing = {
      ...app,
      stores: {
        ...app.stores,
        of: () =>
          Promise.resolve({
            ok: false as const,
            problems: [{ kind: 'no-data', code: 'x', text: 'no key for it' }] as const,
          }),
      },
    };
    const { gates } = await judge(failing, release, { only: ['artifacts-valid'] });
    expect(gates[0]).toMatchObject({ verdict: 'no-data', summary: 'could not be read: no key for it' });
  });
});
