import { spawn } from 'node:child_process';

/** One run of git. `input` is written to its standard input, which is then closed. */
export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Milliseconds until it is stopped. */
  readonly millis: number;
  /** Bytes of standard output above which it is stopped. */
  readonly maxBytes: number;
}

/** How a run ended. `stopped` says that we ended it: its time was over, or it printed more than allowed. */
export interface GitOutcome {
  readonly args: readonly string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly stopped: 'time' | 'output' | null;
  readonly call: GitCall;
}

/** Git did not end with an exit code that is an answer. Told to callers as `GitError`. */
export class CommandFailure extends Error {
  readonly outcome: GitOutcome;
  constructor(outcome: GitOutcome, text: string) {
    super(text);
    this.name = 'CommandFailure';
    this.outcome = outcome;
  }
}

/** Git could not be started at all. */
export class GitNotStarted extends Error {
  constructor(options: ErrorOptions) {
    super('git could not be started', options);
    this.name = 'GitNotStarted';
  }
}

// What git or a remote writes on standard error is shown to people; more than this is noise or an attack.
const MAX_STDERR = 32 * 1024;
// SIGTERM lets git take its lock and temporary files away; what does not heed it is killed.
const GRACE_MILLIS = 2000;

/**
 * Runs git to its end and says how it ended; throws only when it could not be started. Git leads a process group of its own: a Ctrl-C
 * meant for us does not tear a push apart, and a time limit ends its helpers too.
 */
export function runGit(call: GitCall): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', call.args, {
      cwd: call.cwd,
      env: call.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let outBytes = 0;
    let errBytes = 0;
    let stopped: GitOutcome['stopped'] = null;
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: 'time' | 'output'): void => {
      if (stopped !== null) return;
      stopped = why;
      signalGroup(child.pid, 'SIGTERM');
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MILLIS);
    };
    const timer = setTimeout(() => stop('time'), call.millis);
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > call.maxBytes) stop('output');
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errBytes < MAX_STDERR) stderr.push(chunk.subarray(0, MAX_STDERR - errBytes));
      errBytes += chunk.length;
    });
    // Git may end before it has read its input; its exit code tells why.
    child.stdin.on('error', () => undefined);
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(killer);
    };
    child.on('error', (cause) => {
      settle();
      reject(new GitNotStarted({ cause }));
    });
    child.on('close', (code, signal) => {
      settle();
      const text = Buffer.concat(stderr).toString('utf8');
      resolve({ args: call.args, code, signal, stdout: Buffer.concat(stdout), stderr: text, stopped, call });
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
