import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { CommitText } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import type { TouchingCommit } from '../../ports/history.ts';
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
  // To a pipe git writes each commit by itself unless told not to: thousands of wake-ups on both sides.
  const environment = await environments.of({ for: 'mirror' }, { GIT_DIR: mirror.dir, GIT_FLUSH: '0' });
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

/** A commit as `readLog` finds it and the mark of its side. */
export interface LogRecord {
  readonly mark: string;
  readonly commit: CommitText;
}

/** Reads commits by one `git log` with further arguments, as a stream; yields as many at a time as came together. */
export async function* readLog(mirror: Mirror, call: StreamCall): AsyncGenerator<readonly LogRecord[]> {
  const ids = new Map<string, ObjectId>();
  for await (const texts of readMarked(mirror, call, '%m%x00%H%x00%P%x00%an <%ae>%x00%ct%x00%B')) {
    yield texts.map((text) => recordOf(text, ids));
  }
}

/** The same of a `git log --name-only`: only the ids, and the files that each commit touches. */
export async function* readTouched(mirror: Mirror, call: StreamCall): AsyncGenerator<readonly TouchingCommit[]> {
  for await (const texts of readMarked(mirror, call, '%H')) {
    yield texts.map((text) => {
      const [id, first = '', ...others] = text.split('\0');
      // Before the first file git prints a newline.
      return { id: ObjectId.parse(id), paths: [first.slice(1), ...others].filter((path) => path !== '') };
    });
  }
}

/**
 * The records of a log as texts, their fields joined by NUL. Each begins with a word that nobody can guess: whatever a commit says, or a
 * file is called, it never looks like the next one.
 */
async function* readMarked(mirror: Mirror, call: StreamCall, fields: string): AsyncGenerator<readonly string[]> {
  const word = randomUUID();
  const mark = Buffer.from(`${word}\0`);
  const [command = '', ...rest] = call.args;
  const args = [command, '-z', '--no-color', '--no-show-signature', `--format=${word}%x00${fields}`, ...rest];
  let open: Buffer = Buffer.alloc(0);
  for await (const chunk of streamGit(mirror, { ...call, args })) {
    const bytes = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    const texts: string[] = [];
    // The mark of the first open record is at 0; what follows the last mark may not be complete yet.
    let from = 0;
    for (let next = bytes.indexOf(mark, from + 1); next !== -1; next = bytes.indexOf(mark, from + 1)) {
      texts.push(bytes.toString('utf8', from + mark.length, next));
      from = next;
    }
    open = bytes.subarray(from);
    if (texts.length > 0) yield texts;
  }
  if (open.length > 0) yield [open.toString('utf8', mark.length)];
}

function recordOf(text: string, ids: Map<string, ObjectId>): LogRecord {
  const [mark = '', id = '', parents = '', author = '', seconds = '0', message = ''] = text.split('\0');
  const commit = {
    id: idOf(id, ids),
    parents: parents === '' ? [] : parents.split(' ').map((parent) => idOf(parent, ids)),
    author,
    committedAt: Number(seconds),
    message: message.slice(0, MAX_MESSAGE).trimEnd(),
  };
  // A commit was its child's parent just before: its id is checked once, and then let go.
  ids.delete(id);
  return { mark, commit };
}

function idOf(text: string, ids: Map<string, ObjectId>): ObjectId {
  const known = ids.get(text) ?? ObjectId.parse(text);
  ids.set(text, known);
  return known;
}
