import { spawn } from 'node:child_process';

/** One run of a program to its end. `input` is written to its standard input, which is then closed. */
export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** The folder it works in; ours when it does not matter. */
  readonly cwd?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Milliseconds until it is stopped; it has all the time there is when absent. */
  readonly millis?: number;
  /** Bytes of standard output above which it is stopped; as many as it likes when absent. */
  readonly maxBytes?: number;
}

/** How a run ended. `stopped` says that we ended it: its time was over, or it printed more than allowed. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** What it wrote on standard error, of which the first 32 kB are kept. */
  readonly stderr: string;
  readonly stopped: 'time' | 'output' | null;
}

// What git or a remote writes on standard error is shown to people; more than this is noise or an attack.
const MAX_STDERR = 32 * 1024;
// SIGTERM lets git take its lock and temporary files away; what does not heed it is killed.
const GRACE_MILLIS = 2000;

/**
 * Runs a program to its end as a child of this process, and says how it ended; rejects, with the error of `spawn`, only when it could not be started. It leads a
 * process group of its own: a Ctrl-C meant for us does not tear a push apart, and a time limit ends its helpers too.
 */
export function runHere(call: ProgramCall): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.program, call.args, {
      ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
      env: call.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let outBytes = 0;
    let errBytes = 0;
    let stopped: ProgramEnd['stopped'] = null;
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: 'time' | 'output'): void => {
      if (stopped !== null) return;
      stopped = why;
      signalGroup(child.pid, 'SIGTERM');
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MILLIS);
    };
    const timer = call.millis === undefined ? undefined : setTimeout(() => stop('time'), call.millis);
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > (call.maxBytes ?? Infinity)) stop('output');
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errBytes < MAX_STDERR) stderr.push(chunk.subarray(0, MAX_STDERR - errBytes));
      errBytes += chunk.length;
    });
    // It may end before it has read its input; its exit code tells why.
    child.stdin.on('error', () => undefined);
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(killer);
    };
    child.on('error', (cause) => {
      settle();
      reject(cause);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8'), stopped });
    });
    child.stdin.end(call.input);
  });
}

/** Ends a process with all it started; one that has ended is no failure. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group may have ended in this moment: that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
