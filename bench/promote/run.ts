/**
 * A plan of copies, carried out by the engine with its ledger in PostgreSQL on a real S3 server (Ceph, started here), beside `aws s3 cp --recursive` of the
 * same objects, in turn. Requests and bytes are counted by a proxy in a run of its own. Needs the Debian packages of .ci/run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startObjectServer, stopObjectServer } from '../../src/testing/ceph.ts';
import { faultProxy, type Passed } from '../../src/testing/fault-proxy.ts';
import { testBucket } from '../../src/testing/test-bucket.ts';
import { beside, median, quietest } from '../quiet.ts';
import { endReport, outsideOf, tell, tellTimed } from '../report.ts';
import { emptyTarget, fillLarge, fillMany, fillSmall, timeAws, type Ground, type Picked } from '../store/copying.ts';
import { timeFloor } from './floor.ts';
import { openOurHouse, type OurHouse } from './ours.ts';

const PAIRS = { enough: 3, most: 6 };
const PER_OBJECT = 2.2;
/** Bodies of requests and answers besides listings: what a copy says of itself, and nothing of the object. */
const BYTES_EACH = 1024;
const MOST_FOR_LARGE = 100;
const SMALL = { name: 'small objects', pick: { prefix: 'small/', ending: '' }, faster: 2 } as const;
const PICKED = { name: 'picked of 60,000', pick: { prefix: 'many/', ending: '-cu7.whl' }, faster: 3 } as const;
const LARGE: Picked = { prefix: 'large/', ending: '' };

/** The processes of the server. */
async function serverOf(folder: string): Promise<readonly number[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pid'));
  return Promise.all(names.map(async (name) => Number(await readFile(join(folder, name), 'utf8'))));
}

interface Counted {
  readonly objects: number;
  readonly listings: number;
  /** Besides listings. */
  readonly requests: number;
  readonly bytes: number;
}

function isListing({ method, path }: Passed): boolean {
  return method === 'GET' && path.includes('list-type=2');
}

/** The plan carried out through the proxy: admitted, looked at, copied, written down. */
async function counted(ground: Ground, house: OurHouse, pick: Picked): Promise<Counted> {
  await emptyTarget(ground, pick.prefix);
  const { steps: objects, apply } = await house.plan(ground, pick, ground.proxy.url);
  ground.proxy.begin();
  await apply();
  const { passed } = ground.proxy;
  const others = passed.filter((one) => !isListing(one));
  return {
    objects,
    listings: passed.length - others.length,
    requests: others.length,
    bytes: others.reduce((sum, { sent, received }) => sum + sent + received, 0),
  };
}

async function timedOurs(ground: Ground, house: OurHouse, pick: Picked) {
  await emptyTarget(ground, pick.prefix);
  const { apply } = await house.plan(ground, pick);
  const started = performance.now();
  return beside(async () => {
    await apply();
    return performance.now() - started;
  }, ground.helpers);
}

async function timedAws(ground: Ground, pick: Picked) {
  return beside(() => timeAws(ground, pick), ground.helpers);
}

async function faster(
  ground: Ground,
  house: OurHouse,
  { name, pick, faster: limit }: typeof SMALL | typeof PICKED,
): Promise<void> {
  const { objects, listings, requests, bytes } = await counted(ground, house, pick);
  const each = requests / objects;
  tell(
    `${objects} ${name}`,
    `${each.toFixed(2)} requests each besides ${listings} listings, limit ${PER_OBJECT}`,
    each <= PER_OBJECT,
  );
  const moved = bytes / objects;
  tell('moved for each', `${moved.toFixed(0)} bytes besides listings, limit ${BYTES_EACH}`, moved <= BYTES_EACH);
  const taken = await quietest(PAIRS, async (index) => {
    // In turn who is first. The server works for both, and is nobody else.
    const first = index % 2 === 0 ? await timedAws(ground, pick) : null;
    const ours = await timedOurs(ground, house, pick);
    const aws = first ?? (await timedAws(ground, pick));
    return { ours: ours.value, aws: aws.value, outside: Math.max(ours.outside, aws.outside) };
  });
  const ratio = median(taken.map(({ ours, aws }) => aws / ours));
  const millis = (side: 'ours' | 'aws'): string => median(taken.map((pair) => pair[side])).toFixed(0);
  tellTimed(
    `${name}: faster than aws`,
    `${ratio.toFixed(1)} times (${millis('ours')} to ${millis('aws')} ms), limit ${limit}`,
    { holds: ratio >= limit, outside: outsideOf(taken) },
  );
}

async function large(ground: Ground, house: OurHouse): Promise<void> {
  const { objects, listings, requests, bytes } = await counted(ground, house, LARGE);
  const all = requests + listings;
  tell(`${objects} objects of 800 MB`, `${all} requests, limit ${MOST_FOR_LARGE}`, all < MOST_FOR_LARGE);
  const moved = bytes / objects;
  tell('moved for each', `${moved.toFixed(0)} bytes besides listings, limit ${BYTES_EACH}`, moved <= BYTES_EACH);
}

/** What takes long to set up; left out by `--short`. */
async function rest(ground: Ground, house: OurHouse): Promise<void> {
  await fillLarge(ground);
  await large(ground, house);
  const started = performance.now();
  const keys = await fillMany(ground);
  console.log(`${keys} keys were made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  await faster(ground, house, PICKED);
}

delete process.env['NODE_EXTRA_CA_CERTS'];
const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'signalbox-bench-promote-'));
const data = await mkdtemp(join(tmpdir(), 'signalbox-bench-promote-'));
const house = await openOurHouse(join(data, 'ledger'));
try {
  const server = await startObjectServer(join(folder, 'ceph'));
  const proxy = await faultProxy(server.endpoint);
  const [from, to] = [await testBucket(server), await testBucket(server)];
  const ground: Ground = {
    server,
    helpers: await serverOf(join(folder, 'ceph')),
    proxy,
    from: from.name,
    to: to.name,
  };
  await fillSmall(ground);
  await faster(ground, house, SMALL);
  const { copies, looks } = await timeFloor(ground);
  console.log(
    `the server alone: ${copies.toFixed(0)} ms for as many bare copies, ${looks.toFixed(0)} ms for as many looks`,
  );
  if (!process.argv.includes('--short')) await rest(ground, house);
  for (const bucket of [from, to]) bucket.close();
  await proxy.close();
} finally {
  await house.close();
  await stopObjectServer(join(folder, 'ceph'));
  for (const left of [folder, data]) await rm(left, { recursive: true, force: true });
}
endReport('promote');
