/**
 * Copying inside a real S3 server (Ceph, started here): our adapter beside `aws s3 cp --recursive`, in turn; requests and bytes are counted by a proxy.
 * Needs the Debian packages of .ci/run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startObjectServer, stopObjectServer } from '../../src/testing/ceph.ts';
import { faultProxy } from '../../src/testing/fault-proxy.ts';
import { testBucket } from '../../src/testing/test-bucket.ts';
import { countOurs, fillLarge, fillSmall, timeAws, timeOurs, type Ground } from './copying.ts';

const PAIRS = 3;
const PER_OBJECT = 2.2;
const TIMES_FASTER = 2;
const MOST_FOR_LARGE = 100;

function told(what: string, is: string, holds: boolean): void {
  console.log(`${what}: ${is}: ${holds ? 'within' : 'OVER'}`);
  if (!holds) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function pairs(ground: Ground, prefix: string): Promise<readonly { ours: number; aws: number }[]> {
  const all = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // In turn who is first.
    const first = pair % 2 === 0 ? await timeAws(ground, prefix) : null;
    const ours = await timeOurs(ground, prefix);
    all.push({ ours, aws: first ?? (await timeAws(ground, prefix)) });
  }
  return all;
}

async function small(ground: Ground): Promise<void> {
  await fillSmall(ground);
  const { objects, requests, bytes } = await countOurs(ground, 'small/');
  const each = requests / objects;
  told(
    `${objects} small objects`,
    `${each.toFixed(2)} requests each, limit ${PER_OBJECT}, ${(bytes / objects).toFixed(0)} bytes of answers each`,
    each <= PER_OBJECT,
  );
  const timed = await pairs(ground, 'small/');
  const ratio = median(timed.map(({ ours, aws }) => aws / ours));
  const millis = (side: 'ours' | 'aws'): string => median(timed.map((pair) => pair[side])).toFixed(0);
  told(
    'times faster than aws',
    `${ratio.toFixed(1)} (${millis('ours')} to ${millis('aws')} ms), limit ${TIMES_FASTER}`,
    ratio >= TIMES_FASTER,
  );
}

async function large(ground: Ground): Promise<void> {
  await fillLarge(ground);
  const { objects, requests, bytes } = await countOurs(ground, 'large/');
  told(
    `${objects} objects of 800 MB`,
    `${requests} requests, limit ${MOST_FOR_LARGE}, ${(bytes / 1024).toFixed(0)} KiB moved`,
    requests < MOST_FOR_LARGE,
  );
  // Once: the peer takes minutes on a busy machine.
  const timed = [{ aws: await timeAws(ground, 'large/'), ours: await timeOurs(ground, 'large/') }];
  console.log(
    `times faster than aws: ${median(timed.map(({ ours, aws }) => aws / ours)).toFixed(1)} (${median(timed.map(({ ours }) => ours)).toFixed(0)} ms)`,
  );
}

delete process.env['NODE_EXTRA_CA_CERTS'];
const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'signalbox-bench-store-'));
try {
  const server = await startObjectServer(join(folder, 'ceph'));
  const proxy = await faultProxy(server.endpoint);
  const [from, to] = [await testBucket(server), await testBucket(server)];
  const ground = { server, proxy, from: from.name, to: to.name };
  await small(ground);
  await large(ground);
  for (const bucket of [from, to]) bucket.close();
  await proxy.close();
} finally {
  await stopObjectServer(folder);
  await stopObjectServer(join(folder, 'ceph'));
}
