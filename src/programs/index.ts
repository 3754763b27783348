import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isReport, type Report } from './messages.ts';
import { runHere, type ProgramCall, type ProgramEnd } from './run.ts';

export { signalGroup } from './run.ts';
export type { ProgramEnd } from './run.ts';

/** So many programs a process starts by itself: only who starts many has something of a starter, whose own start costs as much as some fifty. */
const BY_ITSELF = 60;

interface Waiting {
  readonly resolve: (end: ProgramEnd) => void;
  readonly reject: (error: Error) => void;
}

/** Hands calls to a starter, while there is one. */
interface Starter {
  readonly run: (call: ProgramCall) => Promise<ProgramEnd>;
  /** Whether it said that it is there; until then its process starts programs by itself, and does not wait. */
  readonly isReady: () => boolean;
  readonly pid: number;
}

/** Beside this file as source; beside the command or its chunks once bundled. None in bundles that bring no starter. */
function starterFile(): string | null {
  const names = import.meta.url.endsWith('.ts') ? ['./starter.ts'] : ['./program-starter.js', '../program-starter.js'];
  return names.map((name) => fileURLToPath(new URL(name, import.meta.url))).find((file) => existsSync(file)) ?? null;
}

/** The starter was lost, and with it how the program ended: as if somebody had killed that. Whoever asked looks at the world again. */
const LOST: ProgramEnd = { code: null, signal: 'SIGKILL', stdout: Buffer.alloc(0), stderr: '', stopped: null };

function notStarted({ message, code }: { readonly message: string; readonly code: string | null }): Error {
  return Object.assign(new Error(message), code === null ? {} : { code });
}

function settle({ resolve, reject }: Waiting, report: Report): void {
  if ('end' in report) resolve({ ...report.end, stdout: Buffer.from(report.end.stdout) });
  else reject(notStarted(report.notStarted));
}

/** Starts a starter; `lost` is called once it is gone. */
function startStarter(file: string, lost: () => void): Starter {
  const child: ChildProcess = fork(file, {
    cwd: dirname(file),
    env: { PATH: process.env['PATH'] ?? '' },
    // A small heap: that is what it is for.
    execArgv: ['--max-semi-space-size=1'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    detached: true,
  });
  const waiting = new Map<number, Waiting>();
  let number = 0;
  let isReady = false;
  let isLost = false;
  const settled = (one: number): void => {
    waiting.delete(one);
    // It keeps this process alive only while something is awaited of it.
    if (waiting.size === 0) child.channel?.unref();
  };
  const end = (): void => {
    if (isLost) return;
    isLost = true;
    lost();
    for (const [one, { resolve }] of waiting) {
      settled(one);
      resolve(LOST);
    }
  };
  child.on('message', (message) => {
    isReady = true;
    const one = isReport(message) ? waiting.get(message.number) : undefined;
    if (!isReport(message) || one === undefined) return;
    settled(message.number);
    settle(one, message);
  });
  child.on('error', end);
  child.on('exit', end);
  child.on('disconnect', end);
  child.unref();
  child.channel?.unref();
  return {
    pid: child.pid ?? -1,
    isReady: () => isReady,
    run: (call) =>
      new Promise((resolve, reject) => {
        number += 1;
        waiting.set(number, { resolve, reject });
        child.channel?.ref();
        child.send({ number, call }, (error) => {
          if (error !== null) end();
        });
      }),
  };
}

/** Runs programs, by a starter of its own once it ran many. */
export function programs(byItself = BY_ITSELF): {
  readonly run: (call: ProgramCall) => Promise<ProgramEnd>;
  /** The process id of the starter, while there is one that is ready. */
  readonly starter: () => number | null;
} {
  let calls = 0;
  let starter: Starter | null = null;
  const found = (): Starter | null => {
    if (starter !== null) return starter.isReady() ? starter : null;
    calls += 1;
    if (calls <= byItself) return null;
    calls = 0;
    const file = starterFile();
    starter = file === null ? null : startStarter(file, () => (starter = null));
    return null;
  };
  return {
    run: async (call) => found()?.run(call) ?? runHere(call),
    starter: () => (starter?.isReady() === true ? starter.pid : null),
  };
}

const ours = programs();

/**
 * Runs a program to its end and says how it ended; rejects, with an error whose `code` is that of `spawn`, only when it could not be started. A process that
 * runs many has them started by another, small one (docs/decisions/0306): otherwise each start would hold it up for as long as its memory is large.
 */
export function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  return ours.run(call);
}
