/**
 * Copying inside a real S3 server (Ceph, started here): our adapter beside `aws s3 cp --recursive`, in turn; requests and bytes are counted by a proxy.
 * Needs the Debian packages of .ci/run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startObjectServer, stopObjectServer } from '../../src/testing/ceph.ts';
import { faultProxy } from '../../src/testing/fault-proxy.ts';
import { beside, median, quietest } from '../quiet.ts';
import { endReport, outsideOf, tell, tellTimed } from '../report.ts';
import { testBucket } from '../../src/testing/test-bucket.ts';
import { composeWheel } from './composing.ts';
import { countOurs, fillLarge, fillMany, fillSmall, timeAws, timeOurs, type Ground, type Picked } from './copying.ts';

const PAIRS = { enough: 3, most: 6 };
const PER_OBJECT = 2.2;
const TIMES_FASTER = 2;
const TIMES_FASTER_PICKED = 3;
const MOST_FOR_LARGE = 100;
const SMALL: Picked = { prefix: 'small/', ending: '' };
const LARGE: Picked = { prefix: 'large/', ending: '' };
const PICKED: Picked = { prefix: 'many/', ending: '-cu7.whl' };
const MOST_FOR_WHEEL = { requests: 8, share: 0.01 };

/** The processes of the server. */
async function serverOf(folder: string): Promise<readonly number[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pid'));
  return Promise.all(names.map(async (name) => Number(await readFile(join(folder, name), 'utf8'))));
}

async function pairs(ground: Ground, picked: Picked) {
  return quietest(PAIRS, async (index) => {
    const sides = { ours: () => timeOurs(ground, picked), aws: () => timeAws(ground, picked) };
    // In turn who is first. The server works for both, and is nobody else.
    const order = index % 2 === 0 ? (['aws', 'ours'] as const) : (['ours', 'aws'] as const);
    const millis = { ours: Number.NaN, aws: Number.NaN };
    let outside = 0;
    for (const side of order) {
      const taken = await beside(sides[side], ground.helpers);
      millis[side] = taken.value;
      outside = Math.max(outside, taken.outside);
    }
    return { ...millis, outside };
  });
}

async function timed(ground: Ground, picked: Picked, limit: number): Promise<void> {
  const taken = await pairs(ground, picked);
  const ratio = median(taken.map(({ ours, aws }) => aws / ours));
  const millis = (side: 'ours' | 'aws'): string => median(taken.map((pair) => pair[side])).toFixed(0);
  tellTimed(
    `${picked.prefix}: faster than aws`,
    `${ratio.toFixed(1)} times (${millis('ours')} to ${millis('aws')} ms), limit ${limit}`,
    { holds: ratio >= limit, outside: outsideOf(taken) },
  );
}

async function small(ground: Ground): Promise<void> {
  await fillSmall(ground);
  const { objects, requests, bytes } = await countOurs(ground, SMALL);
  const each = requests / objects;
  tell(
    `${objects} small objects`,
    `${each.toFixed(2)} requests each, limit ${PER_OBJECT}, ${(bytes / objects).toFixed(0)} bytes of answers each`,
    each <= PER_OBJECT,
  );
  await timed(ground, SMALL, TIMES_FASTER);
}

async function picked(ground: Ground): Promise<void> {
  const started = performance.now();
  const all = await fillMany(ground);
  const seconds = (performance.now() - started) / 1000;
  const { objects, requests } = await countOurs(ground, PICKED);
  const each = requests / objects;
  console.log(`${all} keys were made in ${seconds.toFixed(0)} s`);
  tell(
    `${objects} of them picked by a pattern`,
    `${each.toFixed(2)} requests each, limit ${PER_OBJECT}`,
    each <= PER_OBJECT,
  );
  await timed(ground, PICKED, TIMES_FASTER_PICKED);
}

async function large(ground: Ground): Promise<void> {
  await fillLarge(ground);
  const { objects, requests, bytes } = await countOurs(ground, LARGE);
  tell(
    `${objects} objects of 800 MB`,
    `${requests} requests, limit ${MOST_FOR_LARGE}, ${(bytes / 1024).toFixed(0)} KiB moved`,
    requests < MOST_FOR_LARGE,
  );
  // Once: the peer takes minutes on a busy machine.
  const [aws, ours] = [await timeAws(ground, LARGE), await timeOurs(ground, LARGE)];
  console.log(`times faster than aws: ${(aws / ours).toFixed(1)} (${ours.toFixed(0)} ms)`);
}

async function composed(ground: Ground, folder: string): Promise<void> {
  const { size, requests, moved, made, millis, isTheSame } = await composeWheel(ground, folder);
  const { requests: most, share } = MOST_FOR_WHEEL;
  const megabytes = (size / 1e6).toFixed(0);
  tell(
    `a wheel of ${megabytes} MB re-versioned ${made}`,
    `${requests} requests, limit ${most}, ${millis.toFixed(0)} ms`,
    requests <= most && made === 'in-store',
  );
  tell('of its bytes moved', `${((moved / size) * 100).toFixed(2)} %, limit ${share * 100} %`, moved / size < share);
  tell('its bytes', isTheSame ? 'those that are made here' : 'others than are made here', isTheSame);
}

delete process.env['NODE_EXTRA_CA_CERTS'];
const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'signalbox-bench-store-'));
try {
  const server = await startObjectServer(join(folder, 'ceph'));
  const proxy = await faultProxy(server.endpoint);
  const [from, to] = [await testBucket(server), await testBucket(server)];
  const helpers = await serverOf(join(folder, 'ceph'));
  const ground = { server, helpers, proxy, from: from.name, to: to.name };
  await composed(ground, folder);
  await small(ground);
  await large(ground);
  await picked(ground);
  for (const bucket of [from, to]) bucket.close();
  await proxy.close();
} finally {
  await stopObjectServer(folder);
  await stopObjectServer(join(folder, 'ceph'));
}
endReport('store');
