/** Servers as processes of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Child {
  readonly pid: number;
  /** The first line that it said: JSON. */
  readonly said: unknown;
  /** Bytes of memory that it holds now. */
  readonly resident: () => number;
  stop(): Promise<void>;
}

export interface Starting {
  /** Of Node. */
  readonly options?: readonly string[];
  readonly given?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program, which says one line of JSON once it listens; what it logs goes nowhere, as nothing reads it. */
export async function startChild(
  program: string,
  { options = [], given = {}, env = {} }: Starting = {},
): Promise<Child> {
  const showErrors = process.env['BENCH_SHOW'] === '1';
  const child = spawn(process.execPath, [...options, program, JSON.stringify(given)], {
    stdio: ['ignore', 'ignore', showErrors ? 'inherit' : 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production', ...env },
  });
  const pipe = child.stdio[3];
  if (pipe === null || pipe === undefined || !('setEncoding' in pipe))
    throw new Error('the pipe of a child is missing');
  pipe.setEncoding('utf8');
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    pipe.on('data', (piece: string) => {
      text += piece;
      if (text.endsWith('\n')) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code} before it listened`)));
  });
  const pid = child.pid ?? -1;
  return {
    pid,
    said: JSON.parse(line),
    resident: () => Number(/VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
