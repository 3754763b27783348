import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { StoreKey } from '../../src/domain/store-key.ts';
import type { ListedObject } from '../../src/ports/artifact-store.ts';
import { eachAtOnce } from '../../src/adapters/http/slots.ts';
import { s3Store, type S3Store } from '../../src/adapters/s3/store.ts';
import { runningDigest } from '../../src/domain/sha256.ts';
import { sha256Of } from '../../src/testing/memory-store.ts';
import type { ObjectServer } from '../../src/testing/ceph.ts';
import type { FaultProxy } from '../../src/testing/fault-proxy.ts';

export const SMALL = 2000;
/** Of which the pattern picks every thirtieth: 2,000. */
const MANY = 60_000;
const GROUPS = 30;
const LARGE = 40;
const LARGE_SIZE = 800_000_000;
const AT_ONCE = 64;
const AWS = '/usr/bin/aws';

/** Two buckets on one server, reached directly and through the proxy that counts. */
export interface Ground {
  readonly server: ObjectServer;
  /** Its processes. */
  readonly helpers: readonly number[];
  readonly proxy: FaultProxy;
  readonly from: string;
  readonly to: string;
}

/** A bucket of the server, reached as it is told. */
export function storeIn(
  { server: { endpoint, ...credentials } }: Ground,
  bucket: string,
  through: string = endpoint,
): S3Store {
  return s3Store({ bucket, prefix: '', endpoint: through, region: 'us-east-1', pathStyle: true, credentials });
}

const served = { contentType: 'application/octet-stream', cacheControl: null };

export function smallKey(number: number): StoreKey {
  return StoreKey.parse(`small/${String(number).padStart(5, '0')}`);
}

export async function fillSmall(ground: Ground): Promise<void> {
  const store = storeIn(ground, ground.from);
  await eachAtOnce(Array.from({ length: SMALL }).keys(), AT_ONCE, async (number) => {
    const bytes = Buffer.from(`object ${number}`);
    await store.put(smallKey(number), { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
  });
  store.close();
}

/** A channel as it is: one accelerator of many is picked by a pattern. Returns how many there are. */
export async function fillMany(ground: Ground): Promise<number> {
  const store = storeIn(ground, ground.from);
  await eachAtOnce(Array.from({ length: MANY }).keys(), AT_ONCE, async (number) => {
    const bytes = Buffer.from(`object ${number}`);
    const [group, name] = [number % GROUPS, String(Math.floor(number / GROUPS)).padStart(5, '0')];
    const key = StoreKey.parse(`many/package-${name}-cu${group}.whl`);
    await store.put(key, { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
  });
  store.close();
  return MANY;
}

/** What is copied: all under a prefix, or of that what ends so. */
export interface Picked {
  readonly prefix: string;
  readonly ending: string;
}

export async function fillLarge(ground: Ground): Promise<void> {
  const store = storeIn(ground, ground.from);
  const block = randomBytes(8_000_000);
  const first = StoreKey.parse('large/00');
  async function* blocks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < LARGE_SIZE; at += block.length) yield block;
  }
  const digest = runningDigest();
  for await (const bytes of blocks()) digest.add(bytes);
  const draft = { sha256: digest.digest(), served, onlyIf: null };
  const object = await store.put(first, { size: LARGE_SIZE, stream: blocks() }, draft);
  for (let number = 1; number < LARGE; number += 1) {
    const key = StoreKey.parse(`large/${String(number).padStart(2, '0')}`);
    await store.copy(store.source(first, object.etag), key, {
      size: LARGE_SIZE,
      sha256: null,
      served: null,
      onlyIf: null,
    });
  }
  store.close();
}

/** Lists the source, and copies each object; returns how many. */
async function copyAll(from: S3Store, to: S3Store, { prefix, ending }: Picked): Promise<number> {
  const objects: ListedObject[] = [];
  for await (const page of from.list(prefix)) objects.push(...page.objects.filter(({ key }) => key.endsWith(ending)));
  await eachAtOnce(objects, AT_ONCE, async ({ key, size, etag }) => {
    await to.copy(from.source(key, etag ?? undefined), key, {
      size: size ?? 0,
      sha256: null,
      served: null,
      onlyIf: null,
    });
  });
  return objects.length;
}

export async function emptyTarget(ground: Ground, prefix: string): Promise<void> {
  const store = storeIn(ground, ground.to);
  for await (const page of store.list(prefix)) {
    await eachAtOnce(page.objects, AT_ONCE, async ({ key }) => void (await store.remove(key, null)));
  }
  store.close();
}

export interface Counted {
  readonly objects: number;
  readonly requests: number;
  readonly bytes: number;
}

/** Ours through the proxy: how many requests, and how much of the objects came by. */
export async function countOurs(ground: Ground, picked: Picked): Promise<Counted> {
  await emptyTarget(ground, picked.prefix);
  const [from, to] = [storeIn(ground, ground.from, ground.proxy.url), storeIn(ground, ground.to, ground.proxy.url)];
  ground.proxy.begin();
  const objects = await copyAll(from, to, picked);
  const { passed } = ground.proxy;
  from.close();
  to.close();
  return {
    objects,
    requests: passed.length,
    bytes: passed.reduce((sum, { sent, received }) => sum + sent + received, 0),
  };
}

export async function timeOurs(ground: Ground, picked: Picked): Promise<number> {
  await emptyTarget(ground, picked.prefix);
  const [from, to] = [storeIn(ground, ground.from), storeIn(ground, ground.to)];
  const started = performance.now();
  await copyAll(from, to, picked);
  const millis = performance.now() - started;
  from.close();
  to.close();
  return millis;
}

/** `aws s3 cp --recursive`, as it is configured out of the box; with a pattern where not all is picked. */
export async function timeAws(ground: Ground, { prefix, ending }: Picked): Promise<number> {
  await emptyTarget(ground, prefix);
  const { server, from, to } = ground;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const args = ['--endpoint-url', server.endpoint, 's3', 'cp', '--recursive', '--only-show-errors'];
  if (ending !== '') args.push('--exclude', '*', '--include', `*${ending}`);
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const child = spawn(AWS, [...args, `s3://${from}/${prefix}`, `s3://${to}/${prefix}`], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`aws ended with ${code}`))));
  });
  return performance.now() - started;
}
