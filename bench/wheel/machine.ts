/** Processes of both sides, and the state of the machine that each begins in. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VERSION } from './generate.ts';

export const root = dirname(dirname(import.meta.dirname));
/** Debian's own, not what may stand before it in the path. */
export const PYTHON = '/usr/bin/python3';
const cache = join(root, 'node_modules', '.cache', 'signalbox-bench');
export const PARTS = join(cache, 'wheel-parts.mjs');

export interface Ran {
  readonly millis: number;
  readonly text: string;
  readonly peakBytes: number;
}

interface RunOptions {
  readonly cwd?: string;
  /** The code it has to end with. */
  readonly ends?: number;
}

/** Runs a command and takes its time, and the memory that /usr/bin/time says it had at most. */
export function run(command: string, args: readonly string[], { cwd, ends = 0 }: RunOptions = {}): Ran {
  const timed = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-q', '-f', '\nPEAK %M', command] : [command];
  const [program = command, ...before] = timed;
  const started = performance.now();
  const ran = spawnSync(program, [...before, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28, cwd });
  const millis = performance.now() - started;
  if (ran.error !== undefined) throw ran.error;
  if (ran.status !== ends) throw new Error(`${command} ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
  return { millis, text: ran.stdout, peakBytes: Number(/PEAK (\d+)/.exec(ran.stderr)?.[1] ?? NaN) * 1024 };
}

/** The command itself, as it is installed. */
export function signalbox(...args: readonly string[]): Ran {
  return run(process.execPath, [join(root, 'bin', 'signalbox.js'), ...args]);
}

/** What the command has no word for; with a cache of compiled code, as the command has. */
export function part(...args: readonly string[]): Ran {
  return run('env', [`NODE_COMPILE_CACHE=${join(cache, 'compiled')}`, process.execPath, PARTS, ...args]);
}

/**
 * The same beginning for each run that writes a large file: nothing left to be brought to the disk, and memory for the file at hand. Virtual machines
 * give memory that nobody uses back to their host within seconds; having it given again took up to 1.5 s of a copy of 0.2.
 */
export function settle(wheel: string, dir: string): void {
  const path = join(dir, 'settling');
  run('sync', []);
  run('cp', [wheel, path]);
  run('rm', [path]);
}

/** What the old way does: unpack all, edit two texts, pack all. Without a new RECORD, which would take longer still. Milliseconds. */
export function zipped(wheel: string, dir: string): number {
  const [unpacked, out] = [join(dir, 'unpacked'), join(dir, 'zipped.whl')];
  const bare = VERSION.replace(/\+.*/, '');
  const took = [
    run('unzip', ['-q', wheel, '-d', unpacked]),
    run('mv', [join(unpacked, `torch-${VERSION}.dist-info`), join(unpacked, `torch-${bare}.dist-info`)]),
    run('sed', ['-i', `s/^Version: .*/Version: ${bare}/`, join(unpacked, `torch-${bare}.dist-info`, 'METADATA')]),
    run('zip', ['-q', '-r', out, '.'], { cwd: unpacked }),
  ];
  run('rm', ['-rf', unpacked, out]);
  return took.reduce((sum, { millis }) => sum + millis, 0);
}

/** Downloads all of it, and unpacks the two texts. Milliseconds. */
export function download(address: string, dir: string): number {
  const path = join(dir, 'downloaded.whl');
  const info = `torch-${VERSION}.dist-info`;
  const retrieve = 'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])';
  const took = [
    run(PYTHON, ['-c', retrieve, address, path]),
    run('unzip', ['-p', path, `${info}/METADATA`, `${info}/RECORD`]),
  ];
  run('rm', [path]);
  return took.reduce((sum, { millis }) => sum + millis, 0);
}
