/**
 * How long `signalbox --help` takes to start, against an empty script on the same Node (limit 1.8 times) and against `gh --help` where gh is
 * installed (limit 1.0 times; Debian: `apt-get install gh`). Runs in turn, medians, NODE_EXTRA_CA_CERTS unset: it costs Node 70 ms a start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const RUNS = 21;
const WARM_UP = 3;
const root = dirname(dirname(import.meta.dirname));
const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env;

interface Side {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Our time may be at most so many times this side's. */
  readonly limit: number;
}

const ours: Side['command'] = [process.execPath, join(root, 'bin', 'signalbox.js'), '--help'];
const sides: readonly Side[] = [
  { name: 'node -e 0', command: [process.execPath, '-e', '0'], limit: 1.8 },
  ...(isInstalled('gh') ? [{ name: 'gh --help', command: ['gh', '--help'] as const, limit: 1 }] : []),
];

/** Milliseconds of one run; a run that fails ends the benchmark. */
function time([program, ...args]: Side['command']): number {
  const from = performance.now();
  const { status, error, stderr } = spawnSync(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const took = performance.now() - from;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr.toString()}`);
  return took;
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) {
  console.error('bench cold-start: the command is not built; run: npm run build');
  process.exit(1);
}

const all = [ours, ...sides.map((side) => side.command)];
for (let run = 0; run < WARM_UP; run += 1) all.forEach(time);
const rounds = Array.from({ length: RUNS }, () => all.map(time));
const [mine = Number.NaN, ...theirs] = all.map((_command, index) =>
  median(rounds.map((round) => round[index] ?? Number.NaN)),
);

console.log(`signalbox --help   ${mine.toFixed(1)} ms   median of ${RUNS} runs in turn, Node ${process.versions.node}`);
for (const [index, side] of sides.entries()) {
  const their = theirs[index] ?? Number.NaN;
  const ratio = mine / their;
  const holds = ratio <= side.limit;
  console.log(
    `${side.name.padEnd(18)} ${their.toFixed(1)} ms   ours is ${ratio.toFixed(2)} times; limit ${side.limit.toFixed(1)}: ${holds ? 'holds' : 'EXCEEDED'}`,
  );
  if (!holds) process.exitCode = 1;
}
if (sides.length === 1) console.log('gh --help          not installed here; skipped');
