/** Inspecting a wheel over HTTP beside a download and pip's lazy wheel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { beside, median, quietest } from '../quiet.ts';
import { outsideOf, percent, tell, tellTimed } from '../report.ts';
import { VERSION } from './generate.ts';
import { download, part, PYTHON, run, settle, signalbox } from './machine.ts';

const PAIRS = { enough: 5, most: 15 };
const MANY = 200;
const FEW = 20;
const LIMITS = { requests: 3, share: 0.005, remote: 5 };

const Part = z.object({ done: z.string(), millis: z.number(), peakBytes: z.number() });
const Counted = z.object({ requests: z.number(), bytes: z.number() });

/** The server, and what of it is asked for. */
interface Ground {
  readonly url: string;
  readonly pid: number;
  readonly wheel: string;
  /** Of the wheel, in bytes. */
  readonly size: number;
  readonly dir: string;
}

async function startServer(wheel: string): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), wheel], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => {
    server.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { server, url: `http://127.0.0.1:${port}` };
}

const counted = async (url: string) => Counted.parse(await (await fetch(`${url}/counted`)).json());

/** The function in pip that reads wheels lazily, called by itself, and the names in RECORD. */
const LAZY = `
import sys
from pip._internal.network.lazy_wheel import dist_from_wheel_url
from pip._internal.network.session import PipSession
session = PipSession()
for address in sys.argv[1:]:
    wheel = dist_from_wheel_url('torch', address, session)
    print(wheel.canonical_name, wheel.version, len(list(wheel.iter_declared_entries())))
`;

/**
 * What a user of pip runs to be told what a wheel wants without having it: it is read lazily, and then downloaded all the same. `simple-lazy` is an
 * index whose server refuses that, so that pip ends as soon as it knows what is in the wheel.
 */
function pipCommand(url: string, index: 'simple' | 'simple-lazy'): number {
  const options = ['--disable-pip-version-check', '--isolated', '--no-cache-dir', '--use-feature=fast-deps'];
  const wanted = ['--no-deps', '--only-binary=:all:', '--python-version=3.12', '--platform=linux_x86_64'];
  const place = ['--target', '/nonexistent', '--index-url', `${url}/${index}/`];
  const args = ['-m', 'pip', 'install', '--dry-run', ...options, ...wanted, ...place, `torch==${VERSION}`];
  return run(PYTHON, args, { ends: index === 'simple' ? 0 : 1 }).millis;
}

/** How many requests there were, and which share of the wheel they brought. */
async function traffic({ url, size }: Ground): Promise<{ readonly requests: number; readonly share: number }> {
  const { requests, bytes } = await counted(url);
  return { requests, share: bytes / size };
}

const addressIn = ({ url, wheel }: Ground, folder: string): string =>
  `${url}/${folder}/${encodeURIComponent(basename(wheel))}`;

const SIDES = ['ours', 'command', 'upToKnowing', 'call', 'download'] as const;
type Side = (typeof SIDES)[number];

function runSide(side: Side, ground: Ground): number {
  const address = addressIn(ground, 'whl');
  switch (side) {
    case 'ours':
      return signalbox('wheel', 'show', address, '--json', '--quiet').millis;
    case 'command':
      return pipCommand(ground.url, 'simple');
    case 'upToKnowing':
      return pipCommand(ground.url, 'simple-lazy');
    case 'call':
      return run(PYTHON, ['-c', LAZY, address]).millis;
    case 'download':
      return download(address, ground.dir);
  }
}

async function takeOne(ground: Ground, index: number) {
  const millis = {
    ours: Number.NaN,
    command: Number.NaN,
    upToKnowing: Number.NaN,
    call: Number.NaN,
    download: Number.NaN,
  };
  const traffics = new Map<Side, Awaited<ReturnType<typeof traffic>>>();
  let outside = 0;
  for (const side of index % 2 === 0 ? SIDES : SIDES.toReversed()) {
    if (side === 'download' || side === 'command') settle(ground.wheel, ground.dir);
    await traffic(ground);
    const taken = await beside(() => runSide(side, ground), [ground.pid]);
    millis[side] = taken.value;
    outside = Math.max(outside, taken.outside);
    traffics.set(side, await traffic(ground));
  }
  return { ...millis, outside, traffics };
}

