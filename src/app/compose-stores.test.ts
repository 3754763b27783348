import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretOf } from '../config/environment-reading.ts';
import { Channel } from '../domain/train/channels.ts';
import { smallTrain } from '../testing/engine-world.ts';
import { keyOf } from '../testing/artifact-store-contract.ts';
import { sha256Of } from '../testing/memory-store.ts';
import { composeStores } from './compose-stores.ts';

const keys = { accessKeyId: 'AK', secretAccessKey: secretOf('SK') };
const mirror = { endpoint: 'http://127.0.0.1:9', region: 'auto', credentials: 'r2-mirror' };

describe('the stores of a channel', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'signalbox-stores-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const storesOf = (
    places: readonly object[],
    environment: Partial<Parameters<typeof composeStores>[0]['environment']> = {},
  ) => {
    const channels = { stable: Channel.parse({ title: 'Stable', write: 'append', places }) };
    const said = { storeKeys: new Map(), storeAddresses: new Map(), ...environment };
    return composeStores({ dir, train: { ...smallTrain, channels }, environment: said, answers: null });
  };
  const wheels = { holds: 'wheel', store: 'object-store' };

  it('are folders below that of the train file, opened once', async () => {
    const stores = storesOf([
      { ...wheels, address: 'stores/stable' },
      { holds: 'wheel', store: 'package-index' },
    ]);
    const found = await stores.of('stable');
    const [only, ...more] = found.ok ? found.value : [];
    expect(more).toEqual([]);
    const { writable } = only ?? {};
    const draft = { sha256: sha256Of('x'), served: { contentType: 'text/plain', cacheControl: null }, onlyIf: null };
    if (writable?.ok === true) await writable.value.put(keyOf('a'), { bytes: Buffer.from('x') }, draft);
    expect(await only?.store.look(keyOf('a'))).toMatchObject({ size: 1 });
    expect(only?.store.name).toBe(join(dir, 'stores', 'stable'));
    const again = await stores.of('stable');
    expect(again.ok ? again.value[0] : null).toBe(only);
  });

  it('are buckets on several servers, each with its own keys, and have a public address beside', async () => {
    const places = [
      { ...wheels, address: 'https://download.example/whl/', origin: 's3://wheels/whl', server: {} },
      { ...wheels, address: 's3://mirror/', server: mirror },
    ];
    const stores = storesOf(places, {
      storeKeys: new Map([
        ['', keys],
        ['r2-mirror', keys],
      ]),
    });
    const found = await stores.of('stable');
    expect(
      found.ok
        ? found.value.map(({ store, writable, outside }) => [store.name, writable.ok, outside?.name ?? null])
        : found,
    ).toEqual([
      ['s3://wheels/whl', true, 'https://download.example/whl/'],
      ['s3://mirror', true, null],
    ]);
    stores.close();
  });

  it('cannot be written to without keys, and say which are missing', async () => {
    const stores = storesOf([{ ...wheels, address: 's3://mirror', server: mirror }], {
      storeKeys: new Map([['', keys]]),
    });
    const found = await stores.of('stable');
    const writable = found.ok ? found.value[0]?.writable : null;
    expect(writable).toEqual({
      ok: false,
      problems: [
        {
          kind: 'not-allowed',
          code: 'store-without-keys',
          text: 'Channel stable, wheel: there are no keys to write to s3://mirror. Set SIGNALBOX_S3_R2_MIRROR_ACCESS_KEY_ID and SIGNALBOX_S3_R2_MIRROR_SECRET_ACCESS_KEY.',
        },
      ],
    });
  });

  it('can only be read over HTTP, unless it is said where they are written', async () => {
    const found = await storesOf([{ ...wheels, address: 'https://download.example/whl/' }]).of('stable');
    const [only] = found.ok ? found.value : [];
    expect([only?.store.name, only?.outside?.name]).toEqual([
      'https://download.example/whl/',
      'https://download.example/whl/',
    ]);
    expect(only?.writable).toMatchObject({ ok: false, problems: [{ code: 'store-only-read' }] });
  });

  it('are told apart from package indexes and conda channels, which are opened too', async () => {
    const places = [
      wheels,
      { holds: 'wheel', store: 'package-index', address: 'https://index.example/' },
      { holds: 'conda', store: 'conda', address: 'https://conda.example/pytorch' },
      { holds: 'any', store: 'package-index', address: 'index' },
    ];
    const stores = storesOf(places.slice(0, 3));
    const [indexes, channels] = [await stores.indexesOf('stable'), await stores.condaOf('stable')];
    expect(indexes.ok ? indexes.value.map(({ name }) => name) : null).toEqual(['https://index.example/simple/']);
    expect(channels.ok ? channels.value.map(({ name }) => name) : null).toEqual(['https://conda.example/pytorch/']);
    expect(await storesOf(places).indexesOf('stable')).toMatchObject({
      ok: false,
      problems: [
        {
          text: 'Channel stable, any: “index” is no address of it. Give the place an `address` in the train file, or set SIGNALBOX_STORE_STABLE: https://….',
        },
      ],
    });
  });

  it('lie where the environment says, if the train does not', async () => {
    const stores = storesOf([wheels], { storeAddresses: new Map([['stable', '/srv/stable']]) });
    const found = await stores.of('stable');
    expect(found.ok ? found.value[0]?.store.name : null).toBe('/srv/stable');
  });

  it('are refused all at once where it is not said, or wrongly, where they lie', async () => {
    const found = await storesOf([wheels, { ...wheels, origin: 'ftp://x' }]).of('stable');
    expect(found.ok ? [] : found.problems.map(({ code, text }) => [code, text])).toEqual([
      [
        'store-without-address',
        'Channel stable, wheel: it is not said where it lies. Give the place an `origin` in the train file, or set SIGNALBOX_STORE_STABLE: s3://bucket/prefix, or a folder.',
      ],
      [
        'store-without-address',
        'Channel stable, wheel: “ftp://x” is no address of it. Give the place an `origin` in the train file, or set SIGNALBOX_STORE_STABLE: s3://bucket/prefix, or a folder.',
      ],
    ]);
    expect(await storesOf([]).of('nightly')).toMatchObject({ ok: false, problems: [{ code: 'channel-unknown' }] });
  });
});
