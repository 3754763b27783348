import { describe, expect, it } from 'vitest';
import { BUILT_RELEASE, builtCells, builtTrain } from '../../testing/artifact-app.ts';
import { memoryStores, type MemoryStore } from '../../testing/memory-store.ts';
import { smallTrain } from '../../testing/engine-world.ts';
import { NOW } from '../../testing/small-train.ts';
import { readSizes } from './read-sizes.ts';
import { decideSizeForecast } from './size-forecast.ts';

const published = builtCells().filter(({ publish }) => publish.length > 0);
const nightlyName = (file: string, day: string, version: string): string =>
  file.replace(version.replace(/\+.*$/, ''), `${version.replace(/\+.*$/, '')}.dev${day}`);

/** A nightly channel with a file of so many bytes for each cell that goes to the index. */
function nightlies(sizeOf: (key: string) => number | null, day = '20250620'): MemoryStore {
  const store = memoryStores().store('nightly');
  for (const { key, file, folder, version } of published) {
    const size = sizeOf(key);
    if (size !== null) store.plant(`${folder}/${nightlyName(file, day, version)}`, 'x'.repeat(size));
  }
  return store;
}

async function gate(store: MemoryStore | null) {
  const nightly =
    store === null
      ? { ok: false as const, reason: 'AWS_ACCESS_KEY_ID is not set' }
      : { ok: true as const, stores: [store] };
  return decideSizeForecast(
    await readSizes({ train: builtTrain, release: BUILT_RELEASE, nightly, now: NOW }),
    builtTrain,
    [],
    NOW,
  );
}

const LINUX = 'small/wheel/linux-x86_64/cpu/3.12';

describe('size-forecast', () => {
  it('passes with the part that is largest, when everything fits', async () => {
    expect(await gate(nightlies((key) => (key === LINUX ? 800 : 100)))).toMatchObject({
      verdict: 'pass',
      summary: `8 files fit; the largest part: index file ${LINUX} (2.8.0.dev20250620+cpu): 800 B of 1 KiB, 78%`,
    });
  });

  it('fails for a file over the limit, and asks for a raise', async () => {
    const found = await gate(nightlies((key) => (key === LINUX ? 2048 : 100)));
    expect(found).toMatchObject({
      verdict: 'failing',
      summary: `1 over the limit: index file ${LINUX} (2.8.0.dev20250620+cpu): 2 KiB of 1 KiB, 200%`,
    });
    expect(found.fix).toContain('limits.raised');
  });

  it('asks in time for a file that is close to the limit', async () => {
    expect(await gate(nightlies((key) => (key === LINUX ? 1000 : 100)))).toMatchObject({ verdict: 'needs-you' });
  });

  it('judges by the newest nightly, whatever its place in the listing', async () => {
    const store = nightlies(() => 100);
    const [cell] = published;
    if (cell === undefined) throw new Error('something is published');
    for (const [day, size] of [
      ['20250622', 500],
      ['20250621', 5000],
    ] as const)
      store.plant(`${cell.folder}/${nightlyName(cell.file, day, cell.version)}`, 'x'.repeat(size));
    expect((await gate(store)).summary).toContain('500 B of 1 KiB');
  });

  it('counts neither releases, nor other accelerators, nor nightlies of another line', async () => {
    const store = nightlies((key) => (key === LINUX ? null : 100));
    for (const name of [
      'small-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'small-2.8.0.dev20250620+cu126-cp312-cp312-manylinux_2_28_x86_64.whl',
      'small-2.9.0.dev20250620+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
      'small-2.8.0.dev20250620+cpu-cp312-cp312-linux_x86_64.whl',
    ])
      store.plant(`cpu/${name}`, 'x'.repeat(9000));
    const found = await gate(store);
    expect(found).toMatchObject({ verdict: 'no-data', summary: '1 of 8 files have no nightly of 2.8.0 to go by' });
    expect(found.evidence.map(({ text }) => text)).toContain(`no nightly of ${LINUX}`);
  });

  it('adds up what the release takes of a project', async () => {
    const tight = { ...builtTrain, channels: { ...builtTrain.channels } };
    const facts = await readSizes({
      train: builtTrain,
      release: BUILT_RELEASE,
      nightly: { ok: true, stores: [nightlies(() => 900)] },
      now: NOW,
    });
    const sizes = facts.sizes?.known === true ? facts.sizes.value : [];
    const narrow = sizes.map((one) => ({
      ...one,
      expected: { ...one.expected, publish: one.expected.publish.map((each) => ({ ...each, projectLimit: 2000 })) },
    }));
    const found = decideSizeForecast(
      { ...facts, sizes: { known: true, value: narrow, at: NOW, source: 'nightly' } },
      tight,
      [],
      NOW,
    );
    expect(found.verdict).toBe('failing');
    expect(found.evidence[0]?.text).toBe('index project small, this release alone: 3.5 KiB of 2 KiB, 180%');
  });

  it('has no data while the channel cannot be read, and is skipped where nothing goes to an index', async () => {
    expect(await gate(null)).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: AWS_ACCESS_KEY_ID is not set',
    });
    const facts = await readSizes({
      train: smallTrain,
      release: BUILT_RELEASE,
      nightly: { ok: false, reason: 'x' },
      now: NOW,
    });
    expect(decideSizeForecast(facts, smallTrain, [], NOW).verdict).toBe('skipped');
  });
});
