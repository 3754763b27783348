/**
 * Re-versioning and inspecting the largest wheels: ours beside `cp`, unzip + edit + zip, a download, and pip's lazy wheel. Prints times, requests,
 * bytes and peak memory, and fails over a limit. `--short` leaves out unzip + edit + zip of the largest, which takes a minute or two.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { LARGE, MIDDLE, VERSION, wheelOf } from './generate.ts';

const PAIRS = 5;
const MANY = 200;
const LIMITS = {
  zipped: 60,
  zippedMiddle: 15,
  cp: 3.5,
  cpUnhashed: 2,
  peakBytes: 96e6,
  requests: 3,
  share: 0.005,
  remote: 5,
};
const root = dirname(dirname(import.meta.dirname));
const short = process.argv.includes('--short');

const Part = z.object({ done: z.string(), millis: z.number(), peakBytes: z.number() });
const Counted = z.object({ requests: z.number(), bytes: z.number() });
const Made = z.object({ data: z.object({ wheels: z.array(z.object({ made: z.object({ path: z.string() }) })) }) });

// Costs Node time at every start, and is not what is measured.
delete process.env['NODE_EXTRA_CA_CERTS'];

interface Ran {
  readonly millis: number;
  readonly text: string;
  readonly peakBytes: number;
}

/** Runs a command and takes its time, and the memory that /usr/bin/time says it had at most. */
function run(command: string, args: readonly string[], cwd?: string): Ran {
  const timed = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-q', '-f', '\nPEAK %M', command] : [command];
  const [program = command, ...before] = timed;
  const started = performance.now();
  const ran = spawnSync(program, [...before, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28, cwd });
  const millis = performance.now() - started;
  if (ran.error !== undefined) throw ran.error;
  if (ran.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
  return { millis, text: ran.stdout, peakBytes: Number(/PEAK (\d+)/.exec(ran.stderr)?.[1] ?? NaN) * 1024 };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const failures: string[] = [];

function tell(name: string, value: string, holds: boolean | null): void {
  console.log(`${name.padEnd(58)} ${value}${holds === null ? '' : holds ? '   holds' : '   EXCEEDED'}`);
  if (holds === false) failures.push(name);
}

async function bundleParts(): Promise<string> {
  const outfile = join(root, 'node_modules', '.cache', 'signalbox-bench', 'wheel-parts.mjs');
  const entryPoints = [join(import.meta.dirname, 'parts.ts')];
  await build({
    absWorkingDir: root,
    entryPoints,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  });
  return outfile;
}

/** The command itself, as it is installed. */
function signalbox(...args: readonly string[]): Ran {
  return run(process.execPath, [join(root, 'bin', 'signalbox.js'), ...args]);
}

/** What the old way does: unpack all, edit two texts, pack all. Without a new RECORD, which would take longer still. */
function zipped(wheel: string, dir: string): number {
  const [unpacked, out] = [join(dir, 'unpacked'), join(dir, 'zipped.whl')];
  const bare = VERSION.replace(/\+.*/, '');
  const took = [
    run('unzip', ['-q', wheel, '-d', unpacked]),
    run('mv', [join(unpacked, `torch-${VERSION}.dist-info`), join(unpacked, `torch-${bare}.dist-info`)]),
    run('sed', ['-i', `s/^Version: .*/Version: ${bare}/`, join(unpacked, `torch-${bare}.dist-info`, 'METADATA')]),
    run('zip', ['-q', '-r', out, '.'], unpacked),
  ];
  run('rm', ['-rf', unpacked, out]);
  return took.reduce((sum, { millis }) => sum + millis, 0);
}

interface Pair {
  readonly cp: number;
  readonly ours: Ran;
  readonly unhashed: number;
}

async function measurePairs(wheel: string, dir: string, parts: string): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const out = join(dir, `ours-${pair}`);
    await mkdir(out);
    const cp = () => run('cp', [wheel, join(out, 'copy.whl')]).millis;
    // In turn who is first.
    const before = pair % 2 === 0 ? cp() : null;
    const ours = signalbox('wheel', 'reversion', wheel, '--out', out, '--json', '--quiet');
    const beside = before ?? cp();
    const unhashed = run(process.execPath, [parts, 'unhashed', wheel, join(out, 'unhashed')]).millis;
    const [made] = Made.parse(JSON.parse(ours.text)).data.wheels;
    if (pair === 0) run('python3', ['-m', 'zipfile', '-t', made?.made.path ?? '']);
    pairs.push({ cp: beside, ours, unhashed });
    await rm(out, { recursive: true });
  }
  return pairs;
}

