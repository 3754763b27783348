import { spawnSync } from 'node:child_process';
import { BENCH_ENV } from './generate.ts';

/** Runs a command to its end; git without the machine's configuration. */
export function run(command: string, args: readonly string[]): { readonly millis: number; readonly text: string } {
  const started = performance.now();
  const env = command === 'git' ? BENCH_ENV : process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { millis: performance.now() - started, text: stdout };
}
