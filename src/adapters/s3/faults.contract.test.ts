import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Splice } from '../../domain/byte-source.ts';
import { splicedBytes } from '../../domain/splice.ts';
import { ArtifactStoreError } from '../../ports/artifact-store.ts';
import { failureOf, keyOf, keysIn, patterned } from '../../testing/artifact-store-contract.ts';
import { objectServer, SMALLEST_PART, WITHOUT_CEPH } from '../../testing/ceph.ts';
import { FAULTS, faultProxy, type Fault, type FaultProxy } from '../../testing/fault-proxy.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { testBucket, type TestBucket } from '../../testing/test-bucket.ts';
import { s3Store, type S3Store } from './store.ts';

const KIBIBYTE = 1024;
/** As small as they can be: everything of a megabyte is large. */
const limits = { smallestPart: SMALLEST_PART, sentPart: 4 * SMALLEST_PART, largestCopy: 10 * SMALLEST_PART };
const served = { contentType: 'application/x-wheel', cacheControl: null };
const LARGE = patterned(700 * KIBIBYTE);
const SMALL = patterned(1000, 7);

let proxy: FaultProxy;
let bucket: TestBucket;
/** Goes through the proxy; the other one does not. */
let store: S3Store;
let plain: S3Store;
let waits: number[] = [];

beforeAll(async () => {
  const { endpoint, ...credentials } = await objectServer();
  bucket = await testBucket({ endpoint, ...credentials });
  proxy = await faultProxy(endpoint);
  const timers = {
    sleep: async (millis: number) => void waits.push(millis),
    after: () => () => undefined,
    random: () => 0,
  };
  const at = { bucket: bucket.name, prefix: '', region: 'us-east-1', pathStyle: true, credentials, limits };
  store = s3Store({ ...at, endpoint: proxy.url, timers });
  plain = s3Store({ ...at, endpoint });
  const put = { served, onlyIf: null };
  await plain.put(keyOf('source/large'), { bytes: LARGE }, { ...put, sha256: sha256Of(LARGE) });
  await plain.put(keyOf('source/small'), { bytes: SMALL }, { ...put, sha256: sha256Of(SMALL) });
});
afterAll(async () => {
  for (const each of [store, plain, bucket]) each.close();
  await proxy.close();
});

async function bytesAt(key: string): Promise<Buffer | null> {
  const there = await plain.look(keyOf(key));
  return there === null ? null : Buffer.from(await plain.source(keyOf(key)).read(0, there.size));
}

/** The next object that a run makes. */
let made = 0;
const fresh = (): string => `made/${(made += 1)}`;

interface Scenario {
  readonly name: string;
  /** What is there before, under the key that the work is given. */
  readonly before: Buffer | null;
  readonly after: Buffer | null;
  readonly work: (key: string) => Promise<unknown>;
}

const largeSplice: Splice = {
  size: LARGE.length,
  pieces: [
    { kind: 'copy', offset: 0, length: LARGE.length - 4000 },
    { kind: 'bytes', bytes: SMALL },
    { kind: 'copy', offset: LARGE.length - 3000, length: 3000 },
  ],
};