async function measureReversion(label: string, wheel: string, dir: string, parts: string): Promise<void> {
  const isLarge = label === LARGE.label;
  const pairs = await measurePairs(wheel, dir, parts);
  const [cp, ours] = [median(pairs.map((pair) => pair.cp)), median(pairs.map((pair) => pair.ours.millis))];
  const name = `${label} MB`;
  tell(`${name}: cp`, `${cp.toFixed(0)} ms`, null);
  tell(`${name}: re-versioned, both digests, on the disk`, `${ours.toFixed(0)} ms`, null);
  const ratio = median(pairs.map((pair) => pair.ours.millis / pair.cp));
  tell(`${name}: to cp`, `${ratio.toFixed(2)} times, limit ${LIMITS.cp}`, isLarge ? ratio <= LIMITS.cp : null);
  const unhashed = median(pairs.map((pair) => pair.unhashed / pair.cp));
  tell(
    `${name}: without digests, to cp`,
    `${unhashed.toFixed(2)} times, limit ${LIMITS.cpUnhashed}`,
    isLarge ? unhashed <= LIMITS.cpUnhashed : null,
  );
  const peak = Math.max(...pairs.map((pair) => pair.ours.peakBytes));
  tell(
    `${name}: peak memory`,
    `${(peak / 1e6).toFixed(1)} MB, limit ${LIMITS.peakBytes / 1e6}`,
    peak < LIMITS.peakBytes,
  );
  if (isLarge && short) return;
  const peer = zipped(wheel, dir);
  const limit = isLarge ? LIMITS.zipped : LIMITS.zippedMiddle;
  tell(`${name}: unzip + edit + zip, once`, `${(peer / 1000).toFixed(1)} s`, null);
  tell(`${name}: faster than that`, `${(peer / ours).toFixed(0)} times, limit ${limit}`, peer / ours >= limit);
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

/** What pip does when it may read wheels lazily, and the names in RECORD. */
const LAZY = `
import sys
from pip._internal.network.lazy_wheel import dist_from_wheel_url
from pip._internal.network.session import PipSession
session = PipSession()
for address in sys.argv[1:]:
    wheel = dist_from_wheel_url('torch', address, session)
    print(wheel.canonical_name, wheel.version, len(list(wheel.iter_declared_entries())))
`;

function download(address: string, dir: string): number {
  const path = join(dir, 'downloaded.whl');
  const info = `torch-${VERSION}.dist-info`;
  const took = [
    run('python3', [
      '-c',
      'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])',
      address,
      path,
    ]),
    run('unzip', ['-p', path, `${info}/METADATA`, `${info}/RECORD`]),
  ];
  run('rm', [path]);
  return took.reduce((sum, { millis }) => sum + millis, 0);
}

async function measureRemote(wheel: string, dir: string, parts: string): Promise<void> {
  const { size } = await stat(wheel);
  const { server, url } = await startServer(wheel);
  try {
    const address = `${url}/whl/${encodeURIComponent(basename(wheel))}`;
    const measured = [];
    let [ours, lazy] = [
      { requests: 0, bytes: 0 },
      { requests: 0, bytes: 0 },
    ];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const shown = signalbox('wheel', 'show', address, '--json', '--quiet');
      ours = await counted(url);
      const pip = run('/usr/bin/python3', ['-c', LAZY, address]);
      lazy = await counted(url);
      measured.push({ ours: shown.millis, pip: pip.millis, whole: download(address, dir) });
      await counted(url);
    }
    const took = median(measured.map((each) => each.ours));
    tell('inspected over HTTP (wheel show, a whole process)', `${took.toFixed(0)} ms`, null);
    tell(
      'requests',
      `${ours.requests}, limit ${LIMITS.requests}; pip ${lazy.requests}`,
      ours.requests <= LIMITS.requests,
    );
    const share = ours.bytes / size;
    tell('bytes read', `${(share * 100).toFixed(2)} %, limit ${LIMITS.share * 100} %`, share < LIMITS.share);
    const whole = median(measured.map((each) => each.whole / each.ours));
    tell(
      'faster than a download from loopback and unzip',
      `${whole.toFixed(1)} times, limit ${LIMITS.remote}`,
      whole >= LIMITS.remote,
    );
    const pip = median(measured.map((each) => each.pip / each.ours));
    tell("faster than pip's lazy wheel", `${pip.toFixed(1)} times, limit ${LIMITS.remote}`, pip >= LIMITS.remote);
    await measureMany({ url, address, dir, parts, size });
  } finally {
    server.kill();
  }
}

async function measureMany(at: {
  url: string;
  address: string;
  dir: string;
  parts: string;
  size: number;
}): Promise<void> {
  const list = join(at.dir, 'addresses');
  await writeFile(
    list,
    Array.from({ length: MANY }, (_, index) => at.address.replace('/whl/', `/whl/${index}/`)).join('\n'),
  );
  const many = Part.parse(JSON.parse(run(process.execPath, [at.parts, 'inspect-many', list]).text));
  const { requests, bytes } = await counted(at.url);
  tell(
    `${MANY} of them at once`,
    `${many.millis.toFixed(0)} ms, ${(many.millis / MANY).toFixed(1)} ms each: ${many.done}`,
    null,
  );
  tell(
    'requests of each',
    `${(requests / MANY).toFixed(2)}, limit ${LIMITS.requests}`,
    requests / MANY <= LIMITS.requests,
  );
  const share = bytes / MANY / at.size;
  tell('bytes read of each', `${(share * 100).toFixed(2)} %, limit ${LIMITS.share * 100} %`, share < LIMITS.share);
  const few = Array.from({ length: 10 }, (_, index) => at.address.replace('/whl/', `/whl/${index}/`));
  const pip = run('/usr/bin/python3', ['-c', LAZY, ...few]).millis / few.length;
  const ratio = pip / (many.millis / MANY);
  tell(
    "faster than pip's lazy wheel, ten in one process",
    `${ratio.toFixed(1)} times, limit ${LIMITS.remote}`,
    ratio >= LIMITS.remote,
  );
  tell('peak memory of the process', `${(many.peakBytes / 1e6).toFixed(0)} MB`, null);
}

const dir = await mkdtemp(join(tmpdir(), 'signalbox-bench-wheel-'));
try {
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  const parts = await bundleParts();
  for (const size of [MIDDLE, LARGE]) await measureReversion(size.label, await wheelOf(size), dir, parts);
  await measureRemote(await wheelOf(LARGE), dir, parts);
} finally {
  await rm(dir, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`bench wheel: over the limit: ${failures.join('; ')}`);
  process.exitCode = 1;
}
