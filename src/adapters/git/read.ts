import { ObjectId } from '../../domain/git-names.ts';
import { instantOf } from '../../domain/instant.ts';
import type { Git, GitCommit, GitFile, GitLink } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { literalPrefix, matchesPattern } from './path-pattern.ts';
import { CommandFailure } from './process.ts';

/** Files above this are listed, never read. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

interface TreeEntry {
  readonly path: string;
  readonly mode: GitFile['mode'];
  readonly blob: ObjectId;
  readonly bytes: number;
  /** False when the name is not UTF-8, so that `path` does not name the file exactly. */
  readonly named: boolean;
}

/** The files of a commit that match, in git's order, with their texts. */
export async function readFiles(
  mirror: Mirror,
  commit: ObjectId,
  patterns: readonly string[],
): Promise<readonly GitFile[]> {
  if (patterns.length === 0) return [];
  const prefixes = patterns.map(literalPrefix);
  const below = prefixes.includes('') ? [] : [...new Set(prefixes)];
  const listed = await inMirror(mirror, [
    'ls-tree',
    '-r',
    '-z',
    '-l',
    '--full-tree',
    '--end-of-options',
    commit,
    ...below,
  ]);
  const entries = parseTree(listed.stdout).filter(({ path }) =>
    patterns.some((pattern) => matchesPattern(path, pattern)),
  );
  const texts = await readTexts(mirror, entries.filter(isReadable));
  return entries.map((entry) => {
    const text = isReadable(entry) ? (texts.get(entry.blob) ?? null) : null;
    return { path: entry.path, mode: entry.mode, blob: entry.blob, text };
  });
}

/** The submodules of a commit, in git's order. */
export async function readLinks(mirror: Mirror, commit: ObjectId): Promise<readonly GitLink[]> {
  const { stdout } = await inMirror(mirror, ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]);
  return splitAtNul(stdout).flatMap((line) => {
    const tab = line.indexOf(0x09);
    const [, type, id] = line.subarray(0, tab).toString('latin1').split(/ +/);
    return type === 'commit' ? [{ path: line.subarray(tab + 1).toString('utf8'), commit: ObjectId.parse(id) }] : [];
  });
}

function isReadable(entry: TreeEntry): boolean {
  return entry.named && entry.bytes <= MAX_FILE_BYTES;
}

function parseTree(bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const line of splitAtNul(bytes)) {
    const tab = line.indexOf(0x09);
    const [mode = '', type, blob, size] = line.subarray(0, tab).toString('latin1').split(/ +/);
    // A submodule is a commit in a tree, not a file.
    if (type !== 'blob') continue;
    const name = line.subarray(tab + 1);
    const path = name.toString('utf8');
    entries.push({
      path,
      mode: modeOf(mode),
      blob: ObjectId.parse(blob),
      bytes: Number(size),
      named: Buffer.from(path, 'utf8').equals(name),
    });
  }
  return entries;
}

/** Old repositories hold group-writable modes; git itself sees only whether a file may be run. */
function modeOf(mode: string): GitFile['mode'] {
  if (mode === '120000') return mode;
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? '100644' : '100755';
}

function splitAtNul(bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0, from);
    pieces.push(bytes.subarray(from, end === -1 ? bytes.length : end));
    from = end === -1 ? bytes.length : end + 1;
  }
  return pieces;
}

async function readTexts(mirror: Mirror, entries: readonly TreeEntry[]): Promise<ReadonlyMap<ObjectId, string | null>> {
  const sizes = new Map(entries.map(({ blob, bytes }) => [blob, bytes]));
  if (sizes.size === 0) return new Map();
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes + 64, 0);
  const { outputBytes } = mirror.house.limits;
  if (total > outputBytes) {
    const text = `${mirror.at.repo}: the files asked for hold ${total} bytes, more than the limit of ${outputBytes}. Ask for fewer files.`;
    throw new GitError('failed', text);
  }
  const input = [...sizes.keys()].map((blob) => `${blob}\n`).join('');
  const { stdout } = await inMirror(mirror, ['cat-file', '--batch'], { input });
  const texts = new Map<ObjectId, string | null>();
  for (let from = 0; from < stdout.length;) {
    const end = stdout.indexOf(0x0a, from);
    const [id, type, size] = stdout.toString('latin1', from, end).split(' ');
    if (type !== 'blob')
      throw new GitError(
        'object-missing',
        `${mirror.at.repo}: the mirror lacks the file contents ${id}. Fetch it again.`,
      );
    const last = end + 1 + Number(size);
    texts.set(ObjectId.parse(id), textOf(stdout.subarray(end + 1, last)));
    from = last + 1;
  }
  return texts;
}

/** Null for what is no UTF-8 text. A mark at its beginning is part of the text: an edit must not lose it. */
function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const FIELDS = 6;
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

/** The commits of a range, newest first, and how many there are in all. */
export async function readLog(mirror: Mirror, range: Parameters<Git['log']>[1]): ReturnType<Git['log']> {
  const limit = Math.max(0, Math.trunc(range.limit));
  const revisions = ['--end-of-options', range.to, ...(range.from === null ? [] : [`^${range.from}`])];
  const commits = await readCommits(mirror, limit, revisions);
  if (commits.length < limit) return { commits, count: commits.length };
  const counted = await inMirror(mirror, ['rev-list', '--count', ...revisions, '--']);
  return { commits, count: Number(counted.stdout.toString('latin1')) };
}

/** One commit, without counting those before it: in a large history that takes a second. */
export async function readCommit(mirror: Mirror, id: ObjectId): Promise<GitCommit> {
  const [commit] = await readCommits(mirror, 1, ['--end-of-options', id]);
  if (commit === undefined) throw new GitError('failed', `${mirror.at.repo}: git showed nothing of the commit ${id}.`);
  return commit;
}

async function readCommits(mirror: Mirror, limit: number, revisions: readonly string[]): Promise<readonly GitCommit[]> {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%ct%x00%s';
  const shape = ['-z', '--no-color', '--no-show-signature', `--max-count=${limit}`, format];
  const shown = await inMirror(mirror, ['log', ...shape, ...revisions, '--']);
  const fields = shown.stdout.toString('utf8').split('\0');
  const commits: GitCommit[] = [];
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) commits.push(commitOf(fields.slice(at, at + FIELDS)));
  return commits;
}

function commitOf([id, parents = '', name = '', email = '', seconds, subject = '']: readonly string[]): GitCommit {
  return {
    id: ObjectId.parse(id),
    parents: parents === '' ? [] : parents.split(' ').map((parent) => ObjectId.parse(parent)),
    author: `${name} <${email}>`,
    // A broken clock, or malice, may have put a commit beyond what an Instant can say.
    committedAt: instantOf(Math.min(Number(seconds), LAST_SECOND) * 1000),
    subject,
  };
}

/** Whether one commit is the other or comes before it. */
export async function readIsAncestor(mirror: Mirror, ancestor: ObjectId, descendant: ObjectId): Promise<boolean> {
  const outcome = await inMirror(mirror, ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant], {
    answers: [1],
  });
  // With exit code 1 git has said no, or nothing at all: words on standard error mean that it could not tell.
  if (outcome.code === 1 && outcome.stderr.trim() !== '') throw new CommandFailure(outcome, 'git merge-base failed');
  return outcome.code === 0;
}