const carried = { served: null, onlyIf: null };
const sourceOf = (name: string) => store.source(keyOf(`source/${name}`));

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'putting a new object',
    before: null,
    after: SMALL,
    work: (key) => store.put(keyOf(key), { bytes: SMALL }, { sha256: sha256Of(SMALL), served, onlyIf: 'absent' }),
  },
  {
    name: 'replacing the state that was looked at',
    before: Buffer.from('before'),
    after: SMALL,
    work: async (key) => {
      const there = await store.look(keyOf(key));
      const onlyIf = { etag: there?.etag ?? '' };
      await store.put(keyOf(key), { bytes: SMALL }, { sha256: sha256Of(SMALL), served, onlyIf });
    },
  },
  {
    name: 'putting a large object in parts',
    before: null,
    after: LARGE,
    work: (key) => {
      const pieces = [LARGE.subarray(0, 300 * KIBIBYTE), LARGE.subarray(300 * KIBIBYTE)];
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield* pieces;
      }
      const draft = { sha256: sha256Of(LARGE), served, onlyIf: 'absent' as const };
      return store.put(keyOf(key), { size: LARGE.length, stream: stream() }, draft);
    },
  },
  {
    name: 'copying',
    before: null,
    after: SMALL,
    work: (key) =>
      store.copy(sourceOf('small'), keyOf(key), { ...carried, size: SMALL.length, sha256: sha256Of(SMALL) }),
  },
  {
    name: 'copying more than one copy may have',
    before: null,
    after: LARGE,
    work: (key) =>
      store.copy(sourceOf('large'), keyOf(key), { ...carried, size: LARGE.length, sha256: sha256Of(LARGE) }),
  },
  {
    name: 'composing',
    before: null,
    after: Buffer.concat([LARGE.subarray(0, -4000), SMALL, LARGE.subarray(-3000)]),
    work: (key) =>
      store.compose(sourceOf('large'), keyOf(key), { splice: largeSplice, sha256: null, served, onlyIf: null }),
  },
  {
    name: 'reading: listed, looked at, its end, a range, and all of it',
    before: SMALL,
    after: SMALL,
    work: async (key) => {
      expect(await keysIn(store, key)).toEqual([key]);
      expect(await store.look(keyOf(key))).toMatchObject({ size: SMALL.length });
      const source = store.source(keyOf(key));
      expect((await source.tail(10)).bytes).toEqual(SMALL.subarray(-10));
      expect(await source.read(3, 30)).toEqual(SMALL.subarray(3, 33));
      const pieces: Uint8Array[] = [];
      for await (const piece of source.stream(0, SMALL.length)) pieces.push(piece);
      expect(Buffer.concat(pieces)).toEqual(SMALL);
    },
  },
  { name: 'removing', before: SMALL, after: null, work: (key) => store.remove(keyOf(key), null) },
];

async function prepared({ before }: Scenario): Promise<string> {
  const key = fresh();
  if (before !== null) await bucket.plant(key, before);
  return key;
}

/** How many requests the work makes when nothing goes wrong. */
async function requestsOf(scenario: Scenario): Promise<number> {
  const key = await prepared(scenario);
  proxy.begin();
  await scenario.work(key);
  const { length } = proxy.passed;
  expect(await bytesAt(key)).toEqual(scenario.after);
  return length;
}

describe.skipIf(WITHOUT_CEPH).each(SCENARIOS)('$name', (scenario) => {
  it('ends as without faults when any one request comes to any harm', async () => {
    const count = await requestsOf(scenario);
    for (let at = 1; at <= count; at += 1) {
      for (const fault of FAULTS) {
        const key = await prepared(scenario);
        proxy.begin((number) => (number === at ? fault : null));
        await scenario.work(key);
        expect({
          at,
          fault,
          same: Buffer.compare((await bytesAt(key)) ?? Buffer.of(), scenario.after ?? Buffer.of()),
        }).toEqual({ at, fault, same: 0 });
      }
    }
  });

  it('fails clearly when the harm goes on, leaves the old state or the new one, and works again afterwards', async () => {
    const count = await requestsOf(scenario);
    const lasting: readonly Fault[] = ['refused', '503', '500'];
    for (let at = 1; at <= count; at += 1) {
      const fault = lasting[at % lasting.length] ?? '500';
      const key = await prepared(scenario);
      proxy.begin((number) => (number >= at ? fault : null));
      expect(await failureOf(scenario.work(key))).toMatch(/^(busy|unreachable)$/);
      const left = await bytesAt(key);
      expect(
        [scenario.before, scenario.after].some((state) => state?.equals(left ?? Buffer.of()) ?? left === null),
      ).toBe(true);
      proxy.begin();
      await bucket.plant(key, scenario.before ?? Buffer.of());
      if (scenario.before === null) await plain.remove(keyOf(key), null);
      await scenario.work(key);
      expect(await bytesAt(key)).toEqual(scenario.after);
    }
  });
});

