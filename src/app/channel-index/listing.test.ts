import { describe, expect, it } from 'vitest';
import { Train } from '../../domain/train/train.ts';
import { smallTrain } from '../../testing/engine-world.ts';
import { memoryStores } from '../../testing/memory-store.ts';
import { listChannel } from './listing.ts';
import { placesInside, publicAddress } from './places.ts';

const place = (address: string, more: object = {}) => ({ holds: 'wheel', store: 'object-store', address, ...more });
const train = Train.parse({
  ...smallTrain,
  channels: {
    stable: { title: 'Stable', write: 'append', places: [place('https://download.example/whl')] },
    test: { title: 'Test', write: 'replace', places: [place('https://download.example/whl/test/')] },
    nightly: { title: 'Nightly', write: 'replace', places: [place('https://download.example/whl/nightly')] },
    staging: { title: 'Staging', write: 'once', places: [place('https://secret.example/', { public: false })] },
    other: { title: 'Other', write: 'once', places: [place('https://download.example/whl-old/'), place('stores/x')] },
  },
});

describe('a channel inside of which others lie', () => {
  it('is known by the addresses of their places', () => {
    expect(placesInside(train, 'stable')).toEqual(['test/', 'nightly/']);
    expect(placesInside(train, 'test')).toEqual([]);
    expect(publicAddress(train, 'stable', 0)).toBe('https://download.example/whl/');
    expect([
      publicAddress(train, 'staging', 0),
      publicAddress(train, 'other', 1),
      publicAddress(train, 'test', 7),
    ]).toEqual([null, null, null]);
  });

  it('is listed without them, and their thousands of objects are passed over', async () => {
    const store = memoryStores().store('whl');
    for (const key of ['cpu/torch-1-py3-none-any.whl', 'nightly', 'testing/torch-3-py3-none-any.whl', 'zzz/index.html'])
      store.plant(key, '');
    for (let number = 0; number < 2500; number += 1) store.plant(`nightly/cpu/torch-${number}-py3-none-any.whl`, '');
    store.plant('test/torch-2-py3-none-any.whl', '');
    let pages = 0;
    const counting: typeof store = {
      ...store,
      list: async function* list(...given) {
        for await (const page of store.list(...given)) {
          pages += 1;
          yield page;
        }
      },
    };
    const { files, others } = await listChannel(counting, ['test/', 'nightly/']);
    expect([...files.keys()]).toEqual(['cpu/torch-1-py3-none-any.whl', 'testing/torch-3-py3-none-any.whl']);
    expect([...others.keys()]).toEqual(['nightly', 'zzz/index.html']);
    expect(pages).toBe(3);
  });
});
