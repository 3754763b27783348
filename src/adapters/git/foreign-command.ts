import { spawn } from 'node:child_process';
import { signalGroup } from '../../programs/index.ts';

/** A command that is not ours, with what it may use. */
export interface ForeignCommand {
  readonly words: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds until it is ended, with all that it started. */
  readonly millis: number;
  /** Bytes it may print. */
  readonly maxBytes: number;
}

/** How it ended; `said` is the end of what it printed. */
export type ForeignEnd =
  | { readonly ended: 'well' }
  | { readonly ended: 'not-started' | 'failed' | 'time' | 'output'; readonly said: string };

/** What people need of a failure is at the end. */
const KEPT_BYTES = 2000;
/** What left its group, and holds the pipes of a command that has ended, is not waited for longer. */
const PIPE_MILLIS = 1000;

/** Runs it to its end, as an argument array and never by a shell. Nothing of it is left running, in its process group, when this answers. */
export function runForeign({ words, cwd, environment, millis, maxBytes }: ForeignCommand): Promise<ForeignEnd> {
  return new Promise((resolve) => {
    const [program, ...args] = words;
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let printed = 0;
    let kept = Buffer.alloc(0);
    let stopped: 'time' | 'output' | null = null;
    let pipes: NodeJS.Timeout | undefined;
    const stop = (why: 'time' | 'output'): void => {
      stopped ??= why;
      signalGroup(child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => stop('time'), millis);
    const read = (chunk: Buffer): void => {
      printed += chunk.length;
      kept = Buffer.concat([kept, chunk]).subarray(-KEPT_BYTES);
      if (printed > maxBytes) stop('output');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (cause) => {
      clearTimeout(timer);
      resolve({ ended: 'not-started', said: cause.message });
    });
    child.on('exit', () => {
      signalGroup(child.pid, 'SIGKILL');
      pipes = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPE_MILLIS);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(pipes);
      const said = kept.toString('utf8').trim();
      if (stopped !== null) resolve({ ended: stopped, said });
      else if (code === 0) resolve({ ended: 'well' });
      else resolve({ ended: 'failed', said: said === '' ? `it ended with ${code ?? signal}` : said });
    });
  });
}

const APART: readonly [string, ...string[]] = [
  'unshare',
  '--user',
  '--map-current-user',
  '--pid',
  '--fork',
  '--mount-proc',
  '--kill-child',
  '--net',
  '--',
];

/**
 * The words that run a command where it sees no other process and no network: Linux can, where users may make namespaces. None where it cannot:
 * what is left then is the environment that holds no secret.
 */
export async function wordsApart(environment: ForeignCommand['environment'], cwd: string): Promise<readonly string[]> {
  const { ended } = await runForeign({ words: [...APART, 'true'], cwd, environment, millis: 5000, maxBytes: 1000 });
  return ended === 'well' ? APART : [];
}
