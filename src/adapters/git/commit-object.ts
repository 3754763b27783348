import { ObjectId } from '../../domain/git-names.ts';
import type { Signature } from '../../domain/plan/step.ts';
import { instantOf } from '../../domain/instant.ts';
import { GitError } from '../../ports/git.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { signatureLine } from './write-commit.ts';

/** A commit as git stores it. Author and message are bytes: their encoding is the author's business, and must survive a pick. */
export interface RawCommit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  /** The line after `author `. */
  readonly author: Buffer;
  /** The line after `encoding `; null where the commit names none: UTF-8. */
  readonly encoding: string | null;
  /** Seconds since 1970. */
  readonly committedAt: number;
  readonly message: Buffer;
}

/** Reads commits of the mirror in one run. Throws `GitError` for what is not there, or is no commit. */
export async function readRawCommits(mirror: Mirror, ids: readonly ObjectId[]): Promise<readonly RawCommit[]> {
  const { stdout } = await inMirror(mirror, ['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  const commits: RawCommit[] = [];
  let from = 0;
  for (const id of ids) {
    const end = stdout.indexOf(0x0a, from);
    const [, type, size] = stdout.toString('latin1', from, end).split(' ');
    if (type === 'missing')
      throw new GitError('object-missing', `${mirror.at.repo}: the mirror lacks the commit ${id}. Fetch it again.`);
    if (type !== 'commit')
      throw new GitError('conflict', `${mirror.at.repo}: ${id} is a ${type}, not a commit. Name a commit.`);
    const last = end + 1 + Number(size);
    commits.push(parseCommit(id, stdout.subarray(end + 1, last)));
    from = last + 1;
  }
  return commits;
}

function parseCommit(id: ObjectId, bytes: Buffer): RawCommit {
  const split = bytes.indexOf('\n\n');
  const head = bytes.subarray(0, split === -1 ? bytes.length : split).toString('latin1');
  const values = (key: string): readonly string[] =>
    head.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const committer = / (\d+) [+-]\d+$/.exec(values('committer')[0] ?? '');
  return {
    id,
    tree: ObjectId.parse(values('tree')[0]),
    parents: values('parent').map((parent) => ObjectId.parse(parent)),
    author: Buffer.from(values('author')[0] ?? '', 'latin1'),
    encoding: values('encoding')[0] ?? null,
    committedAt: Number(committer?.[1] ?? 0),
    message: split === -1 ? Buffer.alloc(0) : bytes.subarray(split + 2),
  };
}

export interface NewCommit {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  /** The whole line after `author `; the committer when left out. */
  readonly author?: Buffer;
  readonly encoding?: string | null;
  readonly committer: Signature;
  /** Seconds since 1970. */
  readonly committedAt: number;
  readonly message: Buffer;
}

/** Writes a commit object; no ref moves. The same commit gives the same id. */
export async function writeRawCommit(mirror: Mirror, commit: NewCommit): Promise<ObjectId> {
  const committer = signatureLine(mirror, commit.committer, instantOf(commit.committedAt * 1000));
  const lines = [
    `tree ${commit.tree}\n`,
    ...commit.parents.map((parent) => `parent ${parent}\n`),
    'author ',
    commit.author ?? committer,
    `\ncommitter ${committer}\n`,
    ...(typeof commit.encoding === 'string' ? [`encoding ${commit.encoding}\n`] : []),
    '\n',
    commit.message,
  ];
  const input = Buffer.concat(lines.map((line) => (typeof line === 'string' ? Buffer.from(line, 'utf8') : line)));
  const { stdout } = await inMirror(mirror, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input });
  return ObjectId.parse(stdout.toString('latin1').trim());
}
