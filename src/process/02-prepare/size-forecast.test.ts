import { describe, expect, it } from 'vitest';
import { BUILT_RELEASE, builtCells, builtTrain } from '../../testing/artifact-app.ts';
import { memoryStores, type MemoryStore } from '../../testing/memory-store.ts';
import { smallTrain } from '../../testing/engine-world.ts';
import { NOW } from '../../testing/small-train.ts';
import type { PackageIndex } from '../../ports/package-index.ts';
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

/** An index in which each project has one file of so many bytes; null where it does not tell how many. */
function indexWith(size: number | null): PackageIndex {
  const file = {
    name: 'x.whl',
    url: 'x.whl',
    digest: null,
    size,
    requiresPython: null,
    metadata: null,
    yanked: null,
    uploadedAt: null,
  };
  return {
    name: 'the index',
    project: async (name) => ({ name, versions: null, files: [file], strange: [] }),
    release: () => Promise.reject(new Error('nobody was to ask for a release')),
    provenance: () => Promise.reject(new Error('nobody was to ask who published')),
    source: () => {
      throw new Error('nobody was to ask for bytes');
    },
  };
}

const EMPTY: PackageIndex = { ...indexWith(0), project: async () => null };

async function gate(store: MemoryStore | null, index: PackageIndex | string = EMPTY) {
  const nightly =
    store === null
      ? { ok: false as const, reason: 'AWS_ACCESS_KEY_ID is not set' }
      : { ok: true as const, stores: [store] };
  const indexes = new Map([['index', index]]);
  return decideSizeForecast(
    await readSizes({ train: builtTrain, release: BUILT_RELEASE, nightly, indexes, now: NOW }),
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

  it('adds what the release takes to what lies in a project already', async () => {
    const full = await gate(
      nightlies(() => 600),
      indexWith(1024 * 1024 - 1000),
    );
    expect(full.verdict).toBe('failing');
    expect(full.summary).toContain('2 over the limit: index project small, with this release: 1 MiB of 1 MiB, 100%');
    expect(
      (
        await gate(
          nightlies(() => 600),
          indexWith(1000),
        )
      ).verdict,
    ).toBe('pass');
  });

  it.each([
    ['the index cannot be read', 'channel index, wheel: no address', 'channel index, wheel: no address'],
    ['the index tells no sizes', indexWith(null), 'it does not tell the size of 1 files'],
  ])('has no data while %s', async (_what, index, text) => {
    const found = await gate(
      nightlies(() => 600),
      index,
    );
    expect(found.verdict).toBe('no-data');
    expect(found.summary).toContain(text);
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
      indexes: new Map(),
      now: NOW,
    });
    expect(decideSizeForecast(facts, smallTrain, [], NOW).verdict).toBe('skipped');
  });
});
