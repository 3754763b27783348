import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, keyOf } from '../../testing/artifact-store-contract.ts';
import { objectServer, SMALLEST_PART, WITHOUT_CEPH } from '../../testing/ceph.ts';
import { faultProxy, type FaultProxy } from '../../testing/fault-proxy.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { testBucket, type TestBucket } from '../../testing/test-bucket.ts';
import { systemTimers } from '../http/timers.ts';
import { s3Store, type S3Store } from './store.ts';

const COUNT = 32;
const served = { contentType: 'application/x-wheel', cacheControl: null };
const carried = { served: null, onlyIf: 'absent', isFree: true, isKnown: true } as const;
const bytesOf = (number: number): Buffer => Buffer.from(`object ${number}`);
const nameOf = (number: number): string => String(number).padStart(2, '0');
const numbers = Array.from({ length: COUNT }, (_, number) => number);

describe.skipIf(WITHOUT_CEPH)('copies that a listing shows, on a real server', () => {
  let proxy: FaultProxy;
  let bucket: TestBucket;
  let store: S3Store;
  /** Waits until a group is whole, however long that takes. */
  let patient: S3Store;
  const etags = new Map<number, string>();

  const copy = (number: number, to: string, by: S3Store = store) => {
    const { size, digest } = { size: bytesOf(number).length, digest: sha256Of(bytesOf(number)) };
    const source = by.source(keyOf(`from/${nameOf(number)}`), etags.get(number));
    return by.copy(source, keyOf(`${to}/${nameOf(number)}`), { ...carried, size, sha256: digest });
  };
  const requests = () => {
    const methods = Map.groupBy(proxy.passed, ({ method }) => method);
    return Object.fromEntries([...methods].map(([method, all]) => [method, all.length]));
  };

  beforeAll(async () => {
    const { endpoint, ...credentials } = await objectServer();
    bucket = await testBucket({ endpoint, ...credentials });
    proxy = await faultProxy(endpoint);
    const limits = { smallestPart: SMALLEST_PART };
    const at = { bucket: bucket.name, prefix: '', region: 'us-east-1', pathStyle: true, credentials, limits };
    store = s3Store({ ...at, endpoint: proxy.url });
    patient = s3Store({ ...at, endpoint: proxy.url, timers: { ...systemTimers, after: () => () => undefined } });
    for (const number of numbers) {
      const bytes = bytesOf(number);
      const draft = { sha256: sha256Of(bytes), served, onlyIf: null };
      etags.set(number, (await store.put(keyOf(`from/${nameOf(number)}`), { bytes }, draft)).etag);
    }
  });
  afterAll(async () => {
    for (const each of [store, patient, bucket]) each.close();
    await proxy.close();
  });

  it('take one request each, and for all of them one look and one listing', async () => {
    proxy.begin();
    const made = await Promise.all(numbers.map((number) => copy(number, 'to', patient)));
    expect(requests()).toEqual({ PUT: COUNT, HEAD: 1, GET: 1 });
    for (const [number, object] of made.entries()) {
      const { contentType, ...told } = (await store.look(keyOf(`to/${nameOf(number)}`))) ?? { contentType: null };
      expect(contentType).toBe(served.contentType);
      expect(told).toMatchObject(object);
      expect(object.sha256).toBe(sha256Of(bytesOf(number)));
    }
  });

  it('of a source that was written again, which this server copies all the same, are told and do not stay', async () => {
    const other = Buffer.from('object X');
    await store.put(keyOf('from/05'), { bytes: other }, { sha256: sha256Of(other), served, onlyIf: null });
    const outcomes = await Promise.allSettled(numbers.map((number) => copy(number, 'again')));
    const failed = outcomes.flatMap((outcome, number) => (outcome.status === 'rejected' ? [number] : []));
    expect(failed).toEqual([5]);
    expect(await store.look(keyOf('again/05'))).toBeNull();
    expect(await failureOf(copy(5, 'again'))).toBe('changed');
  });

  it('of an object of parts, whose ETag proves nothing, are looked at one by one', async () => {
    const bytes = Buffer.alloc(2 * SMALLEST_PART, 7);
    const sha256 = sha256Of(bytes);
    const whole = { size: bytes.length, pieces: [{ kind: 'copy' as const, offset: 0, length: bytes.length }] };
    await store.put(keyOf('plain'), { bytes }, { sha256, served, onlyIf: null });
    const draft = { splice: whole, sha256, served, onlyIf: null };
    const { object } = await store.compose(store.source(keyOf('plain')), keyOf('parts'), draft);
    expect(object.etag).toContain('-');
    proxy.begin();
    const source = () => store.source(keyOf('parts'), object.etag);
    const keys = numbers.slice(0, 8).map((number) => keyOf(`of-parts/${number}`));
    const drafted = { ...carried, size: bytes.length, sha256 };
    await Promise.all(keys.map((key) => store.copy(source(), key, drafted)));
    expect(requests()).toMatchObject({ PUT: 8, HEAD: 8 });
  });
});
