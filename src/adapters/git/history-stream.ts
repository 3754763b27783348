import { spawn } from 'node:child_process';
import type { CommitText } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import type { Mirror } from './mirror.ts';
import { CommandFailure, GitNotStarted } from './process.ts';
import { toGitError } from './recovery.ts';

const MAX_STDERR = 32 * 1024;
const MAX_MESSAGE = 64 * 1024;

/** One run of git whose output is taken piece by piece, so that its length does not matter. */
export interface StreamCall {
  readonly args: readonly string[];
  readonly input?: string;
  /** In words that follow the repository's name: `reading its history`. */
  readonly doing: string;
}

/** Git's output as it comes. Ends with a `GitError` when git does not end well, also when the reader stops early: then git is ended. */
export async function* streamGit(mirror: Mirror, { args, input = '', doing }: StreamCall): AsyncGenerator<Buffer> {
  const { environments, limits, mirrors } = mirror.house;
  const environment = await environments.of({ for: 'mirror' }, { GIT_DIR: mirror.dir });
  const child = spawn('git', args, { cwd: mirrors, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  let saidBytes = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (saidBytes < MAX_STDERR) said.push(chunk.subarray(0, MAX_STDERR - saidBytes));
    saidBytes += chunk.length;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
  }, limits.transferMillis);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', (cause) => reject(new GitNotStarted({ cause })));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  // Told where it is awaited; a rejection before that is none that nobody hears.
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    for await (const chunk of child.stdout) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    const { code, signal } = await ended;
    if (code === 0 && !late) return;
    const call = { args, cwd: mirrors, environment, millis: limits.transferMillis, maxBytes: limits.outputBytes };
    const stderr = Buffer.concat(said).toString('utf8');
    throw new CommandFailure(
      { args, code, signal, stdout: Buffer.alloc(0), stderr, stopped: late ? 'time' : null, call },
      'git failed',
    );
  } catch (error) {
    throw toGitError(error, mirror, { doing, remote: false });
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  }
}

/** The fields of a record, each ended by a NUL; the last is the message. */
export const LOG_FIELDS = 6;
/** What `readRecords` takes: a mark of the side, id, parents, author, seconds, message. */
export const LOG_FORMAT = '--format=%m%x00%H%x00%P%x00%an <%ae>%x00%ct%x00%B';

/** Cuts a stream into records of NUL-ended fields; each as text, the fields still joined by NUL. */
export async function* readRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (;;) {
      const end = endOfRecord(bytes, from);
      if (end === -1) break;
      yield bytes.toString('utf8', from, end).split('\0');
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

function endOfRecord(bytes: Buffer, from: number): number {
  let at = from - 1;
  for (let field = 0; field < LOG_FIELDS; field += 1) {
    at = bytes.indexOf(0, at + 1);
    if (at === -1) return -1;
  }
  return at;
}

/** A record of `LOG_FORMAT` as a commit. */
export function commitOfRecord([
  ,
  id,
  parents = '',
  author = '',
  seconds = '0',
  message = '',
]: readonly string[]): CommitText {
  return {
    id: ObjectId.parse(id),
    parents: parents === '' ? [] : parents.split(' ').map((parent) => ObjectId.parse(parent)),
    author,
    committedAt: Number(seconds),
    message: message.slice(0, MAX_MESSAGE).trimEnd(),
  };
}