async function measureOne(ground: Ground): Promise<void> {
  const taken = await quietest(PAIRS, (index) => takeOne(ground, index));
  const outside = outsideOf(taken);
  const [ours, lazy] = (['ours', 'upToKnowing'] as const).map((name) => taken[0]?.traffics.get(name));
  if (ours === undefined || lazy === undefined || lazy.requests < 4 || lazy.share > 0.01)
    throw new Error(`pip did not read lazily: ${JSON.stringify(lazy)}`);
  const millisOf = (side: Side) => `${median(taken.map((each) => each[side])).toFixed(0)} ms`;
  tell('others took of the cores, in the worst run', percent(outside), null);
  tell('inspected over HTTP (wheel show, a whole process)', millisOf('ours'), null);
  const requests = `${ours.requests}, limit ${LIMITS.requests}; pip ${lazy.requests}`;
  tell('requests', requests, ours.requests <= LIMITS.requests);
  const share = `${(ours.share * 100).toFixed(2)} %, limit ${LIMITS.share * 100} %`;
  tell('bytes read', share, ours.share < LIMITS.share);
  const compared = [
    ['faster than a download from loopback and unzip', 'download', LIMITS.remote],
    ["faster than pip's command, which has a lazy wheel", 'command', LIMITS.remote],
    ['faster than that up to where it knows the metadata', 'upToKnowing', null],
    ['faster than a bare call of the function in pip', 'call', null],
  ] as const;
  for (const [name, side, limit] of compared) {
    const ratio = median(taken.map((each) => each[side] / each.ours));
    const value = `${ratio.toFixed(1)} times (${millisOf(side)})`;
    if (limit === null) tell(name, value, null);
    else tellTimed(name, `${value}, limit ${limit}`, { holds: ratio >= limit, outside });
  }
}

/** A file with so many addresses of the wheel, all different. */
async function listOf(ground: Ground, count: number): Promise<{ readonly path: string; readonly all: string[] }> {
  const all = Array.from({ length: count }, (_, index) => addressIn(ground, `whl/${index}`));
  const path = join(ground.dir, `addresses-${count}`);
  await writeFile(path, all.join('\n'));
  return { path, all };
}

async function measureMany(ground: Ground): Promise<void> {
  const list = await listOf(ground, MANY);
  await traffic(ground);
  const many = Part.parse(JSON.parse(part('inspect-many', list.path).text));
  const { requests, share } = await traffic(ground);
  const each = `${(many.millis / MANY).toFixed(1)} ms each`;
  tell(`${MANY} of them at once`, `${many.millis.toFixed(0)} ms, ${each}: ${many.done}`, null);
  const ofEach = requests / MANY;
  tell('requests of each', `${ofEach.toFixed(2)}, limit ${LIMITS.requests}`, ofEach <= LIMITS.requests);
  const bytes = `${((share / MANY) * 100).toFixed(2)} %, limit ${LIMITS.share * 100} %`;
  tell('bytes read of each', bytes, share / MANY < LIMITS.share);
  tell('peak memory of the process', `${(many.peakBytes / 1e6).toFixed(0)} MB`, null);
}

/** As many on both sides, each side in one process, its start included. */
async function measureFew(ground: Ground): Promise<void> {
  const few = await listOf(ground, FEW);
  const sides = [
    () => part('inspect-many', few.path).millis,
    () => run(PYTHON, ['-c', LAZY, ...few.all]).millis,
  ] as const;
  const taken = await quietest(PAIRS, async (index) => {
    const first = await beside(sides[index % 2 === 0 ? 0 : 1], [ground.pid]);
    const second = await beside(sides[index % 2 === 0 ? 1 : 0], [ground.pid]);
    const [ours, pip] = index % 2 === 0 ? [first, second] : [second, first];
    return { ours: ours.value, pip: pip.value, outside: Math.max(ours.outside, pip.outside) };
  });
  const ratio = median(taken.map(({ ours, pip }) => pip / ours));
  const millis = (side: 'ours' | 'pip') => `${(median(taken.map((pair) => pair[side])) / FEW).toFixed(1)} ms`;
  tellTimed(
    `faster than pip's lazy wheel, ${FEW} in one process each`,
    `${ratio.toFixed(1)} times (${millis('ours')} to ${millis('pip')} each), limit ${LIMITS.remote}`,
    { holds: ratio >= LIMITS.remote, outside: outsideOf(taken) },
  );
}

export async function measureRemote(wheel: string, dir: string): Promise<void> {
  const { size } = await stat(wheel);
  const { server, url } = await startServer(wheel);
  try {
    const ground = { url, pid: server.pid ?? 0, wheel, size, dir };
    await measureOne(ground);
    await measureMany(ground);
    await measureFew(ground);
  } finally {
    server.kill();
  }
}
