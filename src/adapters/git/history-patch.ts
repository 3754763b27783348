import { createHash, type Hash } from 'node:crypto';
import type { CommitPatch, FilePatch } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';

/** How `diff-tree` must be called for `readPatches`: one parent, no renames, so that the same change is always the same text. */
export const PATCH_ARGS: readonly string[] = [
  'diff-tree',
  '--stdin',
  '-r',
  '-p',
  '--root',
  '--full-index',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--unified=3',
  '--diff-merges=first-parent',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/** Lines of one commit that are kept for comparing; a commit of more is compared by these. */
const MOST_LINES = 20_000;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SPACE = 0x20;
const BACKSLASH = 0x5c;

interface OpenFile {
  readonly path: string;
  readonly whole: Hash;
  readonly removed: Hash;
  readonly added: Hash;
  readonly lines: number[];
  /** Ids of the contents before and after. */
  readonly ids: readonly [string, string];
}

/** Digests the output of `git diff-tree -p --stdin` as it comes: bytes in, one patch for each commit out. */
export async function* readPatches(chunks: AsyncIterable<Buffer>): AsyncGenerator<CommitPatch> {
  const digester = patchDigester();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const done = digester.line(bytes, from, end);
      if (done !== null) yield done;
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) digester.line(rest, 0, rest.length);
  const last = digester.end();
  if (last !== null) yield last;
}

interface Digester {
  /** Takes a line; answers with the commit that it ends, if it begins another one. */
  readonly line: (bytes: Buffer, from: number, end: number) => CommitPatch | null;
  readonly end: () => CommitPatch | null;
}

function patchDigester(): Digester {
  let id: ObjectId | null = null;
  let files: FilePatch[] = [];
  let file: OpenFile | null = null;
  let inHunk = false;
  let kept = 0;

  function closeFile(): void {
    if (file !== null) files.push(closedFile(file));
    file = null;
    inHunk = false;
  }
  function end(): CommitPatch | null {
    closeFile();
    const done = id === null ? null : { id, files };
    files = [];
    kept = 0;
    return done;
  }
  function content(first: number | undefined, bare: Buffer): void {
    if (file === null) return;
    file.whole.update(first === PLUS ? '+' : first === MINUS ? '-' : ' ').update(bare);
    if (first === SPACE) return;
    (first === PLUS ? file.added : file.removed).update(bare).update('\n');
    if (kept >= MOST_LINES || !saysSomething(bare)) return;
    kept += 1;
    file.lines.push(((digest32(bare) << 1) | (first === PLUS ? 1 : 0)) >>> 0);
  }
  function header(text: string): void {
    if (text.startsWith('diff --git ')) {
      closeFile();
      file = openFile(pathOfBoth(text));
    } else if (text.startsWith('@@')) inHunk = true;
    else if (file !== null) file = withHeader(file, text);
  }
  return {
    line(bytes, from, to) {
      const first = bytes[from];
      if (inHunk && isHunkLine(first)) {
        // "\ No newline at end of file" is about white space.
        if (first !== BACKSLASH) content(first, withoutSpace(bytes, from + 1, to));
        return null;
      }
      const text = bytes.toString('utf8', from, to);
      if (!/^[0-9a-f]{40}$/.test(text)) {
        header(text);
        return null;
      }
      const done = end();
      id = ObjectId.parse(text);
      return done;
    },
    end,
  };
}

function openFile(path: string): OpenFile {
  const hashes = { whole: createHash('sha1'), removed: createHash('sha1'), added: createHash('sha1') };
  return { path, ...hashes, lines: [], ids: ['', ''] };
}

function closedFile({ path, whole, removed, added, lines }: OpenFile): FilePatch {
  return {
    path,
    signature: whole.digest('base64url'),
    removed: removed.digest('base64url'),
    added: added.digest('base64url'),
    lines: lines.toSorted((one, other) => one - other),
  };
}

function isHunkLine(first: number | undefined): boolean {
  return first === SPACE || first === PLUS || first === MINUS || first === BACKSLASH;
}

/** Takes what stands above a file's hunks: its name, its mode, and for one without lines to show the ids of its contents. */
function withHeader(file: OpenFile, text: string): OpenFile {
  if (text.startsWith('--- a/') || text.startsWith('+++ b/')) return { ...file, path: withoutTab(text.slice(6)) };
  if (text.startsWith('--- "a/') || text.startsWith('+++ "b/'))
    return { ...file, path: unquoted(withoutTab(text).slice(7, -1)) };
  const ids = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/.exec(text);
  if (ids !== null) return { ...file, ids: [ids[1] ?? '', ids[2] ?? ''] };
  if (text.startsWith('Binary files ')) {
    file.whole.update(file.ids.join(' '));
    file.removed.update(file.ids[0]);
    file.added.update(file.ids[1]);
  }
  const mode = /^(old|new|new file|deleted file) mode (\d+)/.exec(text);
  if (mode === null) return file;
  const [, when = '', bits = ''] = mode;
  const said = when.endsWith('file') ? `file ${bits}` : bits;
  file.whole.update(`${when} ${bits}`);
  (when.startsWith('new') ? file.added : file.removed).update(said);
  return file;
}

/** `diff --git a/x b/x`: the two names are one, since renames are not looked for. Names that git quotes stay as git writes them. */
function pathOfBoth(text: string): string {
  const names = text.slice('diff --git '.length);
  return names.startsWith('a/') ? names.slice(2, Math.floor((names.length - 1) / 2)) : names;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** A name as git quotes it when it holds control characters, quotes or backslashes. */
function unquoted(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|.)/g, (_all, escape: string) =>
    escape.length === 3 ? String.fromCodePoint(Number.parseInt(escape, 8)) : (ESCAPES[escape] ?? escape),
  );
}

function withoutTab(path: string): string {
  return path.endsWith('\t') ? path.slice(0, -1) : path;
}

const scratch = { bytes: Buffer.alloc(64 * 1024) };

/** A line without white space, line ends among it; valid until the next call. */
function withoutSpace(bytes: Buffer, from: number, end: number): Buffer {
  if (end - from > scratch.bytes.length) scratch.bytes = Buffer.alloc((end - from) * 2);
  const target = scratch.bytes;
  let length = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE || (byte >= 0x09 && byte <= 0x0d)) continue;
    target[length] = byte;
    length += 1;
  }
  return target.subarray(0, length);
}

/** Whether a line is more than punctuation: at least three letters, digits or bytes beyond ASCII. */
function saysSomething(bare: Buffer): boolean {
  let words = 0;
  for (let at = 0; at < bare.length; at += 1) {
    const byte = bare[at] ?? 0;
    const isWord =
      (byte >= 0x30 && byte <= 0x39) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x61 && byte <= 0x7a) ||
      byte >= 0x80;
    if (isWord) words += 1;
    if (words === 3) return true;
  }
  return false;
}

/** FNV-1a; only counts of equal lines rest on it, never an exact match. */
function digest32(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
}