describe.skipIf(WITHOUT_CEPH)('what a store is asked for', () => {
  it('waits as long as the server asks', async () => {
    const key = fresh();
    await bucket.plant(key, SMALL);
    waits = [];
    proxy.begin((number) => (number <= 2 ? '503' : null));
    await store.look(keyOf(key));
    expect(waits).toEqual([1000, 1000]);
  });

  it('is two requests for a copy whose source was listed, and none of its bytes', async () => {
    const key = fresh();
    const small = await plain.look(keyOf('source/small'));
    proxy.begin();
    const from = store.source(keyOf('source/small'), small?.etag);
    await store.copy(from, keyOf(key), { ...carried, size: SMALL.length, sha256: sha256Of(SMALL) });
    expect(proxy.passed.map(({ method }) => method)).toEqual(['PUT', 'HEAD']);
    expect(proxy.passed.reduce((sum, { sent, received }) => sum + sent + received, 0)).toBeLessThan(SMALL.length);
  });

  it('is at most eight requests for looking at a wheel and rewriting its end, whatever its size', async () => {
    const key = fresh();
    proxy.begin();
    const from = store.source(keyOf('source/large'));
    await from.tail(64 * 1024);
    await from.read(LARGE.length - 80_000, 20_000);
    const splice: Splice = {
      size: LARGE.length - 4,
      pieces: [
        { kind: 'copy', offset: 0, length: LARGE.length - 80_000 },
        { kind: 'bytes', bytes: SMALL },
        { kind: 'copy', offset: LARGE.length - 79_000, length: 78_996 },
      ],
    };
    const { made: how, sent } = await store.compose(from, keyOf(key), { splice, sha256: null, served, onlyIf: null });
    expect({ how, sent }).toEqual({ how: 'in-store', sent: 79_996 });
    expect(proxy.passed.map(({ method }) => method)).toEqual([
      'GET',
      'GET',
      'POST',
      'PUT',
      'PUT',
      'HEAD',
      'POST',
      'HEAD',
    ]);
    const expected: Uint8Array[] = [];
    for await (const piece of splicedBytes(from, splice)) expected.push(piece);
    expect(await bytesAt(key)).toEqual(Buffer.concat(expected));
  });

  it('leaves no parts behind when a composition fails', async () => {
    const key = fresh();
    const from = plain.source(keyOf('source/large'), 'another-state');
    const composing = plain.compose(from, keyOf(key), { splice: largeSplice, sha256: null, served, onlyIf: null });
    expect(await failureOf(composing)).toBe('changed');
    const { Uploads } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: key }));
    expect(Uploads ?? []).toEqual([]);
  });
});

describe.skipIf(WITHOUT_CEPH)('a server that cannot be used', () => {
  const at = { prefix: '', region: 'us-east-1', pathStyle: true, limits };

  it('is told by what is wrong: no bucket, no right, no server', async () => {
    const { endpoint, ...credentials } = await objectServer();
    const timers = { sleep: async () => undefined, after: () => () => undefined, random: () => 0 };
    const use = async (change: object): Promise<readonly string[]> => {
      const other = s3Store({ ...at, bucket: bucket.name, endpoint, credentials, timers, ...change });
      const failures = [await failureOf(other.look(keyOf('a'))), await failureOf(keysIn(other, ''))];
      other.close();
      return failures;
    };
    expect(await use({ bucket: 'no-such-bucket' })).toEqual(['missing', 'missing']);
    expect(await use({ credentials: null })).toEqual(['not-allowed', 'not-allowed']);
    expect(await use({ credentials: { ...credentials, secretAccessKey: 'wrong' } })).toEqual([
      'not-allowed',
      'not-allowed',
    ]);
    expect(await use({ endpoint: 'http://127.0.0.1:9' })).toEqual(['unreachable', 'unreachable']);
  });

  it('shows no secret in what is told', async () => {
    const { endpoint } = await objectServer();
    const credentials = { accessKeyId: 'SIGNALBOXTEST', secretAccessKey: 'hunter2hunter2' };
    const other = s3Store({ ...at, bucket: bucket.name, endpoint, credentials });
    const error: unknown = await other.look(keyOf('a')).catch((thrown: unknown) => thrown);
    other.close();
    expect(error).toBeInstanceOf(ArtifactStoreError);
    expect(String(error)).toBe(
      `ArtifactStoreError: cannot look at a in s3://${bucket.name}: 403. Check the credentials and what they may do.`,
    );
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});
