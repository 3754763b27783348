import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, readlink } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, relative } from 'node:path';
import { ObjectId } from '../domain/git-names.ts';

/** A file of a made commit: its text, its bytes, a symbolic link, or null to delete it. */
export type MadeFile = string | Buffer | { readonly link: string } | { readonly run: string } | null;

export interface MadeCommit {
  /** `main` when left out. A branch that is new begins at the last commit of `main`. */
  readonly branch?: string;
  readonly message?: string;
  readonly files: Readonly<Record<string, MadeFile>>;
}

export interface MadeRepo {
  /** The bare repository's folder: the remote, for git over the file system. */
  readonly dir: string;
  /** The commits made, in order. */
  readonly commits: readonly ObjectId[];
}

/** Real git for tests, free of the machine's configuration; throws with what git said. */
export function testGit(dir: string, args: readonly string[], input?: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: dir,
        GIT_DIR: dir,
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: devNull,
        GIT_OPTIONAL_LOCKS: '0',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`git ${args.join(' ')} ended with ${code}: ${Buffer.concat(err).toString('utf8')}`));
    });
    child.stdin.end(input);
  });
}

/** Makes a bare repository with the given commits, one minute after the other from 2025-01-01; the same commits give the same ids. */
export async function makeRepo(options: {
  readonly dir: string;
  readonly commits: readonly MadeCommit[];
}): Promise<MadeRepo> {
  await mkdir(options.dir, { recursive: true });
  await testGit(options.dir, ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', options.dir]);
  if (options.commits.length === 0) return { dir: options.dir, commits: [] };
  const commits = await addCommits(options.dir, options.commits);
  return { dir: options.dir, commits };
}

/** Adds commits to a made repository, as somebody's push would; on top of what each branch has. */
export async function addCommits(dir: string, commits: readonly MadeCommit[]): Promise<readonly ObjectId[]> {
  const pieces: Buffer[] = [];
  const line = (text: string): void => void pieces.push(Buffer.from(`${text}\n`, 'utf8'));
  const data = (bytes: Buffer): void => {
    line(`data ${bytes.length}`);
    pieces.push(bytes, Buffer.from('\n'));
  };
  const last = new Map(Object.entries(await refsOf(dir)).map(([ref, id]) => [ref, id]));
  const base = Number(last.size === 0 ? 0 : (await testGit(dir, ['rev-list', '--all', '--count'])).trim());
  commits.forEach(({ branch = 'main', message = `Change ${base + 1}`, files }, index) => {
    const who = `Ada Lovelace <ada@example.org> ${1_735_689_600 + (base + index) * 60} +0000`;
    const ref = `refs/heads/${branch}`;
    line(`commit ${ref}`);
    line(`mark :${index + 1}`);
    line(`author ${who}`);
    line(`committer ${who}`);
    data(Buffer.from(message, 'utf8'));
    const parent = last.get(ref) ?? last.get('refs/heads/main');
    if (parent !== undefined) line(`from ${parent}`);
    for (const [path, file] of Object.entries(files)) writeFileLine(path, file, line, data);
    last.set(ref, `:${index + 1}`);
  });
  commits.forEach((_commit, index) => line(`get-mark :${index + 1}`));
  const printed = await testGit(dir, ['fast-import', '--quiet'], Buffer.concat(pieces));
  return printed
    .trim()
    .split('\n')
    .map((id) => ObjectId.parse(id));
}

function writeFileLine(
  path: string,
  file: MadeFile,
  line: (text: string) => void,
  data: (bytes: Buffer) => void,
): void {
  const name = `"${[...Buffer.from(path, 'utf8')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  if (file === null) return line(`D ${name}`);
  const [mode, content] =
    typeof file === 'string' || Buffer.isBuffer(file)
      ? ['100644', file]
      : 'link' in file
        ? ['120000', file.link]
        : ['100755', file.run];
  line(`M ${mode} inline ${name}`);
  data(typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
}

/** All refs of a repository and what they point to. */
export async function refsOf(dir: string): Promise<Readonly<Record<string, string>>> {
  const text = await testGit(dir, ['for-each-ref', '--format=%(refname) %(objectname)']);
  const lines = text.split('\n').filter((entry) => entry !== '');
  return Object.fromEntries(
    lines.map((entry) => [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)]),
  );
}

/** Every file of a commit as `mode blob`, by path. */
export async function treeOf(dir: string, commit: string): Promise<Readonly<Record<string, string>>> {
  const text = await testGit(dir, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const lines = text.split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(
    lines.map((entry) => {
      const [mode = '', , blob = ''] = entry.slice(0, entry.indexOf('\t')).split(' ');
      return [entry.slice(entry.indexOf('\t') + 1), `${mode} ${blob}`];
    }),
  );
}

/** A digest over the names, kinds and bytes of everything below a folder: equal before and after means that nothing was touched. */
export async function fingerprintOf(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const digest = createHash('sha256');
  const named = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of named.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    digest.update(
      `${relative(dir, path)}\0${entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file'}\0`,
    );
    if (entry.isSymbolicLink()) digest.update(await readlink(path));
    else if (entry.isFile())
      digest.update(
        createHash('sha256')
          .update(await readFile(path))
          .digest(),
      );
  }
  return digest.digest('hex');
}
